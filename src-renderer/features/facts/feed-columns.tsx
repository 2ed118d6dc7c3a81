import type { FeedView } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { formatCount } from '../../ui/format.ts';
import { When } from '../../ui/relative-time.tsx';
import badge from '../../ui/state-badge.module.css';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { cx } from '../../ui/cx.ts';
import { nameColumn } from '../lists/columns.tsx';

const words = texts.curation.facts;
type FeedState = keyof typeof words.states;
const tones: Readonly<Record<FeedState, string>> = {
  good: 'good',
  stale: 'soon',
  problem: 'bad',
  shrunk: 'soon',
  updating: 'new',
  never: 'soon',
};

/** The one word for how a feed is; what needs somebody comes first. */
export function feedState(feed: FeedView): FeedState {
  if (feed.isUpdating) return 'updating';
  if (feed.shrunk !== undefined) return 'shrunk';
  if (feed.problem !== undefined) return 'problem';
  if (feed.fetchedAtMs === undefined) return 'never';
  return feed.isStale ? 'stale' : 'good';
}

const sourceOf = ({ source, path }: FeedView): string =>
  source.type === 'url' ? source.url : (path ?? source.label);

export const feedColumns: readonly Column<FeedView>[] = [
  nameColumn({ title: words.name, width: 9, grow: 0.6 }),
  {
    id: 'state',
    title: words.state,
    priority: 1,
    width: 7.5,
    grow: 0.2,
    sort: 'ascending',
    value: (feed) => words.states[feedState(feed)],
    cell: (feed) => (
      <span className={badge.state} data-tone={tones[feedState(feed)]}>
        {words.states[feedState(feed)]}
      </span>
    ),
  },
  {
    id: 'age',
    title: words.age,
    priority: 2,
    width: 8,
    grow: 0.3,
    sort: 'descending',
    value: ({ fetchedAtMs }) => fetchedAtMs ?? null,
    cell: ({ fetchedAtMs }) => (fetchedAtMs === undefined ? words.never : <When atMs={fetchedAtMs} />),
  },
  {
    id: 'records',
    title: words.records,
    priority: 3,
    width: 6,
    grow: 0.2,
    isNumber: true,
    sort: 'descending',
    value: ({ records }) => records,
    cell: ({ records }) => formatCount(records),
  },
  {
    id: 'kind',
    title: words.kind,
    priority: 4,
    width: 10,
    grow: 0.5,
    sort: 'ascending',
    value: ({ kind }) => words.kinds[kind],
    cell: ({ kind }) => words.kinds[kind],
  },
  {
    id: 'source',
    title: words.source,
    priority: 5,
    width: 14,
    grow: 3,
    value: sourceOf,
    cell: (feed) => <span className={cx(text.mono, text.wrap)}>{sourceOf(feed)}</span>,
  },
];
