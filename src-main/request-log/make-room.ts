/**
 * The bound of the log on the disk. Invariant: where segments and rows of the store take more than they may, the oldest
 * segments to which nothing is added go, in the order of their runs, and are told as taken for room; sums stay. A disk that
 * others fill takes nothing: then new rows are dropped and counted, and what was written stays.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isWithinRun, lookAtSegment } from './look-at-segment.ts';
import { readSegmentHead } from './read-segment.ts';
import type { RetiredSigner } from './retired-file.ts';
import type { SegmentFile } from './segment-files.ts';
import { listSegments } from './segment-files.ts';
import { segmentSizes } from './segment-sizes.ts';
import { sizeOfFile, takerAway } from './take-away.ts';

/** At once, so that not every segment takes another one away. */
const leftShare = 0.95;
const rowsFile = /^rows-.+\.sqlite/;

export type MadeRoom = {
  readonly segments: number;
  /** Of their files. */
  readonly bytes: number;
  /** Rows before that are gone. */
  readonly toMs: number;
};
export type RoomOptions = {
  readonly maxBytes: number;
  readonly nowMs: number;
  /** Of others, the rows stay: they are in no sum yet. */
  readonly onlyPacked?: boolean;
  /** Says what would go; nothing does. */
  readonly isPlan?: boolean;
  readonly signer?: RetiredSigner | undefined;
  readonly signal?: AbortSignal | undefined;
};

const sumOf = (all: readonly number[]): number => all.reduce((sum, bytes) => sum + bytes, 0);

/** Bytes of segments, their keys, and rows in the store; sums are not among them. @param dir of the request log */
export async function rowsBytesOf(dir: string): Promise<{ segments: number; store: number }> {
  const store = join(dir, 'store');
  const forms = await readdir(store).catch(() => []);
  const sizes = Object.values(await segmentSizes(dir));
  const rows = await Promise.all(forms.map((form) => sizeOfRows(join(store, form))));
  return { segments: sumOf(sizes), store: sumOf(rows) };
}

/**
 * Safe to repeat, to kill, and beside others that do the same.
 * @returns undefined: there is room
 * @throws the system's error; what the signal was aborted with
 */
export async function makeRoom(dir: string, options: RoomOptions): Promise<MadeRoom | undefined> {
  const { maxBytes, nowMs, isPlan = false, onlyPacked = false, signer, signal } = options;
  const taken = await rowsBytesOf(dir);
  const total = taken.segments + taken.store;
  if (total <= maxBytes || taken.segments === 0) return undefined;
  // Rows of the store go with their segments.
  const toFree = (total - maxBytes * leftShare) * (taken.segments / total);
  const files = await listSegments(dir);
  const takeAway = takerAway(dir, 'room', nowMs, signer);
  const kept = new Set<string>();
  let [segments, bytes, goneMs, keptMs] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const { file, next, fromMs } of await oldestFirst(files)) {
    signal?.throwIfAborted();
    const run = `${file.gateway}.${file.run}`;
    const isKept = bytes >= toFree || kept.has(run) || (onlyPacked && !file.isPacked);
    // oxlint-disable-next-line no-await-in-loop
    const seen = isKept ? 'open' : await lookAtSegment(dir, file, next);
    if (seen === 'open') {
      kept.add(run);
      keptMs = Math.min(keptMs, fromMs);
    }
    // What can't be read is to be put aside.
    if (typeof seen === 'string') continue;
    // A clock that was ahead, or somebody's hand, says nothing of what comes.
    const endMs = Math.min(seen.endMs, nowMs);
    // oxlint-disable-next-line no-await-in-loop
    bytes += await sizeOfFile(file.path);
    // oxlint-disable-next-line no-await-in-loop
    if (!isPlan) await takeAway(file, endMs);
    segments += 1;
    goneMs = Math.max(goneMs, endMs);
  }
  return segments === 0 ? undefined : { segments, bytes, toMs: Math.min(goneMs + 1, keptMs) };
}

type Placed = {
  readonly file: SegmentFile;
  readonly next: SegmentFile | undefined;
  readonly fromMs: number;
};

/** By when they were begun; those of a run in their order, whatever its clock did. */
async function oldestFirst(files: readonly SegmentFile[]): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  let beforeMs = 0;
  for (const [index, file] of files.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    const head = await readSegmentHead(file.path);
    const openedAtMs = head?.openedAtMs ?? file.run;
    const fromMs = isWithinRun(files[index - 1], file) ? Math.max(beforeMs, openedAtMs) : openedAtMs;
    placed.push({ file, next: files[index + 1], fromMs });
    beforeMs = fromMs;
  }
  return placed.toSorted((a, b) => a.fromMs - b.fromMs || a.file.n - b.file.n);
}

async function sizeOfRows(dir: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(dir).catch(() => []))
    // oxlint-disable-next-line no-await-in-loop
    if (rowsFile.test(name)) bytes += await sizeOfFile(join(dir, name));
  return bytes;
}
