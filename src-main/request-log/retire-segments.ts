/**
 * What the log's retention takes: whole segments, and the keys of personal fields. Invariant: that a segment goes stands
 * in `retired.jsonl`, with its root, before it goes, so that a kill between the two makes no gap; nothing goes that is
 * still written, and of a segment that cannot be read as one, nothing goes at all: it is to be looked at.
 */
import { readdir, stat, unlink } from 'node:fs/promises';
import { dayMs } from '../../shared/model/time.ts';
import { codeOf } from '../disk/disk-error.ts';
import { readSegment } from './read-segment.ts';
import type { RetiredSegment } from './retired-file.ts';
import { noteRetired, readRetired } from './retired-file.ts';
import { isRunOver } from './run-lock.ts';
import type { SegmentEnd, SegmentHead } from './segment-lines.ts';
import { rootOf } from './segment-root.ts';
import type { SegmentFile } from './segment-files.ts';
import { listSegments, macKeysPath, segmentPath, segmentsDir, whoKeysPath } from './segment-files.ts';

export type RetireOptions = {
  readonly rowsDays: number;
  readonly personalDays: number;
  readonly nowMs: number;
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
  const { nowMs, rowsDays, personalDays, isPlan = false, signal } = options;
  const [rowsFromMs, personalFromMs] = [nowMs - rowsDays * dayMs, nowMs - personalDays * dayMs];
  const files = await listSegments(dir);
  const withPersons = await namesWithPersons(dir);
  let [segments, persons, bytes] = [0, 0, 0];
  /** Runs of which what follows is newer than what is taken: rows, and what is personal. */
  let keptRun = '';
  let openRun = '';
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const { name, path, gateway, run } = file;
    // Rows are never older than their run, nor than those of the segment before: most files are not read.
    const isRowsTurn = run < rowsFromMs && keptRun !== `${gateway}.${run}`;
    const isPersonsTurn = run < personalFromMs && openRun !== `${gateway}.${run}` && withPersons.has(name);
    if (!isRowsTurn && !isPersonsTurn) continue;
    // oxlint-disable-next-line no-await-in-loop
    const seen = await lookAt(dir, file, files[index + 1]);
    if (seen === undefined) continue;
    // By what its gateway signed, which stays provable.
    if (Math.max(seen.rowsMs, seen.end?.atMs ?? 0) < rowsFromMs) {
      // oxlint-disable-next-line no-await-in-loop
      bytes += await sizeOf(path);
      segments += 1;
      // oxlint-disable-next-line no-await-in-loop
      if (!isPlan) await retire(dir, file, nowMs, seen);
      continue;
    }
    keptRun = `${gateway}.${run}`;
    if (seen.rowsMs >= personalFromMs) openRun = keptRun;
    if (!isPersonsTurn || seen.rowsMs >= personalFromMs) continue;
    // oxlint-disable-next-line no-await-in-loop
    if (isPlan || (await remove(whoKeysPath(dir, name)))) persons += 1;
  }
  return { segments, persons, bytes };
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

type Seen = {
  /** Of the newest row. */
  readonly rowsMs: number;
  readonly head: SegmentHead;
  readonly end: SegmentEnd | undefined;
};

/** What is to be known of a segment; undefined while it is written, or where it does not say so. */
async function lookAt(
  dir: string,
  file: SegmentFile,
  next: SegmentFile | undefined,
): Promise<Seen | undefined> {
  let [head, end]: [SegmentHead | undefined, SegmentEnd | undefined] = [undefined, undefined];
  let rowsMs = 0;
  try {
    const onHead = (found: SegmentHead) => (head = found);
    const onEnd = (found: SegmentEnd) => (end = found);
    for await (const { atMs } of readSegment(file.path, { onHead, onEnd })) rowsMs = Math.max(rowsMs, atMs);
  } catch (error) {
    // Packed or taken by another, or not to be read.
    if (codeOf(error) === 'ENOENT' || codeOf(error)?.startsWith('Z_') === true) return undefined;
    throw error;
  }
  // TypeScript does not see that they were told.
  const seen = { head: head as SegmentHead | undefined, end: end as SegmentEnd | undefined };
  if (seen.head === undefined) return undefined;
  const hasFollower = next?.gateway === file.gateway && next.run === file.run;
  const isOver = seen.end !== undefined || hasFollower || (await isRunOver(dir, file));
  return isOver
    ? { head: seen.head, end: seen.end, rowsMs: Math.max(rowsMs, seen.head.openedAtMs) }
    : undefined;
}

async function retire(
  dir: string,
  { name, path }: SegmentFile,
  nowMs: number,
  { head: { before }, end }: Seen,
): Promise<void> {
  const line = { segment: name, root: await rootOf(path), why: 'retention', atMs: nowMs } as const;
  if (!(await readRetired(dir)).has(name))
    await noteRetired(dir, end === undefined ? line : { ...line, end: endOf(before, end) });
  const plain = segmentPath(dir, name);
  for (const one of [whoKeysPath(dir, name), macKeysPath(dir, name), plain, `${plain}.gz`])
    // oxlint-disable-next-line no-await-in-loop
    await remove(one);
}

const endOf = (
  before: SegmentHead['before'],
  { batches, rows, atMs, sig }: SegmentEnd,
): NonNullable<RetiredSegment['end']> => ({ before, batches, rows, atMs, sig });

/** @returns whether it was there */
async function remove(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
