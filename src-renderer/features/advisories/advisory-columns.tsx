import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import badge from '../../ui/state-badge.module.css';
import type { Column } from '../../ui/table/column.ts';
import { exactTime } from '../../ui/format.ts';
import text from '../../ui/text.module.css';

const words = texts.curation.advisories;

/** What tells a row from all others: one advisory may affect several packages. */
export const advisoryKey = ({
  id,
  ecosystem,
  name,
}: Pick<AdvisoryRow, 'id' | 'ecosystem' | 'name'>): string => `${id} ${ecosystem} ${name}`;

/** How bad it is, in a word or a number. */
export const severityOf = ({ isMalware, score }: AdvisoryRow): string =>
  isMalware ? words.malware : score === undefined ? words.noScore : score.toFixed(1);

export const statusOf = ({ status }: AdvisoryRow): string =>
  status === undefined ? words.open : texts.policyEditor.statuses[status];

const toneOf = ({ status }: AdvisoryRow): string => {
  if (status === undefined || status === 'reported') return 'soon';
  return status === 'active' ? 'bad' : 'good';
};

/** What people found out about it, or that nobody looked yet. */
export function StatusMark({ row }: { readonly row: AdvisoryRow }) {
  return (
    <span className={badge.state} data-tone={toneOf(row)}>
      {statusOf(row)}
    </span>
  );
}

/** What of it was asked for: versions, else the package's page; undefined: nothing that is remembered. */
export function askedText({ inUse }: AdvisoryRow): string | undefined {
  if (inUse === undefined) return undefined;
  const versions = [...new Set(inUse.packages.flatMap((one) => one.versions))];
  return versions.length === 0 ? words.asked : versions.slice(0, mostVersions).join(', ');
}
const mostVersions = 3;

export const advisoryColumns: readonly Column<AdvisoryRow>[] = [
  {
    id: 'id',
    title: words.id,
    priority: 0,
    width: 11,
    grow: 0.4,
    sort: 'ascending',
    value: ({ id }) => id,
    cell: (_row, opener) => opener,
  },
  {
    id: 'package',
    title: words.package,
    priority: 1,
    width: 9,
    grow: 0.6,
    sort: 'ascending',
    value: ({ name }) => name,
    cell: ({ name, ecosystem }) => (
      <div className={text.twoLines}>
        <span>{name}</span>
        <span>{texts.packagesScreen.ecosystems[ecosystem]}</span>
      </div>
    ),
  },
  {
    id: 'score',
    title: words.score,
    priority: 2,
    width: 6.5,
    grow: 0.1,
    sort: 'descending',
    value: ({ score, isMalware }) => (isMalware ? 11 : (score ?? null)),
    cell: (row) => (
      <div className={text.twoLines}>
        <span>{severityOf(row)}</span>
        <span>{row.isExploited ? words.exploited : ''}</span>
      </div>
    ),
  },
  {
    id: 'status',
    title: words.status,
    priority: 3,
    width: 7,
    grow: 0.1,
    sort: 'ascending',
    value: statusOf,
    cell: (row) => <StatusMark row={row} />,
  },
  {
    id: 'in-use',
    title: words.inUse,
    priority: 4,
    width: 7,
    grow: 0.2,
    sort: 'descending',
    value: ({ inUse }) => inUse?.lastAtMs ?? null,
    cell: (row) => askedText(row) ?? '–',
  },
  {
    id: 'affected',
    title: words.affected,
    priority: 5,
    width: 10,
    value: ({ affected }) => affected,
    cell: ({ affected }) => <span className={text.small}>{affected}</span>,
  },
  {
    id: 'summary',
    title: words.summary,
    priority: 6,
    width: 14,
    grow: 3,
    value: ({ summary }) => summary,
    cell: ({ summary }) => <span className={text.small}>{summary || '–'}</span>,
  },
  {
    id: 'fixed-in',
    title: words.fixedIn,
    priority: 7,
    width: 6,
    grow: 0.2,
    value: ({ fixedIn }) => fixedIn ?? null,
    cell: ({ fixedIn }) => fixedIn ?? '–',
  },
  {
    id: 'published',
    title: words.published,
    priority: 8,
    width: 10,
    isExtra: true,
    sort: 'descending',
    value: ({ publishedAtMs }) => publishedAtMs ?? null,
    cell: ({ publishedAtMs }) => (publishedAtMs === undefined ? '–' : exactTime(publishedAtMs)),
  },
];
