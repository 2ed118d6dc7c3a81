import type { ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { packageHash } from '../../state/package-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime } from '../../ui/format.ts';
import facts from '../../ui/facts.module.css';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import text from '../../ui/text.module.css';
import { severityOf, StatusMark } from './advisory-columns.tsx';
import styles from './advisories.module.css';

const words = texts.curation.advisories;

/** One advisory for one package: what is known, what it affects, what people found out. */
export function AdvisoryDrawer(props: {
  readonly row: AdvisoryRow | undefined;
  readonly onAssess: (row: AdvisoryRow) => void;
  readonly onClose: () => void;
}) {
  const { row } = props;
  return (
    <Overlay
      kind="drawer"
      closesBeside
      onClose={props.onClose}
      title={row?.id ?? words.id}
      foot={row !== undefined && <Button onClick={() => props.onAssess(row)}>{words.assess}</Button>}
    >
      {row === undefined ? <p>{words.gone}</p> : <Story row={row} />}
    </Overlay>
  );
}

function Story({ row }: { readonly row: AdvisoryRow }) {
  const others = row.ids.filter((id) => id !== row.id);
  const entries: readonly (readonly [string, ReactNode])[] = [
    [
      words.package,
      <a key="package" href={packageHash({ ecosystem: row.ecosystem, name: row.name })}>
        {row.name} ({texts.packagesScreen.ecosystems[row.ecosystem]})
      </a>,
    ],
    [words.affected, row.affected],
    [words.inUse, <InUse key="use" row={row} />],
    [words.score, severityOf(row)],
    ...(row.isExploited ? ([[words.exploited, texts.policyEditor.fields.exploitedHint]] as const) : []),
    ...(row.epss === undefined ? [] : ([[words.epss, `${(row.epss * 100).toFixed(1)} %`]] as const)),
    [words.fixedIn, row.fixedIn ?? '–'],
    [words.status, <StatusMark key="status" row={row} />],
    ...(row.publishedAtMs === undefined ? [] : ([[words.published, exactTime(row.publishedAtMs)]] as const)),
    ...(others.length === 0 ? [] : ([[words.aliases, others.join(', ')]] as const)),
  ];
  return (
    <Stack gap="lg">
      {row.summary !== '' && <p>{row.summary}</p>}
      <dl className={facts.facts}>
        {entries.map(([term, value]) => (
          <div key={term} className={facts.pair}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Assessments row={row} />
    </Stack>
  );
}

/** Which packages were asked for, under which name and in which versions. */
function InUse({ row }: { readonly row: AdvisoryRow }) {
  if (row.inUse === undefined) return words.notInUse;
  return (
    <>
      {row.inUse.packages.map(({ ecosystem, name, versions }) => (
        <div key={`${ecosystem} ${name}`}>
          {`${texts.packagesScreen.ecosystems[ecosystem]} ${name}: ${versions.length === 0 ? words.asked : versions.join(', ')}`}
        </div>
      ))}
      <div className={text.quiet}>{words.lastAsked(exactTime(row.inUse.lastAtMs))}</div>
    </>
  );
}

/** What people found out so far, newest first. */
function Assessments({ row }: { readonly row: AdvisoryRow }) {
  const { value, problem, retry } = useAnswer('assessments', () => api.curation.assessments(), {
    causes: ['curation'],
  });
  const ids = new Set([row.id, ...row.ids]);
  const its = (value ?? [])
    .filter(
      ({ advisoryId, ecosystem, name }) =>
        ids.has(advisoryId) && ecosystem === row.ecosystem && name === row.name,
    )
    // A list of its own: filtered.
    .sort((a, b) => b.atMs - a.atMs);
  return (
    <section aria-labelledby="assessments">
      <h3 id="assessments" className={text.label}>
        {words.assessed}
      </h3>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value !== undefined && its.length === 0 && <p className={text.quiet}>{words.notAssessed}</p>}
      {its.map((one) => (
        <div key={`${one.atMs} ${one.version ?? ''}`} className={styles.assessment}>
          <strong>
            {texts.policyEditor.statuses[one.status]}
            {one.version !== undefined && ` · ${one.version}`}
          </strong>
          <span>{one.reason}</span>
          {one.justification !== undefined && (
            <span>{texts.curation.assess.justifications[one.justification]}</span>
          )}
          {one.evidence !== '' && <span>{one.evidence}</span>}
          <span className={text.quiet}>{words.by(one.byName, exactTime(one.atMs))}</span>
        </div>
      ))}
    </section>
  );
}
