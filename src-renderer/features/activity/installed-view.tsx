import { NativeSelect } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { environmentId, teamId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { ActivityQuestion } from '../../state/activity-question.ts';
import { useDirectory } from '../../state/directory.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import styles from './activity.module.css';
import { InstalledCard } from './installed-card.tsx';
import { PeriodField } from './period-field.tsx';

const words = texts.activity;

/** What an environment or a team installed in a period. The first environment is shown until another is chosen. */
export function InstalledView(props: {
  readonly question: ActivityQuestion;
  readonly onChange: (part: Partial<ActivityQuestion>) => void;
}) {
  const { question, onChange } = props;
  const { teams, environments, loaded, problems, load } = useDirectory();
  const problem = problems.environments ?? problems.teams;
  if (problem !== undefined)
    return (
      <ErrorAlert error={problem} onRetry={() => void Promise.all([load('environments'), load('teams')])} />
    );
  if (loaded.environments !== true || loaded.teams !== true)
    return (
      <div className={card.card}>
        <SkeletonRows />
      </div>
    );
  const team = teamId.safeParse(question.team);
  const environment = environmentId.safeParse(question.environment || environments[0]?.id);
  const isTeam = team.success && teams.some(({ id }) => id === team.data);
  const tools = (
    <>
      <NativeSelect
        size="xs"
        label={words.installed.where}
        value={isTeam ? `team ${question.team}` : `environment ${environment.data ?? ''}`}
        onChange={(event) => {
          const [kind, id = ''] = event.currentTarget.value.split(' ');
          onChange(kind === 'team' ? { team: id, environment: '' } : { team: '', environment: id });
        }}
        data={[
          {
            group: words.installed.ofEnvironment,
            items: environments.map(({ id, name }) => ({ value: `environment ${id}`, label: name })),
          },
          {
            group: words.installed.ofTeam,
            items: teams.map(({ id, name }) => ({ value: `team ${id}`, label: name })),
          },
        ]}
      />
      <PeriodField value={question.period} onChange={(period) => onChange({ period })} />
    </>
  );
  if (isTeam)
    return (
      <InstalledCard
        where={{ teamId: team.data }}
        period={question.period}
        name="installed-by-team"
        tools={tools}
      />
    );
  if (environment.success)
    return (
      <InstalledCard
        where={{ environmentId: environment.data }}
        period={question.period}
        name="installed-in-environment"
        tools={tools}
      />
    );
  return (
    <div className={card.card}>
      <div className={styles.tools}>{tools}</div>
      <EmptyState
        icon={<IconPackage size={24} />}
        title={words.installed.choose}
        text={words.installed.chooseText}
      />
    </div>
  );
}
