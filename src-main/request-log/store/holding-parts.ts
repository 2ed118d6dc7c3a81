/**
 * Who fetched a file, by days, in parts: a segment adds to the pages of its own days alone, however many days there are.
 * The number of a part is its first day. One begins with each day; when a month is over, its days go into the part of its
 * first one, sorted, so that a question about a file looks into one place for each month. Invariant: what a subject
 * fetched of a file on a day is the sum over all parts; what comes late has a part of its own until it is put to its month.
 */
import { dayMs, dayOf, isOver, monthEndMs, monthOf, monthStartMs } from './days.ts';
import type { Limits } from './limits.ts';
import type { SqliteFile } from './sqlite-file.ts';

const tally = 'count INTEGER NOT NULL, bytes INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL';
export const holdingsSchema = `CREATE TABLE holdings (part INTEGER NOT NULL, file INTEGER NOT NULL, subject INTEGER NOT NULL, day INTEGER NOT NULL, ${tally},
  PRIMARY KEY (part, file, subject, day)) WITHOUT ROWID, STRICT;
`;

/** Of one transaction: others that write wait for it. */
const rowsPerStep = 20_000;

type TallyNumbers = readonly [count: number, bytes: number, firstMs: number, lastMs: number];
type HoldingRecord = readonly [file: number, subject: number, day: number, ...TallyNumbers];
export type HeldRecord = readonly [
  file: number,
  subject: number,
  count: number,
  bytes: number,
  firstMs: number,
  lastMs: number,
];

export const addsTally = `count = count + excluded.count, bytes = bytes + excluded.bytes,
  first = min(first, excluded.first), last = max(last, excluded.last)`;

const monthDayOf = (day: number): number => dayOf(monthStartMs(monthOf(day * dayMs)));

/**
 * Before something comes to a day that is older than all that are known: what still stands there of such days was
 * forgotten, and must not count again. In a transaction.
 */
export function clearForgotten(file: SqliteFile, days: Iterable<number>): void {
  const [known] = file.statement('SELECT min(day) FROM days').get() as unknown as [number | null];
  const firstKept = known ?? Number.MAX_SAFE_INTEGER;
  let first = Infinity;
  for (const day of days) first = Math.min(first, day);
  if (first >= firstKept) return;
  const parts = JSON.stringify(partsOf(file, 0, firstKept - 1));
  const remove = 'DELETE FROM holdings WHERE part IN (SELECT value FROM json_each(?)) AND day < ?';
  file.statement(remove).run(parts, firstKept);
}

/** In a transaction. In the order of the key: neighbours stand on one page of the file. */
export function addHoldings(file: SqliteFile, found: readonly HoldingRecord[]): void {
  const upsert = file.statement(
    `INSERT INTO holdings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${addsTally}`,
  );
  const sorted = found.toSorted((a, b) => a[2] - b[2] || a[0] - b[0] || a[1] - b[1]);
  for (const one of sorted) upsert.run(one[2], ...one);
}

/** Of some files in some days, one file after the other. In a transaction. */
export function* holdersOf(
  file: SqliteFile,
  fileIds: readonly number[],
  from: number,
  to: number,
  limits: Limits,
): Generator<HeldRecord> {
  // Days of a month that is forgotten in part stand there until all of it is.
  const find = file.statement(`SELECT file, subject, sum(count), sum(bytes), min(first), max(last)
    FROM json_each(?) AS p CROSS JOIN holdings ON part = p.value
    WHERE file = ? AND day BETWEEN ? AND ? AND day >= (SELECT min(day) FROM days) GROUP BY subject`);
  const parts = JSON.stringify(partsOf(file, monthDayOf(from), to));
  for (const id of fileIds) {
    limits.assertInTime();
    // All at once: a third faster than one after the other.
    yield* find.all(parts, id, from, to) as unknown as HeldRecord[];
  }
}

/** Puts the days of months that are over to their months. @param pause between steps: others have their turn */
export async function mergeParts(
  file: SqliteFile,
  nowMs: number,
  pause: () => Promise<void>,
  rowsAtOnce = rowsPerStep,
): Promise<void> {
  const months = new Set(file.read(() => partsOf(file, 0, dayOf(nowMs))).map((day) => monthOf(day * dayMs)));
  for (const month of months) {
    const [start, end] = [dayOf(monthStartMs(month)), dayOf(monthEndMs(month)) - 1];
    const days = file.read(() => partsOf(file, start + 1, end));
    // oxlint-disable-next-line no-await-in-loop
    if (isOver(month, nowMs) && days.length > 0) await mergeMonth(file, start, days, pause, rowsAtOnce);
  }
}

async function mergeMonth(
  file: SqliteFile,
  month: number,
  days: readonly number[],
  pause: () => Promise<void>,
  rowsAtOnce: number,
): Promise<void> {
  const parts = JSON.stringify(days);
  const last = file.read(() => file.statement('SELECT max(id) FROM files').get() as unknown as [number])[0];
  let span = 64;
  for (let from = 0; from <= last;) {
    const to = from + span - 1;
    const moved = file.write(() => {
      // What another process moved meanwhile is not there any more.
      const insert = file.statement(`INSERT INTO holdings
        SELECT ?, file, subject, day, count, bytes, first, last FROM json_each(?) AS p CROSS JOIN holdings ON part = p.value
        WHERE file BETWEEN ? AND ? ORDER BY file, subject, day ON CONFLICT DO UPDATE SET ${addsTally}`);
      insert.run(month, parts, from, to);
      const remove = file.statement(
        'DELETE FROM holdings WHERE part IN (SELECT value FROM json_each(?)) AND file BETWEEN ? AND ?',
      );
      return Number(remove.run(parts, from, to).changes);
    });
    from = to + 1;
    span = moved > rowsAtOnce ? Math.max(1, span >> 1) : moved < rowsAtOnce / 2 ? span * 2 : span;
    // oxlint-disable-next-line no-await-in-loop
    await pause();
  }
}

/** Of whole months; of one that is not forgotten as a whole, `days` tells which days count no more. */
export async function forgetHoldings(
  file: SqliteFile,
  firstDay: number,
  pause: () => Promise<void>,
): Promise<void> {
  const kept = monthDayOf(firstDay);
  for (const part of file.read(() => partsOf(file, 0, kept - 1))) {
    const some = `SELECT file, subject, day FROM holdings WHERE part = ? LIMIT ${rowsPerStep}`;
    const remove = `DELETE FROM holdings WHERE part = ? AND (file, subject, day) IN (${some})`;
    while (Number(file.write(() => file.statement(remove).run(part, part)).changes) > 0)
      // oxlint-disable-next-line no-await-in-loop
      await pause();
  }
}

/** The numbers of parts between two days, by a look at each. */
function partsOf(file: SqliteFile, from: number, to: number): readonly number[] {
  const find = file.statement(`WITH RECURSIVE parts (part) AS (
    SELECT min(part) FROM holdings WHERE part >= ?
    UNION ALL SELECT (SELECT min(part) FROM holdings WHERE part > parts.part) FROM parts WHERE parts.part <= ?)
    SELECT part FROM parts WHERE part <= ?`);
  return (find.all(from, to, to) as unknown as [number][]).map(([part]) => part);
}
