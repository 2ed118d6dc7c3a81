/** Forgets rows by month and day, and the rollup by days. In small transactions, so that who writes waits little. */
import { dayMs, dayOf, monthEndMs, monthStartMs } from './days.ts';
import { forgetHoldings } from './holding-parts.ts';
import { forgetMonths, placesOf } from './month-tallies.ts';
import { forgetRowHours } from './row-hours.ts';
import type { Retention } from './row-store.ts';
import type { SqliteIndex } from './sqlite-index.ts';
import type { SqliteFile } from './sqlite-file.ts';

const rowsPerStep = 20_000;

/** @param pause between steps: others have their turn */
export async function pruneIndex(
  index: SqliteIndex,
  retention: Retention,
  nowMs: number,
  pause: () => Promise<void>,
): Promise<void> {
  const firstDay = dayOf(nowMs) - retention.rowsDays;
  const keptFromMs = Math.max(firstDay * dayMs, retention.rowsFromMs ?? 0);
  for (const month of index.monthsOf({})) {
    if (monthEndMs(month) <= keptFromMs) index.removeMonth(month);
    // oxlint-disable-next-line no-await-in-loop
    else if (monthStartMs(month) < keptFromMs) await pruneMonth(index, month, keptFromMs, pause);
  }
  await pruneRollup(index, dayOf(nowMs) - retention.rollupDays, pause);
}

async function pruneMonth(
  index: SqliteIndex,
  month: string,
  keptFromMs: number,
  pause: () => Promise<void>,
): Promise<void> {
  const found = index.month(month);
  const { file } = found;
  await inSteps(
    file,
    `DELETE FROM rows WHERE id IN (SELECT id FROM rows WHERE id < ? ORDER BY id LIMIT ${rowsPerStep})`,
    found.idAt(keptFromMs),
    pause,
  );
  file.write(() => forgetRowHours(file, found.idAt(keptFromMs)));
  file.write(() => file.statement('DELETE FROM hours WHERE hour < ?').run(keptFromMs));
  file.write(() => file.statement('DELETE FROM row_days WHERE day < ?').run(dayOf(keptFromMs)));
  giveBack(file);
}

async function pruneRollup(index: SqliteIndex, firstDay: number, pause: () => Promise<void>): Promise<void> {
  const { file } = index.rollup;
  await forgetMonths(file, firstDay, pause);
  await forgetHoldings(file, firstDay, pause);
  // Kept by a key that does not begin with the day: one place after the other.
  const remove = 'DELETE FROM installed WHERE place = ? AND day < ?';
  for (const place of file.read(() => placesOf(file))) {
    file.write(() => file.statement(remove).run(place, firstDay));
    // oxlint-disable-next-line no-await-in-loop
    await pause();
  }
  for (const table of ['refusals', 'index_days', 'dropped', 'days'])
    file.write(() => file.statement(`DELETE FROM ${table} WHERE day < ?`).run(firstDay));
  file.write(() => file.statement('DELETE FROM tokens WHERE last < ?').run(firstDay * dayMs));
  giveBack(file);
}

async function inSteps(
  file: SqliteFile,
  sql: string,
  value: number,
  pause: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const { changes } = file.write(() => file.statement(sql).run(value));
    if (Number(changes) === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await pause();
  }
}

/** Free pages go back to the disk. */
const giveBack = (file: SqliteFile): void =>
  file.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
