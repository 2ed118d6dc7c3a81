import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import card from '../../ui/card.module.css';
import { exactTime } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import text from '../../ui/text.module.css';
import type { DeniedRow } from './denied-rows.ts';
import { deniedRows } from './denied-rows.ts';
import styles from './packages.module.css';

const words = texts.decisions.denied;

/** Versions of a package that policies keep from somebody, and why: what is hidden is never silent. */
export function DeniedVersions({ denied }: Pick<PackageExplanation, 'denied'>) {
  const { teams, environments } = useDirectory();
  if (denied.length === 0) return null;
  const rows = deniedRows(denied, { teams, environments });
  const placesOf = ({ where }: DeniedRow): readonly string[] =>
    where.map(({ environmentName, teamNames }) => words.placed(environmentName, teamNames));
  const effectOf = ({ isHidden }: DeniedRow): string => (isHidden ? words.hidden : words.refused);
  const columns: readonly Column<DeniedRow>[] = [
    {
      id: 'version',
      title: words.version,
      priority: 0,
      width: 6,
      value: ({ version }) => version,
      cell: (_row, opener) => opener,
    },
    { id: 'effect', title: words.effect, priority: 2, width: 8, value: effectOf, cell: effectOf },
    {
      id: 'where',
      title: words.where,
      priority: 3,
      width: 9,
      grow: 1,
      value: (row) => placesOf(row).join(' '),
      cell: (row) => (
        <span className={styles.lines}>
          {placesOf(row).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </span>
      ),
    },
    {
      id: 'reason',
      title: words.reason,
      priority: 1,
      width: 14,
      grow: 3,
      value: ({ says }) => says,
      cell: ({ says }) => says,
    },
    {
      id: 'changes',
      title: words.changes,
      priority: 4,
      width: 9,
      value: ({ changesAtMs }) => changesAtMs ?? 0,
      cell: ({ changesAtMs }) => (changesAtMs === undefined ? '–' : exactTime(changesAtMs)),
    },
  ];
  return (
    <section className={card.card} aria-labelledby="denied-versions">
      <header className={card.head}>
        <h2 id="denied-versions">{words.title}</h2>
        <span className={text.quiet}>{words.lead}</span>
      </header>
      <DataTable
        label={words.title}
        columns={columns}
        rows={{ total: rows.length, at: (index) => rows[index] }}
        rowId={({ id }) => id}
        rowName={({ version }) => version}
      />
    </section>
  );
}
