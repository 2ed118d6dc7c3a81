import { NativeSelect } from '@mantine/core';
import { channelId, environmentId, teamId } from '../../../shared/model/ids.ts';
import { parseLoggedFile } from '../../../shared/model/logged-file.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { ActivityQuestion } from '../../state/activity-question.ts';
import { useDirectory } from '../../state/directory.ts';
import { PeriodField } from './period-field.tsx';
import { RecordedGate } from './recorded-gate.tsx';
import { ChannelFilter, PackageFilter, PolicyFilter } from './request-filters.tsx';
import type { WhichRows } from './rows-card.tsx';
import { RowsCard } from './rows-card.tsx';

const words = texts.activity;
const kinds = ['download', 'cut', 'refusal'] as const;

/** Requests of everybody, of a team or of an environment; the gateway's screen has the last ones. */
export function RequestsView(props: {
  readonly question: ActivityQuestion;
  readonly onChange: (part: Partial<ActivityQuestion>) => void;
}) {
  const { question, onChange } = props;
  const { teams, environments } = useDirectory();
  const team = teamId.safeParse(question.team);
  const environment = environmentId.safeParse(question.environment);
  const channel = channelId.safeParse(question.channel);
  const file = parseLoggedFile(question.package);
  const kind = kinds.find((one) => one === question.kind);
  const which: WhichRows = {
    ...(team.success ? { teamId: team.data } : {}),
    ...(environment.success ? { environmentId: environment.data } : {}),
    ...(channel.success ? { channelId: channel.data } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(file === undefined ? {} : { file }),
    ...(question.policy === '' ? {} : { policyName: question.policy }),
  };
  const isNarrow = Object.keys(which).length > 0;
  const chosen = team.success
    ? `team ${question.team}`
    : environment.success
      ? `environment ${question.environment}`
      : '';
  return (
    <RecordedGate whose="everybody" title={words.requests.gate} text={words.requests.gateText}>
      <RowsCard
        title={words.requests.title}
        which={which}
        period={question.period}
        empty={
          isNarrow
            ? { title: words.requests.noneMatch, text: words.requests.noneMatchText }
            : { title: words.requests.none, text: words.requests.noneText }
        }
        tools={
          <>
            <NativeSelect
              size="xs"
              label={words.requests.of}
              value={chosen}
              onChange={(event) => {
                const [whose, id = ''] = event.currentTarget.value.split(' ');
                onChange({
                  team: whose === 'team' ? id : '',
                  environment: whose === 'environment' ? id : '',
                });
              }}
              data={[
                { value: '', label: words.requests.everybody },
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
            <NativeSelect
              size="xs"
              label={words.requests.outcome}
              value={kind ?? ''}
              onChange={(event) => onChange({ kind: event.currentTarget.value })}
              data={[
                { value: '', label: words.requests.everything },
                ...kinds.map((value) => ({ value, label: words.kinds[value] })),
              ]}
            />
            <ChannelFilter value={question.channel} onChange={(next) => onChange({ channel: next })} />
            <PackageFilter value={question.package} onChange={(next) => onChange({ package: next })} />
            <PolicyFilter value={question.policy} onChange={(policy) => onChange({ policy })} />
            <PeriodField value={question.period} onChange={(period) => onChange({ period })} />
          </>
        }
      />
    </RecordedGate>
  );
}
