/**
 * When a segment was written at the latest, going by those that were begun after it: for what was written by a clock that
 * was ahead, or can't be read.
 */
import { readSegmentHead } from './read-segment.ts';
import type { SegmentFile } from './segment-files.ts';

/**
 * Reads the first line of each.
 * @returns for a segment's name, the earliest beginning of one that names it, or names one that does; Infinity: there is none
 */
export async function writtenBefore(files: readonly SegmentFile[]): Promise<(name: string) => number> {
  const followers = new Map<string, { readonly name: string; readonly openedAtMs: number }[]>();
  for (const { name, path } of files) {
    // oxlint-disable-next-line no-await-in-loop
    const head = await readSegmentHead(path);
    if (head === undefined) continue;
    for (const [before] of head.before) {
      const known = followers.get(before) ?? [];
      known.push({ name, openedAtMs: head.openedAtMs });
      followers.set(before, known);
    }
  }
  return (name) => {
    let leastMs = Number.POSITIVE_INFINITY;
    const seen = new Set([name]);
    // Grows while it is walked through.
    for (const one of seen)
      for (const follower of followers.get(one) ?? []) {
        leastMs = Math.min(leastMs, follower.openedAtMs);
        seen.add(follower.name);
      }
    return leastMs;
  };
}
