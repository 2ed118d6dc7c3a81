/**
 * In which hours of a month there are rows of a team, an environment, a channel or a kind, so that a question for a rare
 * one reads those hours alone. Cheaper than an index: one entry for an hour, however many rows it has. Invariant: an hour
 * that has such a row is named; one that is named may have none any more.
 */
import type { SqliteFile } from './sqlite-file.ts';

/** A month has fewer than 2^32 milliseconds, and 2^53 is the largest number that JavaScript counts to. */
export const perMs = 2 ** 21;
const perHour = 3_600_000 * perMs;

export const rowHoursSchema = `CREATE TABLE row_hours (field INTEGER NOT NULL, value INTEGER NOT NULL, hour INTEGER NOT NULL,
  PRIMARY KEY (field, value, hour)) WITHOUT ROWID, STRICT;
`;

const fields = ['kind', 'team', 'environment', 'channel'] as const;
type Field = (typeof fields)[number];
/** Of the month, in row numbers; the second is not of it. */
type Span = readonly [from: number, to: number];

const numberOf = (field: Field): number => fields.indexOf(field);

/** Those of rows that come in together. */
export class RowHours {
  readonly #found = fields.map(() => new Map<number, Set<number>>());

  add(rowId: number, values: Readonly<Record<Field, number | null>>): void {
    const hour = Math.floor(rowId / perHour);
    for (const field of fields) {
      const value = values[field];
      if (value === null) continue;
      const ofField = this.#found[numberOf(field)];
      const hours = ofField?.get(value);
      if (hours === undefined) ofField?.set(value, new Set([hour]));
      else hours.add(hour);
    }
  }

  /** In a transaction. */
  write(file: SqliteFile): void {
    const insert = file.statement('INSERT OR IGNORE INTO row_hours VALUES (?, ?, ?)');
    for (const [field, values] of this.#found.entries())
      for (const [value, hours] of values) for (const hour of hours) insert.run(field, value, hour);
  }
}

/**
 * The hours in which there may be rows that have all of these values, the last ones first; hours without a gap are one.
 * @param values of a filter; where there are none, all hours are one
 */
export function spansOf(
  file: SqliteFile,
  values: Readonly<Partial<Record<string, number>>>,
  within: Span,
): readonly Span[] {
  const asked = fields.flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [[numberOf(field), value] as const];
  });
  if (asked.length === 0) return [within];
  const one = 'SELECT hour FROM row_hours WHERE field = ? AND value = ?';
  const sql = `${asked.map(() => one).join(' INTERSECT ')} ORDER BY hour DESC`;
  const spans: [number, number][] = [];
  for (const [hour] of file.statement(sql).all(...asked.flat()) as unknown as [number][]) {
    const last = spans.at(-1);
    if (last?.[0] === (hour + 1) * perHour) last[0] = hour * perHour;
    else spans.push([hour * perHour, (hour + 1) * perHour]);
  }
  return spans
    .map(([from, to]): Span => [Math.max(from, within[0]), Math.min(to, within[1])])
    .filter(([from, to]) => from < to);
}

/** Before those rows are removed. In a transaction. */
export function forgetRowHours(file: SqliteFile, firstId: number): void {
  file.statement('DELETE FROM row_hours WHERE hour < ?').run(Math.floor(firstId / perHour));
}
