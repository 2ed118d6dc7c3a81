/**
 * What the log's retention takes: whole segments, and the keys of personal fields. Invariant: nothing goes that is still
 * written; of a segment that cannot be read as one, nothing goes but what is personal, which goes once what was begun
 * after it is old enough: it is to be looked at. What a clock that was ahead has dated is as old as what came after it.
 */
import { readdir } from 'node:fs/promises';
import { dayMs } from '../../shared/model/time.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { SeenSegment } from './look-at-segment.ts';
import { lookAtSegment } from './look-at-segment.ts';
import type { RetiredSigner } from './retired-file.ts';
import type { SegmentFile } from './segment-files.ts';
import { listSegments, segmentsDir, whoKeysPath } from './segment-files.ts';
import { removeFile, sizeOfFile, takerAway } from './take-away.ts';
import { writtenBefore } from './written-before.ts';

export type RetireOptions = {
  readonly rowsDays: number;
  readonly personalDays: number;
  readonly nowMs: number;
  /** Of whom the vault, or who checks, knows the key: what nobody signed is told as missing. */
  readonly signer?: RetiredSigner | undefined;
  /** Says what would go; nothing does. */
  readonly isPlan?: boolean;
  readonly signal?: AbortSignal;
};

export type Retired = {
  /** Whole segments. */
  readonly segments: number;
  /** Segments whose personal fields are closed for ever; those that went whole not among them. */
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
  const { nowMs, rowsDays, personalDays, isPlan = false, signer, signal } = options;
  const [rowsFromMs, personalFromMs] = [nowMs - rowsDays * dayMs, nowMs - personalDays * dayMs];
  const files = await listSegments(dir);
  const withPersons = await namesWithPersons(dir);
  const takeAway = takerAway(dir, 'retention', nowMs, signer);
  let found: ReturnType<typeof writtenBefore> | undefined;
  const latest = () => (found ??= writtenBefore(files));
  let [segments, persons, bytes] = [0, 0, 0];
  /** Runs of which what follows is newer than what is taken: rows, and what is personal. */
  let keptRun = '';
  let openRun = '';
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const { name, path, gateway, run } = file;
    // Rows are never older than their run, nor than those of the segment before: most files are not read.
    const mayBeOld = (fromMs: number) => run < fromMs || isAhead(run, nowMs);
    const isRowsTurn = mayBeOld(rowsFromMs) && keptRun !== `${gateway}.${run}`;
    const isPersonsTurn =
      mayBeOld(personalFromMs) && openRun !== `${gateway}.${run}` && withPersons.has(name);
    if (!isRowsTurn && !isPersonsTurn) continue;
    // oxlint-disable-next-line no-await-in-loop
    const seen = await lookAtSegment(dir, file, files[index + 1]);
    if (seen === 'open') continue;
    // oxlint-disable-next-line no-await-in-loop
    const { rowsMs, endMs } = await timesOf(file, seen, nowMs, latest);
    if (seen !== 'unreadable') {
      // By what its gateway says of its end, too.
      if (endMs < rowsFromMs) {
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
      if (rowsMs >= personalFromMs) openRun = keptRun;
    }
    if (!isPersonsTurn || rowsMs >= personalFromMs) continue;
    // oxlint-disable-next-line no-await-in-loop
    if (isPlan || (await removeFile(whoKeysPath(dir, name)))) persons += 1;
  }
  return { segments, persons, bytes };
}

const isAhead = (atMs: number, nowMs: number): boolean => atMs > nowMs + dayMs;

/** When a segment was written, as far as it can be believed. */
async function timesOf(
  { name }: SegmentFile,
  seen: SeenSegment | 'unreadable',
  nowMs: number,
  latest: () => ReturnType<typeof writtenBefore>,
): Promise<SeenSegment> {
  if (seen !== 'unreadable' && !isAhead(seen.endMs, nowMs)) return seen;
  const atMs = (await latest())(name);
  return { rowsMs: atMs, endMs: atMs };
}

/** Segments whose personal fields can be opened still. */
async function namesWithPersons(dir: string): Promise<ReadonlySet<string>> {
  const files = await readdir(segmentsDir(dir)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const end = '.who.json';
  return new Set(files.filter((file) => file.endsWith(end)).map((file) => file.slice(0, -end.length)));
}
