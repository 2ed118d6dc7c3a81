/**
 * What a place had by months, added up from its days when a month is over, so that a question over years does not read
 * every day. Invariant: a month that `rolled` names for a place holds what its days hold: what comes to one of these days
 * later, or is forgotten of it, takes the name away. Where there is none, days are read.
 */
import { dayMs, dayOf, isOver, monthEndMs, monthOf, monthStartMs } from './days.ts';
import type { SqliteFile } from './sqlite-file.ts';

export const monthTallySchema = `CREATE TABLE month_tallies (place INTEGER NOT NULL, file INTEGER NOT NULL, month TEXT NOT NULL,
  count INTEGER NOT NULL, bytes INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (place, month, file)) WITHOUT ROWID, STRICT;
CREATE TABLE rolled (place INTEGER NOT NULL, month TEXT NOT NULL, PRIMARY KEY (place, month)) WITHOUT ROWID, STRICT;
CREATE INDEX rolled_month ON rolled (month);
CREATE TABLE rolled_months (month TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;
`;

/** Days of files: fewer are added up at once. */
const worthRolling = 2_000;
const placesPerStep = 200;

/**
 * Adds up the months that are over.
 * @param nowMs a row that a wrong clock dated ahead ends no month
 * @param pause between steps: others have their turn
 * @param worth days of files in a month, from which on it is done for a place
 */
export async function rollUp(
  file: SqliteFile,
  nowMs: number,
  pause: () => Promise<void>,
  worth = worthRolling,
): Promise<void> {
  for (const month of file.read(() => monthsOver(file, nowMs))) {
    const places = file.read(() => placesOf(file));
    for (let at = 0; at < places.length; at += placesPerStep) {
      const some = places.slice(at, at + placesPerStep);
      const large = file.read(() => some.filter((place) => isWorth(file, place, month, worth)));
      for (const place of large) {
        file.write(() => rollPlace(file, place, month));
        // oxlint-disable-next-line no-await-in-loop
        await pause();
      }
      // oxlint-disable-next-line no-await-in-loop
      await pause();
    }
    file.write(() => file.statement('INSERT OR IGNORE INTO rolled_months VALUES (?)').run(month));
  }
}

/** Something comes to these days: their months are added up again with the next `rollUp`. In a transaction. */
export function unroll(
  file: SqliteFile,
  days: Iterable<{ readonly place: number; readonly day: number }>,
): void {
  const [newest] = file.statement('SELECT max(month) FROM rolled_months').get() as unknown as [string | null];
  const [newestOfOne] = file.statement('SELECT max(month) FROM rolled').get() as unknown as [string | null];
  const last = [newest, newestOfOne].reduce((a, b) => ((b ?? '') > (a ?? '') ? b : a));
  if (last === null) return;
  const firstFreeDay = monthEndMs(last) / dayMs;
  const forget = file.statement('DELETE FROM rolled WHERE place = ? AND month = ?');
  for (const { place, day } of days) {
    if (day >= firstFreeDay) continue;
    const month = monthOf(day * dayMs);
    file.statement('DELETE FROM rolled_months WHERE month = ?').run(month);
    forget.run(place, month);
  }
}

/** Before days are forgotten: the months that they are of are read by days from now on, as far as there are any. */
export async function forgetMonths(
  file: SqliteFile,
  firstDay: number,
  pause: () => Promise<void>,
): Promise<void> {
  const month = monthOf(firstDay * dayMs);
  file.write(() => file.statement('DELETE FROM rolled WHERE month <= ?').run(month));
  for (const place of file.read(() => placesOf(file))) {
    file.write(() =>
      file.statement('DELETE FROM month_tallies WHERE place = ? AND month <= ?').run(place, month),
    );
    // oxlint-disable-next-line no-await-in-loop
    await pause();
  }
}

/** Months of a place that are added up, and lie within these days as a whole. */
export function rolledWithin(
  file: SqliteFile,
  place: number,
  from: number,
  to: number,
): readonly { readonly month: string; readonly from: number; readonly to: number }[] {
  const found = file.statement('SELECT month FROM rolled WHERE place = ? ORDER BY month').all(place);
  return (found as unknown as [string][])
    .map(([month]) => ({ month, ...daysOfMonth(month) }))
    .filter((days) => days.from >= from && days.to <= to);
}

function daysOfMonth(month: string): { readonly from: number; readonly to: number } {
  return { from: dayOf(monthStartMs(month)), to: dayOf(monthEndMs(month)) - 1 };
}

/** From the first use on, those that are over and not looked at. */
function monthsOver(file: SqliteFile, nowMs: number): readonly string[] {
  const [firstMs, lastMs] = file.statement('SELECT min(first), max(last) FROM tokens').get() as unknown as [
    number | null,
    number | null,
  ];
  if (firstMs === null || lastMs === null) return [];
  const known = file.statement('SELECT month FROM rolled_months').all() as unknown as [string][];
  const done = new Set(known.map(([month]) => month));
  const found: string[] = [];
  for (let atMs = firstMs; ;) {
    const month = monthOf(atMs);
    atMs = monthEndMs(month);
    if (!isOver(month, Math.min(lastMs, nowMs))) return found;
    if (!done.has(month)) found.push(month);
  }
}

export function placesOf(file: SqliteFile): readonly number[] {
  const found = file.statement('SELECT id FROM places').all() as unknown as [number][];
  return found.map(([place]) => place);
}

function isWorth(file: SqliteFile, place: number, month: string, worth: number): boolean {
  const { from, to } = daysOfMonth(month);
  const find = file.statement(
    'SELECT 1 FROM installed WHERE place = ? AND day BETWEEN ? AND ? LIMIT 1 OFFSET ?',
  );
  return find.get(place, from, to, worth - 1) !== undefined;
}

function rollPlace(file: SqliteFile, place: number, month: string): void {
  // Another process may have been first.
  if (file.statement('INSERT OR IGNORE INTO rolled VALUES (?, ?)').run(place, month).changes === 0) return;
  file.statement('DELETE FROM month_tallies WHERE place = ? AND month = ?').run(place, month);
  const { from, to } = daysOfMonth(month);
  file
    .statement(
      `INSERT INTO month_tallies SELECT place, file, ?, sum(count), sum(bytes), min(first), max(last)
      FROM installed WHERE place = ? AND day BETWEEN ? AND ? GROUP BY file`,
    )
    .run(month, place, from, to);
}
