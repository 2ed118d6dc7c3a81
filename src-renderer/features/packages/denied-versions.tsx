import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import card from '../../ui/card.module.css';
import { exactTime } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import text from '../../ui/text.module.css';

const words = texts.decisions.denied;
type Denied = PackageExplanation['denied'][number];

/** Versions of a package that policies keep from somebody, and why: what is hidden is never silent. */
export function DeniedVersions({ denied }: Pick<PackageExplanation, 'denied'>) {
  const { teams, environments } = useDirectory();
  if (denied.length === 0) return null;
  const nameIn = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
    list.find((entry) => entry.id === id)?.name ?? id;
  const whereOf = ({ teamId, environmentId }: Denied): string =>
    texts.decisions.placed(nameIn(teams, teamId), nameIn(environments, environmentId));
  const effectOf = ({ isHidden }: Denied): string => (isHidden ? words.hidden : words.refused);
  const columns: readonly Column<Denied>[] = [
    {
      id: 'version',
      title: words.version,
      priority: 0,
      width: 6,
      value: ({ version }) => version,
      cell: (_row, opener) => opener,
    },
    { id: 'effect', title: words.effect, priority: 2, width: 8, value: effectOf, cell: effectOf },
    { id: 'where', title: words.where, priority: 3, width: 9, grow: 1, value: whereOf, cell: whereOf },
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
        rows={{ total: denied.length, at: (index) => denied[index] }}
        rowId={({ version, teamId, environmentId }) => `${version} ${teamId} ${environmentId}`}
        rowName={({ version }) => version}
      />
    </section>
  );
}
