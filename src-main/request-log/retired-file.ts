/**
 * What went by retention, a line of `retired.jsonl` each: `{ "segment", "root", "why", "atMs", "end"? }`. Invariant: `end`
 * repeats what the gateway signed when it closed the segment, so that whoever can write this file cannot make a segment
 * that was taken away look as old as it would have to be.
 */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/disk-error.ts';
import type { SegmentName } from './segment-files.ts';
import type { SegmentEnd, SegmentHead } from './segment-lines.ts';
import { endClaim } from './segment-lines.ts';
import { isSegmentSignature } from './segment-signature.ts';

/** As its head and its end say. */
export type RetiredEnd = Pick<SegmentHead, 'before'> & Omit<SegmentEnd, 'root'>;
export type RetiredSegment = {
  readonly segment: string;
  readonly root: string;
  readonly why: 'retention';
  readonly atMs: number;
  /** Absent for one whose gateway was killed. */
  readonly end?: RetiredEnd;
};

const pathOf = (dir: string): string => join(dir, 'retired.jsonl');

/** By the segments' names; lines that are none are left out, so that their segments are told as missing. */
export async function readRetired(dir: string): Promise<ReadonlyMap<string, RetiredSegment>> {
  let text: string;
  try {
    text = await readFile(pathOf(dir), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return new Map();
    throw error;
  }
  const retired = new Map<string, RetiredSegment>();
  for (const line of text.split('\n')) {
    try {
      const value = JSON.parse(line) as RetiredSegment | null;
      if (typeof value?.segment === 'string' && typeof value.root === 'string')
        retired.set(value.segment, value);
    } catch {
      // See above.
    }
  }
  return retired;
}

/** A line, on the disk when this resolves. Several processes may append at once; a torn line before it stays one. */
export async function noteRetired(dir: string, line: RetiredSegment): Promise<void> {
  const file = await open(pathOf(dir), 'a', 0o600);
  try {
    await file.write(`\n${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * When a segment ended, as its gateway signed it.
 * @param x of the gateway's key, from a place that is not the log
 * @returns undefined where nothing proves it
 */
export function provenEndMs(
  { gateway, run, n }: SegmentName,
  { root, end }: RetiredSegment,
  x: string,
): number | undefined {
  try {
    if (end === undefined) return undefined;
    const head = { gateway, run, n, before: end.before, key: '', openedAtMs: 0, macKeys: '', whoKeys: '' };
    return isSegmentSignature(end.sig, x, gateway, endClaim(head, { ...end, root })) ? end.atMs : undefined;
  } catch {
    // No end of ours.
    return undefined;
  }
}
