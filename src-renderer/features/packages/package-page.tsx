import { useState } from 'react';
import { Badge, Button, NativeSelect } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { environmentId, teamId } from '../../../shared/model/ids.ts';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import type { PackageQuestion } from '../../state/package-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { SkeletonRows } from '../../ui/page.tsx';
import text from '../../ui/text.module.css';
import { AdvisoryTable } from './advisory-table.tsx';
import { DeniedVersions } from './denied-versions.tsx';
import { FileTable } from './file-table.tsx';
import { LabelsDialog } from './labels-dialog.tsx';
import styles from './packages.module.css';
import { VerdictTable } from './verdict-table.tsx';
import { WhoHas } from './who-has.tsx';

const words = texts.packagesScreen;

type Props = {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly question: PackageQuestion;
  readonly onChange: (part: Partial<PackageQuestion>) => void;
};

/** One package: a version of it, what policies say to it and where, and what is known about it. */
export function PackagePage(props: Props) {
  const { ecosystem, name, question } = props;
  const team = teamId.safeParse(question.team);
  const environment = environmentId.safeParse(question.environment);
  const asked = {
    ecosystem,
    name,
    ...(question.version === undefined ? {} : { version: question.version }),
    ...(team.success ? { teamId: team.data } : {}),
    ...(environment.success ? { environmentId: environment.data } : {}),
  };
  const { value, isStale, problem, retry } = useAnswer(
    JSON.stringify(asked),
    () => api.packages.explain(asked),
    { causes: ['policies', 'curation', 'channels', 'teams', 'environments'] },
  );
  return (
    <div className={styles.page} aria-busy={isStale && problem === undefined}>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && (
        <div className={card.card}>
          <SkeletonRows />
        </div>
      )}
      {value !== undefined && <Explained {...props} explanation={value} />}
    </div>
  );
}

function Explained(props: Props & { readonly explanation: PackageExplanation }) {
  const { explanation, question, onChange } = props;
  const { teams, environments } = useDirectory();
  const [isLabelling, setLabelling] = useState(false);
  const { name, version, versions } = explanation;
  const select = (
    label: string,
    list: readonly { readonly id: string; readonly name: string }[],
    key: 'team' | 'environment',
  ) => (
    <NativeSelect
      label={label}
      data={[
        { value: '', label: words.all },
        ...list.map((entry) => ({ value: entry.id, label: entry.name })),
      ]}
      value={question[key] ?? ''}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <div className={styles.head}>
        <div>
          <h2>{words.explanation(name, version)}</h2>
          <p className={text.quiet}>{words.ecosystems[explanation.ecosystem]}</p>
        </div>
        <div className={styles.pickers}>
          <NativeSelect
            label={words.version}
            data={versions.length === 0 ? [version] : [...versions]}
            value={version}
            onChange={(event) => onChange({ version: event.currentTarget.value })}
          />
          {select(words.environment, environments, 'environment')}
          {select(words.team, teams, 'team')}
        </div>
      </div>
      <VerdictTable explanation={explanation} onVersion={(next) => onChange({ version: next })} />
      <DeniedVersions denied={explanation.denied} />
      <section className={card.card} aria-labelledby="package-labels">
        <div className={card.head}>
          <h2 id="package-labels">{words.labels}</h2>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTag size={15} aria-hidden="true" />}
            onClick={() => setLabelling(true)}
          >
            {words.editLabels}
          </Button>
        </div>
        <div className={card.body}>
          {explanation.labels.length === 0 ? (
            <p className={text.quiet}>{words.noLabels}</p>
          ) : (
            <div className={styles.badges}>
              {explanation.labels.map((label) => (
                <Badge key={label} tt="none">
                  {label}
                </Badge>
              ))}
            </div>
          )}
        </div>
      </section>
      <AdvisoryTable advisories={explanation.advisories} />
      <FileTable channels={explanation.channels} />
      <WhoHas ecosystem={explanation.ecosystem} name={name} version={version} />
      {isLabelling && <LabelsDialog explanation={explanation} onClose={() => setLabelling(false)} />}
    </>
  );
}
