import type { LogRowView } from '../../../shared/contract/log-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { packageHash } from '../../state/package-question.ts';
import { routeHash } from '../../state/route.ts';
import { cx } from '../../ui/cx.ts';
import { formatBytes, momentTime } from '../../ui/format.ts';
import badge from '../../ui/state-badge.module.css';
import type { Column } from '../../ui/table/column.ts';
import { RowLink } from '../../ui/table/row-link.tsx';
import text from '../../ui/text.module.css';

const words = texts.activity;
const tones = { download: 'good', cut: 'soon', refusal: 'bad' } as const;

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');
const what = ({ kind, status }: LogRowView): string => `${words.kinds[kind]} ${status}`;
const why = ({ cause, policyName }: LogRowView): string =>
  joined(cause === undefined || cause === '' ? '' : texts.causes.of(cause), policyName);
const job = ({ ciProject, ciJob }: LogRowView): string => joined(ciProject, ciJob);
const place = ({ team, environment }: LogRowView): string => joined(team, environment);
const wide = (value: string | undefined) => <span className={text.wrap}>{value ?? words.sealed}</span>;

const columns: readonly Column<LogRowView>[] = [
  {
    id: 'time',
    title: words.time,
    priority: 0,
    width: 12,
    grow: 0.2,
    value: ({ atMs }) => new Date(atMs).toISOString(),
    cell: (_row, opener) => opener,
  },
  {
    id: 'what',
    title: words.what,
    priority: 1,
    width: 10.5,
    grow: 0.2,
    value: what,
    cell: (row) => (
      <span className={badge.state} data-tone={tones[row.kind]}>
        {what(row)}
      </span>
    ),
  },
  {
    id: 'file',
    title: words.package,
    priority: 2,
    width: 12,
    grow: 2,
    value: ({ file }) => file?.filename ?? null,
    cell: ({ file }) => (file === undefined ? words.noPackage : <FileCell file={file} />),
  },
  {
    id: 'reason',
    title: words.reason,
    priority: 3,
    width: 10,
    grow: 1.5,
    value: (row) => why(row) || null,
    cell: (row) => wide(why(row) || undefined),
  },
  {
    id: 'channel',
    title: words.channel,
    priority: 5,
    width: 7,
    value: ({ channel }) => channel ?? null,
    cell: ({ channel }) => wide(channel),
  },
  {
    id: 'client',
    title: words.client,
    priority: 4,
    width: 8,
    value: ({ client }) => client || null,
    cell: ({ client }) => wide(client || undefined),
  },
  {
    id: 'ci',
    title: words.ciJob,
    priority: 6,
    width: 8,
    value: (row) => job(row) || null,
    cell: (row) => wide(job(row) || undefined),
  },
  {
    id: 'size',
    title: words.size,
    priority: 7,
    width: 6,
    grow: 0.2,
    isNumber: true,
    value: ({ bytes }) => bytes,
    cell: ({ bytes, cache }) => (
      <span title={cache === undefined ? undefined : words.cache[cache] || undefined}>
        {formatBytes(bytes)}
      </span>
    ),
  },
  {
    id: 'decision-id',
    title: words.decisionId,
    priority: 8,
    width: 7,
    value: ({ decisionId }) => decisionId ?? null,
    cell: ({ decisionId }) => <span className={text.mono}>{decisionId ?? words.sealed}</span>,
  },
];

/** Of rows of several tokens. */
const whoColumns: readonly Column<LogRowView>[] = [
  {
    id: 'holder',
    title: words.holder,
    priority: 2,
    width: 9,
    value: ({ holder }) => holder ?? null,
    cell: ({ tokenId, holder }) =>
      tokenId === '' ? (
        words.requests.nobody
      ) : (
        <span className={text.twoLines}>
          <RowLink href={routeHash('activity', tokenId)}>{holder ?? words.whoHas.unknown}</RowLink>
          <span className={text.mono}>lk-{tokenId}</span>
        </span>
      ),
  },
  {
    id: 'place',
    title: words.environment,
    priority: 5,
    width: 8,
    value: (row) => place(row) || null,
    cell: (row) => wide(place(row) || undefined),
  },
];

const personColumns: readonly Column<LogRowView>[] = [
  {
    id: 'address',
    title: words.address,
    priority: 3,
    width: 8,
    value: ({ address }) => address ?? null,
    cell: ({ address }) => <span className={cx(text.mono, text.wrap)}>{address ?? words.sealed}</span>,
  },
  {
    id: 'ci-user',
    title: words.ciUser,
    priority: 4,
    width: 7,
    value: ({ ciUser }) => ciUser ?? null,
    cell: ({ ciUser }) => wide(ciUser),
  },
];

/** Columns of rows: of one token or of several; address and user of CI once they are opened. */
export const rowColumns = (shown: {
  readonly withWho: boolean;
  readonly isOpen: boolean;
}): readonly Column<LogRowView>[] => [
  ...columns.slice(0, 3),
  ...(shown.withWho ? whoColumns : []),
  ...(shown.isOpen ? personColumns : []),
  ...columns.slice(3),
];

export const rowTime = ({ atMs }: LogRowView): string => momentTime(atMs);
export const rowKey = ({ atMs, kind, tokenId, file, client, decisionId }: LogRowView): string =>
  [atMs, kind, tokenId, file?.filename, client, decisionId].join(' ');

/** A file: its package, which leads to what is known of it, and its name. */
export function FileCell({ file }: { readonly file: NonNullable<LogRowView['file']> }) {
  const { ecosystem, name, version, filename } = file;
  return (
    <span className={text.twoLines}>
      {name === '' || ecosystem === '' ? (
        <span>{filename}</span>
      ) : (
        <RowLink href={packageHash({ ecosystem, name, ...(version === '' ? {} : { version }) })}>
          {[name, version].join(' ').trim()}
        </RowLink>
      )}
      {name !== '' && <span>{filename}</span>}
    </span>
  );
}
