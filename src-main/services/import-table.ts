/** Reads one CSV file of an import (RFC 4180, a byte-order mark allowed). Pure; every problem has its line and column. */
import { CsvError, parse } from 'csv-parse/sync';
import type { ImportFile, ImportProblem } from '../../shared/contract/import-views.ts';
import { importColumns, maxImportRows } from '../../shared/contract/import-views.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.imports;
/** Looked at; a file that has more says enough about itself with the first of them. */
const maxColumns = 100;

export type ImportRow = {
  readonly line: number;
  /** The trimmed cell of a column; empty when there is none. */
  readonly cell: (column: string) => string;
};
export type ImportTable = {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly ImportProblem[];
};

/** The rows that can be read at all; what is wrong with the file itself stands in `problems`. */
export function readImportTable(file: ImportFile, text: string): ImportTable {
  const problems: ImportProblem[] = [];
  const tell = (line: number, message: string, column?: string): void => {
    problems.push({ file, line, message, ...(column === undefined ? {} : { column }) });
  };
  const [head, ...body] = recordsOf(text, (line) => tell(line, words.malformed));
  if (head === undefined) {
    if (problems.length === 0) tell(1, words.empty);
    return { rows: [], problems };
  }
  const known: Readonly<Record<string, boolean>> = importColumns[file];
  const names = head.cells.map((name) => name.toLowerCase());
  names.slice(0, maxColumns).forEach((name, at) => {
    if (!Object.hasOwn(known, name)) {
      tell(head.line, words.columnUnknown(Object.keys(known).join(', ')), shortened(name));
    } else if (names.indexOf(name) !== at) tell(head.line, words.columnTwice, name);
  });
  for (const [name, isRequired] of Object.entries(known)) {
    if (isRequired && !names.includes(name)) tell(head.line, words.columnMissing(name), name);
  }
  if (problems.length > 0) return { rows: [], problems };
  if (body.length > maxImportRows) {
    tell(body[maxImportRows]?.line ?? 1, words.tooManyRows(maxImportRows));
    return { rows: [], problems };
  }
  const rows: ImportRow[] = [];
  for (const { line, cells } of body) {
    if (cells.length > names.length) tell(line, words.tooManyCells);
    const cell = (column: string): string => cells[names.indexOf(column)] ?? '';
    const empty = Object.keys(known).filter((name) => known[name] === true && cell(name) === '');
    for (const name of empty) tell(line, words.required, name);
    if (empty.length === 0 && cells.length <= names.length) rows.push({ line, cell });
  }
  return { rows, problems };
}

type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

function recordsOf(text: string, onMalformed: (line: number) => void): readonly CsvRecord[] {
  try {
    // One kind of line end, so that lines are counted as an editor counts them.
    const parsed = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // The head, the rows that may be, and one that is too many.
      to: maxImportRows + 2,
      relax_column_count: true,
      trim: true,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return parsed.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    onMalformed(Number((error as { lines?: unknown }).lines ?? 1));
    return [];
  }
}

/** A name of a column that somebody made up need not be repeated as a whole. */
const shortened = (name: string): string => name.slice(0, 40);
