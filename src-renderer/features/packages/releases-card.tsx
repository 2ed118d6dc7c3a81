import type { PackageReleases } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { exactTime } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import text from '../../ui/text.module.css';

const words = texts.decisions.releases;
type Release = PackageReleases['upcoming'][number];

const columns: readonly Column<Release>[] = [
  {
    id: 'package',
    title: words.package,
    priority: 0,
    width: 9,
    grow: 2,
    value: ({ name, version }) => `${name} ${version}`,
    cell: (_row, opener) => opener,
  },
  {
    id: 'channel',
    title: words.channel,
    priority: 3,
    width: 7,
    value: ({ channelName }) => channelName,
    cell: ({ channelName }) => channelName,
  },
  {
    id: 'reason',
    title: words.reason,
    priority: 2,
    width: 14,
    grow: 3,
    value: ({ says }) => says,
    cell: ({ says }) => says,
  },
  {
    id: 'when',
    title: words.when,
    priority: 1,
    width: 9,
    value: ({ atMs }) => atMs ?? Number.MAX_SAFE_INTEGER,
    cell: ({ atMs }) => (atMs === undefined ? words.withFacts : exactTime(atMs)),
  },
];

/** What policies release by themselves. Nothing is shown while no gateway runs: it knows. */
export function ReleasesCard() {
  const { value } = useAnswer('releases', () => api.packages.releases(), {
    causes: ['policies', 'curation'],
  });
  if (value === undefined) return null;
  const { upcoming, upcomingTotal, released } = value;
  return (
    <section className={card.card} aria-labelledby="releases">
      <header className={card.head}>
        <h2 id="releases">{words.title}</h2>
        <span className={text.quiet}>{words.lead}</span>
      </header>
      {upcoming.length === 0 ? (
        <p className={card.body}>{words.nothing}</p>
      ) : (
        <List label={words.upcoming} rows={upcoming} />
      )}
      {upcomingTotal > upcoming.length && (
        <p className={card.body}>{words.more(upcomingTotal - upcoming.length)}</p>
      )}
      {released.length > 0 && (
        <>
          <h3 className={card.body}>{words.released}</h3>
          <List label={words.released} rows={released} />
        </>
      )}
    </section>
  );
}

function List(props: { readonly label: string; readonly rows: readonly Release[] }) {
  const { label, rows } = props;
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={{ total: rows.length, at: (index) => rows[index] }}
      rowId={({ channelId, name, version, policyName }) => `${channelId} ${name} ${version} ${policyName}`}
      rowName={({ name, version }) => `${name} ${version}`}
    />
  );
}
