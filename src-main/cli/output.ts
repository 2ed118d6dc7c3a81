import { once } from 'node:events';
import type { ErrorCode } from '../../shared/error-details.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { utcMinute } from '../../shared/texts/utc.ts';
import { texts } from '../../shared/texts/texts.ts';
import { escapedJson, escapeLines, escapeText } from '../../shared/model/text.ts';

const words = texts.cli.root;

/** Exit codes, documented in `latchkey --help`. */
export const exitCodes = { ok: 0, refused: 1, usage: 2, locked: 3, notFound: 4, conflict: 5 } as const;

/** Which exit code an error has. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof LatchkeyError)) return exitCodes.refused;
  const byCode: Partial<Record<ErrorCode, number>> = {
    INVALID_INPUT: exitCodes.usage,
    IPC_BAD_INPUT: exitCodes.usage,
    VAULT_LOCKED: exitCodes.locked,
    VAULT_WRONG_PASSPHRASE: exitCodes.locked,
    PASSPHRASE_REQUIRED: exitCodes.locked,
    NOT_FOUND: exitCodes.notFound,
    VAULT_NOT_FOUND: exitCodes.notFound,
    NAME_TAKEN: exitCodes.conflict,
    VAULT_EXISTS: exitCodes.conflict,
    VAULT_BUSY: exitCodes.conflict,
    VAULT_CONFLICT: exitCodes.conflict,
    IN_USE: exitCodes.conflict,
    FILE_EXISTS: exitCodes.conflict,
    GATEWAY_PORT_IN_USE: exitCodes.conflict,
  };
  return byCode[error.code] ?? exitCodes.refused;
}

/**
 * Text for people on stdout. All that the command prints passes through here or `printProblem`, so that no name, note or
 * path can steer the terminal or turn its text.
 */
function printText(text: string): void {
  process.stdout.write(escapeLines(text.endsWith('\n') ? text : `${text}\n`));
}

/** Text for people on stderr; a line end is the caller's. */
export function printProblem(text: string): void {
  process.stderr.write(escapeLines(text));
}

/** What this program itself made for another one: a script, a template, rows whose cells were escaped. */
export function printMade(text: string): void {
  process.stdout.write(text);
}

/** Something to know beside the answer: one line on stderr. */
export function printNotice(text: string): void {
  printProblem(`${escapeText(text)}\n`);
}

/** One JSON document, or text for people. */
export function print(isJson: boolean, value: unknown, text: string): void {
  printText(isJson ? escapedJson(value, 2) : text);
}

/** One line of JSON of many, for a program that reads as they come. */
export function printJsonLine(value: unknown): void {
  printText(escapedJson(value));
}

/** Whoever prints for long asks between two parts whether to go on. */
export class Reader {
  #isGone = false;
  readonly #onError = (): void => {
    this.#isGone = true;
  };

  constructor() {
    process.stdout.on('error', this.#onError);
  }

  /** Waits until all is taken: a pipe may keep what it is given in memory. @returns false: nobody reads any more */
  async isThere(): Promise<boolean> {
    const { stdout } = process;
    if (this.#isGone || !stdout.writableNeedDrain) return !this.#isGone;
    const waited = new AbortController();
    // An error ends the wait too.
    const ends = ['drain', 'close'].map((name) => once(stdout, name, { signal: waited.signal }));
    await Promise.race(ends).catch(() => undefined);
    waited.abort();
    return !this.#isGone;
  }

  close(): void {
    process.stdout.off('error', this.#onError);
  }
}

/** Rows of a CSV file (RFC 4180); a cell that a spreadsheet would compute is quoted against that. */
export async function printCsv(rows: readonly (readonly string[])[]): Promise<void> {
  if (rows.length > 0) printText(await toCsv(rows));
}

/** @returns the rows as text, each with its line end */
export async function toCsv(rows: readonly (readonly string[])[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  return stringify(
    rows.map((row) => row.map((cell) => escapeText(cell))),
    { escape_formulas: true },
  );
}

/** An error on stderr: as JSON where the caller is a program. */
export function printError(isJson: boolean, error: unknown): void {
  if (!(error instanceof LatchkeyError)) printPlace(error);
  const known =
    error instanceof LatchkeyError
      ? { code: error.code, message: error.message, details: error.details }
      : { code: 'INTERNAL', message: words.bug, details: {} };
  printNotice(isJson ? escapedJson({ error: known }) : `latchkey: ${known.message} (${known.code})`);
  if (isJson || !(error instanceof LatchkeyError) || error.code !== 'IN_USE') return;
  for (const line of texts.errors.users(error.details)) printNotice(`  ${line}`);
}

/** Where a bug is. Without its message, which may quote an input. */
function printPlace(error: unknown): void {
  const frames =
    error instanceof Error
      ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
      : [];
  printProblem(`${error instanceof Error ? error.name : typeof error}\n${frames.slice(0, 8).join('\n')}\n`);
}

/** A command line that commander could not parse, for a program. */
export function printUsageError(message: string): void {
  printError(true, new LatchkeyError('INVALID_INPUT', message.replace(/^error: /, '')));
}

/** Columns that line up, with a header; `(none)` for no rows. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '(none)\n';
  const all = [head, ...rows.map((row) => row.map(escapeText))];
  const widths = head.map((_, column) =>
    all.reduce((width, row) => Math.max(width, (row[column] ?? '').length), 0),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

/** `2026-11-24 22:28 UTC`, or `-`. */
export const formatTime = (atMs: number | undefined): string => (atMs === undefined ? '-' : utcMinute(atMs));

/** For a command that goes on for long: whoever read its output may go away, and the disk that takes it may be full. */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}
