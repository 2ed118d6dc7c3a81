/** Rows and hours of one month. */
import type { Limits } from './limits.ts';
import type { MonthFile, RowRecord } from './month-file.ts';
import { kindNumber, rowColumns } from './month-file.ts';
import type { Place } from './page.ts';
import { comparePlaces } from './page.ts';
import { addUse, isFile, usesWhere } from './rollup-queries.ts';
import type {
  ClientFilter,
  ClientUse,
  IndexUse,
  IndexUseFilter,
  Period,
  RowFilter,
  StoredRow,
} from './row-store.ts';
import { spansOf } from './row-hours.ts';
import { addClient, fileOf } from './segment-sums.ts';
import { isWithin } from './days.ts';

/** Newest first; where a row stands decides among those of one millisecond. */
export const rowPlace = ({ atMs, place }: StoredRow): Place => [atMs, place.segment, place.row];

export function isRowOf(row: StoredRow, filter: RowFilter): boolean {
  const file = filter.file === undefined ? undefined : fileOf(row);
  return (
    isWithin(row.atMs, filter) &&
    (filter.tokenId === undefined || row.tokenId === filter.tokenId) &&
    (filter.teamId === undefined || row.teamId === filter.teamId) &&
    (filter.environmentId === undefined || row.environmentId === filter.environmentId) &&
    (filter.channelId === undefined || row.channelId === filter.channelId) &&
    (filter.kind === undefined || row.kind === filter.kind) &&
    (filter.policyName === undefined || row.policyName === filter.policyName) &&
    (filter.file === undefined || (file !== undefined && isFile(file, filter.file)))
  );
}

/** The first rows of a month after a place, up to `limit`, in order. */
export function monthRows(
  month: MonthFile,
  filter: RowFilter,
  after: Place | undefined,
  limit: number,
  limits: Limits,
): readonly StoredRow[] {
  const where = conditionsOf(month, filter);
  if (where === undefined) return [];
  const { file } = month;
  const numbers = file.statement(`SELECT id FROM rows WHERE ${where.sql} ORDER BY id DESC LIMIT ?`);
  const rows = file.statement(`SELECT ${rowColumns} FROM rows WHERE id IN
    (SELECT id FROM rows WHERE ${where.sql}) ORDER BY id DESC`);
  const first = filter.fromMs === undefined ? 0 : month.idAt(filter.fromMs);
  const last = month.idAt(filter.toMs ?? month.endMs);
  const until = after === undefined ? last : Math.min(last, month.idAt(Number(after[0]) + 1));
  const found: StoredRow[] = [];
  for (const [least, most] of spansOf(file, where.columns, [first, until])) {
    let end = most;
    while (found.length < limit && end > least) {
      limits.assertInTime();
      const ids = numbers.all(least, end, ...where.values, limit) as unknown as [number][];
      const lastId = ids.at(-1)?.[0];
      if (lastId === undefined) break;
      // All of the last millisecond: within one, the order is another than that of the numbers.
      const from = Math.max(least, month.idAt(month.timeOf(lastId)));
      const records = rows.all(from, end, ...where.values) as unknown as RowRecord[];
      const next = records.map((record) => month.rowOf(record));
      next.sort((a, b) => comparePlaces(rowPlace(a), rowPlace(b)));
      for (const row of next)
        if (after === undefined || comparePlaces(rowPlace(row), after) > 0) found.push(row);
      end = from;
    }
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

type Conditions = {
  readonly sql: string;
  readonly values: readonly (number | string)[];
  /** Of those, what a column must be. */
  readonly columns: Readonly<Partial<Record<string, number>>>;
};

/** Undefined where the month knows none of it. */
function conditionsOf({ names }: MonthFile, filter: RowFilter): Conditions | undefined {
  const parts = ['id >= ? AND id < ?'];
  const values: (number | string)[] = [];
  const columns: Partial<Record<string, number>> = {};
  const must = (column: string, value: number): void => {
    parts.push(`${column} = ?`);
    values.push(value);
    columns[column] = value;
  };
  for (const [column, text] of [
    ['token', filter.tokenId],
    ['policy', filter.policyName],
    ['team', filter.teamId],
    ['environment', filter.environmentId],
    ['channel', filter.channelId],
  ] as const) {
    if (text === undefined) continue;
    const id = names.textId(text);
    if (id === undefined) return undefined;
    must(column, id);
  }
  if (filter.kind !== undefined) must('kind', kindNumber(filter.kind));
  if (filter.file !== undefined) {
    const ids = names.fileIds(filter.file);
    if (ids.length === 0) return undefined;
    parts.push(ids.length === 1 ? 'file = ?' : 'file IN (SELECT value FROM json_each(?))');
    values.push(ids.length === 1 ? Number(ids[0]) : JSON.stringify(ids));
  }
  return { sql: parts.join(' AND '), values, columns };
}

/** Who sent a token's rows of a month. */
export function clientsIn(
  month: MonthFile,
  filter: ClientFilter,
  into: Map<string, ClientUse>,
  limits: Limits,
): void {
  limits.assertInTime();
  const where = conditionsOf(month, filter);
  if (where === undefined) return;
  const find = month.file
    .statement(`SELECT client, project, job, count(*), sum(kind = ${kindNumber('refusal')}), min(id), max(id)
    FROM rows WHERE ${where.sql} GROUP BY client, project, job`);
  const least = filter.fromMs === undefined ? 0 : month.idAt(filter.fromMs);
  for (const found of find.iterate(least, month.idAt(filter.toMs ?? month.endMs), ...where.values)) {
    const [client, project, job, requests, refused, first, last] = found as unknown as ClientRecord;
    addClient(into, {
      client: month.names.text(client),
      ciProject: project === null ? '' : month.names.text(project),
      ciJob: job ?? '',
      requests,
      refused,
      firstMs: month.timeOf(first),
      lastMs: month.timeOf(last),
    });
    limits.assertFits(into.size);
  }
}

type ClientRecord = [
  client: number,
  project: number | null,
  job: string | null,
  requests: number,
  refused: number,
  first: number,
  last: number,
];

export function hoursIn(
  { file, startMs, endMs }: MonthFile,
  filter: IndexUseFilter,
  into: Map<number, IndexUse>,
  limits: Limits,
): void {
  limits.assertInTime();
  const { fromMs, toMs } = hourBounds(filter);
  const [sql, values] = usesWhere(filter);
  const find = file.statement(
    `SELECT hour, sum(allowed), sum(denied), sum(failed) FROM hours WHERE hour >= ? AND hour < ?${sql} GROUP BY hour`,
  );
  for (const found of find.iterate(Math.max(startMs, fromMs), Math.min(endMs, toMs), ...values)) {
    const [hourMs, allowed, denied, failed] = found as unknown as [number, number, number, number];
    addUse(into, { fromMs: hourMs, allowed, denied, failed });
    limits.assertFits(into.size);
  }
}

const hourMs = 3_600_000;

/** Whole hours of a period; none of one that ends before it begins. */
export function hourBounds({ fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: Period): Required<Period> {
  const firstHourMs = Math.floor(fromMs / hourMs) * hourMs;
  return { fromMs: firstHourMs, toMs: toMs <= fromMs ? firstHourMs : toMs };
}
