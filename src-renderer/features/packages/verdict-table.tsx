import { useMemo } from 'react';
import { Button } from '@mantine/core';
import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, routeHash, useRoute } from '../../state/route.ts';
import card from '../../ui/card.module.css';
import type { Column } from '../../ui/table/column.ts';
import { cx } from '../../ui/cx.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import { useRowTabIndex } from '../../ui/table/row-tab-index.ts';
import { EffectBadge } from './effect-badge.tsx';
import { ExplanationDrawer } from './explanation-drawer.tsx';
import styles from './packages.module.css';
import type { VerdictRow } from './verdict-rows.ts';
import { verdictRows } from './verdict-rows.ts';

const words = texts.packagesScreen;

const columnsWith = (
  version: string,
  onVersion: (version: string) => void,
): readonly Column<VerdictRow>[] => [
  {
    id: 'where',
    title: words.where,
    priority: 0,
    width: 10,
    value: (row) => words.place(row.environmentName, row.teamName),
    cell: (_row, opener) => opener,
  },
  {
    id: 'verdict',
    title: words.verdict,
    priority: 1,
    width: 10.5,
    grow: 0.3,
    value: ({ effect }) => words.effects[effect],
    cell: ({ effect }) => <EffectBadge effect={effect} />,
  },
  {
    id: 'why',
    title: words.why,
    priority: 2,
    width: 16,
    grow: 3,
    value: ({ says }) => says.join(' '),
    cell: ({ says, effect, denied, files }) => (
      <span className={styles.lines}>
        {effect === 'partly' && <span>{words.filesDenied(denied, files.length)}</span>}
        {says.length === 0 ? words.allowedText : says.map((line) => <span key={line}>{line}</span>)}
      </span>
    ),
  },
  {
    id: 'nearest',
    title: words.nearest,
    priority: 3,
    width: 8,
    grow: 0.4,
    value: ({ nearest }) => nearest?.version ?? null,
    cell: ({ nearest }) =>
      nearest === undefined ? (
        '–'
      ) : nearest.version === undefined ? (
        words.noneAllowed
      ) : nearest.version === version ? (
        words.thisOne
      ) : (
        <VersionButton version={nearest.version} onClick={onVersion} />
      ),
  },
];

function VersionButton(props: { readonly version: string; readonly onClick: (version: string) => void }) {
  const tabIndex = useRowTabIndex();
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      className={cx(styles.version)}
      aria-label={words.showVersion(props.version)}
      tabIndex={tabIndex}
      onClick={() => props.onClick(props.version)}
    >
      {props.version}
    </Button>
  );
}

/** What policies say for each team and environment; a row opens to all reasons, file by file. */
export function VerdictTable(props: {
  readonly explanation: PackageExplanation;
  readonly onVersion: (version: string) => void;
}) {
  const { explanation, onVersion } = props;
  const { teams, environments } = useDirectory();
  const open = useRoute((route) => route.open);
  const query = useRoute((route) => route.query);
  const rows = useMemo(
    () => verdictRows(explanation, { teams, environments }),
    [explanation, teams, environments],
  );
  const columns = columnsWith(explanation.version, onVersion);
  const opened = rows.find((row) => rowKey(row, rows) === open);
  return (
    <section className={card.card} aria-labelledby="package-verdicts">
      <div className={card.head}>
        <h2 id="package-verdicts">{words.verdicts}</h2>
      </div>
      {rows.length === 0 ? (
        <p className={styles.note}>{words.noVerdicts}</p>
      ) : (
        <DataTable
          label={words.verdicts}
          columns={columns}
          rows={{ total: rows.length, at: (index) => rows[index] }}
          rowId={({ id }) => id}
          rowName={(row) => words.place(row.environmentName, row.teamName)}
          href={(row) => routeHash('packages', rowKey(row, rows), query)}
        />
      )}
      {opened !== undefined && (
        <ExplanationDrawer
          explanation={explanation}
          row={opened}
          onClose={() => navigate('packages', undefined, query)}
        />
      )}
    </section>
  );
}

/** What stands in the address: ids of two things are longer than one. */
const rowKey = (row: VerdictRow, rows: readonly VerdictRow[]): string => `where-${rows.indexOf(row) + 1}`;
