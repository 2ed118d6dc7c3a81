/** A table as the text of a file. */
import { setImmediate as breath } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null | readonly string[];
export type PlainTable = {
  readonly columns: readonly string[];
  /** Each made when it is written: a hundred thousand rows of cells are not held at once. */
  readonly rows: { readonly length: number; readonly at: (index: number) => readonly Cell[] };
};

/** Written in a few milliseconds. */
const rowsPerStep = 500;

/**
 * CSV as RFC 4180 has it, or a JSON array of objects by column. A cell of CSV that a spreadsheet would take for a
 * formula (`=`, `+`, `-`, `@` at its beginning) gets an apostrophe before it, and a list is joined by semicolons; JSON
 * keeps every value as it is.
 */
export async function tableText({ columns, rows }: PlainTable, format: 'csv' | 'json'): Promise<string> {
  const parts: string[] = [];
  if (format === 'csv') parts.push(csv([columns]));
  for (let from = 0; from < rows.length; from += rowsPerStep) {
    const to = Math.min(rows.length, from + rowsPerStep);
    const step = Array.from({ length: to - from }, (_, at) => rows.at(from + at));
    parts.push(
      format === 'csv' ? csv(step.map((row) => row.map(flat))) : step.map(objectBy(columns)).join(',\n'),
    );
    // Whoever else waits comes in between.
    // oxlint-disable-next-line no-await-in-loop
    await breath();
  }
  return format === 'csv' ? parts.join('') : `[\n${parts.join(',\n')}\n]\n`;
}

const csv = (rows: readonly (readonly (string | number | boolean | null)[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows', cast: { boolean: String } },
  );

const flat = (cell: Cell): string | number | boolean | null =>
  typeof cell === 'object' && cell !== null ? cell.join('; ') : cell;

const objectBy =
  (columns: readonly string[]) =>
  (row: readonly Cell[]): string =>
    JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
