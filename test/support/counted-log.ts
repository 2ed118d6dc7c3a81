/**
 * What the request log is asked, counted the plain way over all rows, in memory and on one page: what every store must
 * say. Shares no code with the stores.
 */
import type {
  ClientUse,
  FileQuery,
  Holding,
  IndexUse,
  InstalledFile,
  LoggedFile,
  Period,
  RefusalCount,
  RowStore,
  StoredRow,
  Subject,
  TokenUse,
} from '../../src-main/request-log/store/row-store.ts';
import type { SegmentBatch } from '../../src-main/request-log/store/segment-source.ts';

type Written = { readonly segment: string; readonly batches: readonly SegmentBatch[] };
type Asked = Omit<RowStore, 'index' | 'sizes' | 'prune' | 'close'>;

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const isOfOurTime = (atMs: number) => atMs >= Date.UTC(2020, 0) && atMs < Date.UTC(2100, 0);
const down = (atMs: number, unit: number) => atMs - (atMs % unit);
const isEmpty = ({ fromMs = 0, toMs = Infinity }: Period) => toMs <= fromMs;
/** Whether a unit of time that begins then meets the period. */
const meets = (startMs: number, unit: number, { fromMs = 0, toMs = Infinity }: Period) =>
  toMs > fromMs && startMs < toMs && startMs + unit > fromMs;

const bytes = (text: string) => Buffer.from(text, 'utf8');
/** By the bytes of UTF-8; numbers the other way round. */
function inOrder<T>(items: readonly T[], place: (item: T) => readonly (string | number)[]): T[] {
  return items.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    for (const [index, one] of left.entries()) {
      const other = right[index]!;
      const sign =
        typeof one === 'number' ? Number(other) - one : Buffer.compare(bytes(one), bytes(String(other)));
      if (sign !== 0) return sign;
    }
    return 0;
  });
}

function fileOf(row: StoredRow): LoggedFile | undefined {
  const { ecosystem = '', name = '', version = '', filename = '', sha256 = '' } = row;
  const isNone = row.name === undefined && row.filename === undefined && row.sha256 === undefined;
  return isNone ? undefined : { ecosystem, name, version, filename, sha256 };
}
const subjectOf = ({ tokenId = '', environmentId = '', teamId = '' }: StoredRow): Subject => ({
  tokenId,
  environmentId,
  teamId,
});
const placeOfFile = ({ ecosystem, name, version, filename, sha256 }: LoggedFile) =>
  [ecosystem, name, version, filename, sha256] as const;
const withoutZeros = (version: string) => version.replace(/^(\d+(?:\.\d+)*?)(?:\.0)+(?!\.?\d)/, '$1');

function isMeant(file: LoggedFile | undefined, query: FileQuery): boolean {
  if (file === undefined) return false;
  if ('sha256' in query) return file.sha256 === query.sha256;
  if (file.ecosystem !== query.ecosystem || file.name !== query.name) return false;
  if (query.version === undefined || query.version === file.version) return true;
  return query.ecosystem === 'pypi' && withoutZeros(query.version) === withoutZeros(file.version);
}

/** Adds up what has the same name. */
function grouped<T>(found: readonly (readonly [key: unknown, value: T])[], add: (sum: T, next: T) => T): T[] {
  const groups = new Map<string, T>();
  for (const [key, value] of found) {
    const known = groups.get(JSON.stringify(key));
    groups.set(JSON.stringify(key), known === undefined ? value : add(known, value));
  }
  return [...groups.values()];
}
type Tally = {
  readonly count: number;
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
};
const addTally = <T extends Tally>(sum: T, next: T): T => ({
  ...sum,
  count: sum.count + next.count,
  bytes: sum.bytes + next.bytes,
  firstMs: Math.min(sum.firstMs, next.firstMs),
  lastMs: Math.max(sum.lastMs, next.lastMs),
});

/** @param log whatever was written until the question */
export function countedLog(log: () => readonly Written[]): Asked {
  const all = () => log().flatMap(({ segment, batches }) => batches.map((batch) => ({ segment, batch })));
  const rows = (): StoredRow[] =>
    log().flatMap(({ segment, batches }) =>
      batches
        .flatMap(({ batch, rows: some }) => some.map((row) => ({ ...row, batch })))
        .map(({ who, batch, ...row }, index) => ({ ...row, place: { segment, row: index, batch, who } }))
        .filter(({ atMs }) => isOfOurTime(atMs)),
    );
  const counts = () => all().flatMap(({ batch }) => batch.counts.filter((one) => isOfOurTime(one.hourMs)));
  const downloads = (period: Period) =>
    rows().flatMap((row) => {
      const file = row.kind === 'download' ? fileOf(row) : undefined;
      if (file === undefined || !meets(down(row.atMs, dayMs), dayMs, period)) return [];
      const { atMs, bytes: size } = row;
      return [{ file, subject: subjectOf(row), count: 1, bytes: size, firstMs: atMs, lastMs: atMs }];
    });
  const page = async <T>(items: readonly T[]) => ({ items });

  return {
    rows: ({ fromMs = 0, toMs = Infinity, file, ...same }) =>
      page(
        inOrder(
          rows().filter(
            (row) =>
              row.atMs >= fromMs &&
              row.atMs < toMs &&
              Object.entries(same).every(([key, value]) => row[key as keyof StoredRow] === value) &&
              (file === undefined || isMeant(fileOf(row), file)),
          ),
          ({ atMs, place }) => [atMs, place.segment, place.row],
        ),
      ),
    whoHas: (query, period = {}) =>
      page(
        inOrder(
          grouped<Holding>(
            downloads(period)
              .filter(({ file }) => isMeant(file, query))
              .map((one) => [[one.file, one.subject], one]),
            addTally,
          ),
          ({ lastMs, file, subject: { tokenId, environmentId, teamId } }) => [
            lastMs,
            ...placeOfFile(file),
            tokenId,
            environmentId,
            teamId,
          ],
        ),
      ),
    installed: (where, period = {}) =>
      page(
        inOrder(
          grouped<InstalledFile>(
            downloads(period)
              .filter(({ subject }) =>
                Object.entries(where).every(([key, id]) => subject[key as 'teamId'] === id),
              )
              .map(({ subject: _subject, ...one }) => [one.file, one]),
            addTally,
          ),
          ({ file }) => placeOfFile(file),
        ),
      ),
    refusals: ({ policyName: wanted, ...period } = {}) =>
      page(
        inOrder(
          grouped<RefusalCount>(
            rows()
              .filter(({ kind, atMs }) => kind === 'refusal' && meets(down(atMs, dayMs), dayMs, period))
              .filter(({ policyName = '' }) => wanted === undefined || wanted === policyName)
              .map((row): readonly [unknown, RefusalCount] => {
                const { atMs, policyName = '', cause = '' as const, environmentId = '' } = row;
                const of = { dayMs: down(atMs, dayMs), policyName, cause, environmentId };
                return [of, { ...of, count: 1, lastMs: atMs }];
              }),
            (sum, next) => ({ ...sum, count: sum.count + 1, lastMs: Math.max(sum.lastMs, next.lastMs) }),
          ),
          (one) => [one.dayMs, one.policyName, one.cause, one.environmentId],
        ),
      ),
    clients: ({ tokenId: wanted, fromMs = 0, toMs = Infinity }) =>
      page(
        inOrder(
          grouped<ClientUse>(
            rows()
              .filter(({ tokenId, atMs }) => tokenId === wanted && atMs >= fromMs && atMs < toMs)
              .map(({ client, ciProject = '', ciJob = '', kind, atMs }): readonly [unknown, ClientUse] => {
                const who = { client, ciProject, ciJob };
                const refused = Number(kind === 'refusal');
                return [who, { ...who, requests: 1, refused, firstMs: atMs, lastMs: atMs }];
              }),
            (sum, next) => ({
              ...sum,
              requests: sum.requests + 1,
              refused: sum.refused + next.refused,
              firstMs: Math.min(sum.firstMs, next.firstMs),
              lastMs: Math.max(sum.lastMs, next.lastMs),
            }),
          ),
          ({ lastMs, client, ciProject, ciJob }) => [lastMs, client, ciProject, ciJob],
        ),
      ),
    indexUse: ({ per, tokenId, channelId, ...period }) => {
      const unit = per === 'day' ? dayMs : hourMs;
      return page(
        inOrder(
          grouped<IndexUse>(
            counts()
              .filter((one) => tokenId === undefined || one.tokenId === tokenId)
              .filter((one) => channelId === undefined || one.channelId === channelId)
              .map((one) => ({ ...one, fromMs: down(one.hourMs, unit) }))
              .filter(({ fromMs }) => meets(fromMs, unit, period))
              .map(({ fromMs, allowed, denied, failed }) => [fromMs, { fromMs, allowed, denied, failed }]),
            (sum, next) => ({
              fromMs: sum.fromMs,
              allowed: sum.allowed + next.allowed,
              denied: sum.denied + next.denied,
              failed: sum.failed + next.failed,
            }),
          ),
          ({ fromMs }) => [fromMs],
        ),
      );
    },
    tokenUses: (wanted) => {
      const none = { downloads: 0, cut: 0, refusals: 0, indexRequests: 0 };
      const counter = { download: 'downloads', cut: 'cut', refusal: 'refusals' } as const;
      const used = [
        ...rows().map(({ tokenId, atMs, kind }) => ({ ...none, tokenId, atMs, [counter[kind]]: 1 })),
        ...counts().map(({ tokenId, hourMs: atMs, allowed, denied, failed }) => {
          return { ...none, tokenId, atMs, indexRequests: allowed + denied + failed };
        }),
      ];
      return page(
        inOrder(
          grouped<TokenUse>(
            used.flatMap(({ tokenId, atMs, ...counted }) =>
              tokenId === undefined || wanted?.includes(tokenId) === false
                ? []
                : [[tokenId, { tokenId, firstMs: atMs, lastMs: atMs, ...counted }]],
            ),
            (sum, next) => ({
              tokenId: sum.tokenId,
              firstMs: Math.min(sum.firstMs, next.firstMs),
              lastMs: Math.max(sum.lastMs, next.lastMs),
              downloads: sum.downloads + next.downloads,
              cut: sum.cut + next.cut,
              refusals: sum.refusals + next.refusals,
              indexRequests: sum.indexRequests + next.indexRequests,
            }),
          ),
          ({ tokenId }) => [tokenId],
        ),
      );
    },
    droppedRows: (period = {}) => {
      const lost = all()
        .filter(({ batch }) => isOfOurTime(batch.atMs) && meets(down(batch.atMs, dayMs), dayMs, period))
        .flatMap(({ batch }) => batch.dropped.map((one) => one.rows));
      return Promise.resolve(isEmpty(period) ? 0 : lost.reduce((sum, one) => sum + one, 0));
    },
  };
}
