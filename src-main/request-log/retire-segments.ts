/**
 * What the log's retention takes: whole segments, and the keys of personal fields. Invariant: nothing goes that is still
 * written; of a segment that cannot be read as one, nothing goes but what is personal, which goes once what was begun
 * after it is old enough: it is to be put aside. What was put aside goes once what was begun after it, and says what it
 * was, is old enough. What a clock that was ahead has dated is as old as what came after it.
 */
import { readdir } from 'node:fs/promises';
import type { Retention } from '../../shared/model/log-keeping.ts';
import { daysOfField } from '../../shared/model/log-keeping.ts';
import { dayMs } from '../../shared/model/time.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { SeenSegment } from './look-at-segment.ts';
import { lookAtSegment } from './look-at-segment.ts';
import type { RetiredSigner } from './retired-file.ts';
import type { PersonField, SegmentFile } from './segment-files.ts';
import {
  fieldKeysPath,
  listSegments,
  parseFieldKeysFile,
  personFields,
  segmentsDir,
} from './segment-files.ts';
import { removeFile, sizeOfFile, takerAway } from './take-away.ts';
import { writtenBefore } from './written-before.ts';

export type RetireOptions = Pick<Retention, 'rowsDays' | 'addressDays' | 'ciUserDays'> & {
  readonly nowMs: number;
  /** Of whom the vault, or who checks, knows the key: what nobody signed is told as missing. */
  readonly signer?: RetiredSigner | undefined;
  /** Of others, the rows stay: they are in no sum yet. */
  readonly onlyPacked?: boolean;
  /** Says what would go; nothing does. */
  readonly isPlan?: boolean;
  /** A segment that can't be read as one. */
  readonly onUnreadable?: (name: string) => void;
  readonly signal?: AbortSignal;
};

export type Retired = {
  /** Whole segments. */
  readonly segments: number;
  /** Segments of which a personal field is closed for ever; those that went whole not among them. */
  readonly persons: number;
  /** Of the segments that went. */
  readonly bytes: number;
};

/**
 * Takes what is older than it is to be kept. Safe to repeat, to kill, and beside others that do the same.
 * @param dir of the request log
 * @throws the system's error; what the signal was aborted with
 */
export async function retireSegments(dir: string, options: RetireOptions): Promise<Retired> {
  const { nowMs, rowsDays, isPlan = false, onlyPacked = false, signer, signal } = options;
  const rowsFromMs = nowMs - rowsDays * dayMs;
  const fields = personFields.map((field) => ({
    field,
    fromMs: nowMs - options[daysOfField[field]] * dayMs,
  }));
  const files = await listSegments(dir);
  const openFields = await fieldsByName(dir);
  const takeAway = takerAway(dir, 'retention', nowMs, signer);
  let found: ReturnType<typeof writtenBefore> | undefined;
  const latest = () => (found ??= writtenBefore(files));
  let [segments, persons, bytes] = [0, 0, 0];
  /** Runs of which what follows is newer than what is taken: rows, and each personal field. */
  let keptRun = '';
  const openRun = new Map<PersonField, string>();
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const { name, path, gateway, run } = file;
    // Rows are never older than their run, nor than those of the segment before: most files are not read.
    const mayBeOld = (fromMs: number) => run < fromMs || isAhead(run, nowMs);
    const isRowsTurn = mayBeOld(rowsFromMs) && keptRun !== `${gateway}.${run}`;
    const due = fields.filter(
      ({ field, fromMs }) =>
        mayBeOld(fromMs) &&
        openRun.get(field) !== `${gateway}.${run}` &&
        openFields.get(name)?.includes(field) === true,
    );
    if (!isRowsTurn && due.length === 0) continue;
    // oxlint-disable-next-line no-await-in-loop
    const seen = await lookAtSegment(dir, file, files[index + 1]);
    if (seen === 'open') continue;
    if (seen === 'unreadable') options.onUnreadable?.(name);
    // oxlint-disable-next-line no-await-in-loop
    const { rowsMs, endMs } = await timesOf(file, seen, nowMs, latest);
    if (seen !== 'unreadable') {
      // By what its gateway says of its end, too.
      if (endMs < rowsFromMs && (file.isPacked || !onlyPacked)) {
        // oxlint-disable-next-line no-await-in-loop
        bytes += await sizeOfFile(path);
        segments += 1;
        if (!isPlan) {
          // What goes is what others are dated by.
          // oxlint-disable-next-line no-await-in-loop
          await latest();
          // oxlint-disable-next-line no-await-in-loop
          await takeAway(file, endMs);
        }
        continue;
      }
      keptRun = `${gateway}.${run}`;
      for (const { field, fromMs } of fields) if (rowsMs >= fromMs) openRun.set(field, keptRun);
    }
    let isClosed = false;
    for (const { field, fromMs } of due)
      // oxlint-disable-next-line no-await-in-loop
      if (rowsMs < fromMs && (isPlan || (await removeFile(fieldKeysPath(dir, name, field))))) isClosed = true;
    if (isClosed) persons += 1;
  }
  return { segments, persons, bytes };
}

const isAhead = (atMs: number, nowMs: number): boolean => atMs > nowMs + dayMs;

/** When a segment was written, as far as it can be believed. */
async function timesOf(
  { name, aside }: SegmentFile,
  seen: SeenSegment | 'unreadable',
  nowMs: number,
  latest: () => ReturnType<typeof writtenBefore>,
): Promise<SeenSegment> {
  if (aside === undefined && seen !== 'unreadable' && !isAhead(seen.endMs, nowMs)) return seen;
  const atMs = (await latest())(name);
  if (aside === undefined || seen === 'unreadable') return { rowsMs: atMs, endMs: atMs };
  return { rowsMs: Math.min(seen.rowsMs, atMs), endMs: Number.isFinite(atMs) ? atMs : seen.endMs };
}

/** Which personal fields of which segments can be opened still. */
async function fieldsByName(dir: string): Promise<ReadonlyMap<string, readonly PersonField[]>> {
  const files = await readdir(segmentsDir(dir)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = new Map<string, readonly PersonField[]>();
  for (const file of files) {
    const keys = parseFieldKeysFile(file);
    if (keys !== undefined) found.set(keys.name, [...(found.get(keys.name) ?? []), keys.field]);
  }
  return found;
}
