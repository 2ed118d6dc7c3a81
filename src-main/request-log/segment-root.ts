/** What a segment comes to: the hash that its signature and the next segment name. */
import { createHash } from 'node:crypto';
import { readLines } from './read-segment.ts';
import type { SegmentFile } from './segment-files.ts';
import { listSegments } from './segment-files.ts';
import type { SegmentHead } from './segment-lines.ts';

/** Runs that the first segment of a new one names; of more, each is named by one of these. */
const maxRunsBefore = 16;

/** Whether a line is hashed: sealed ones may go, and the end names the hash. */
export const isOfRoot = (text: string): boolean => !text.startsWith('{"s":') && !text.startsWith('{"end":');

/** The root of a segment as it is in its file, without a torn end. @throws the system's error */
export async function rootOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const { text, isTorn } of readLines(path))
    if (!isTorn && isOfRoot(text)) hash.update(`${text}\n`);
  return hash.digest('base64url');
}

/**
 * What the first segment of a run names as standing before it: the last segment of each of the latest runs that are
 * over, of any gateway of this folder. One that cannot be read is left out: who verifies finds it damaged.
 * @param live runs that are not over, as `<gateway>.<run>`
 */
export async function linksBefore(dir: string, live: readonly string[]): Promise<SegmentHead['before']> {
  const last = new Map<string, SegmentFile>();
  for (const file of await listSegments(dir)) last.set(`${file.gateway}.${file.run}`, file);
  for (const run of live) last.delete(run);
  const latest = [...last.values()].toSorted((a, b) => b.run - a.run).slice(0, maxRunsBefore);
  const links: (readonly [string, string])[] = [];
  for (const { name, path } of latest) {
    try {
      // One after the other: each is read whole.
      // oxlint-disable-next-line no-await-in-loop
      links.push([name, await rootOf(path)]);
    } catch {
      // See above.
    }
  }
  return links;
}
