/** What is to be known of a segment before it may go. */
import { stat } from 'node:fs/promises';
import { readSegment } from './read-segment.ts';
import { isRunOver } from './run-lock.ts';
import type { SegmentEnd, SegmentHead } from './segment-lines.ts';
import type { SegmentFile } from './segment-files.ts';

export type SeenSegment = {
  /** Of the newest row. */
  readonly rowsMs: number;
  /** Of all of it, its end among that. */
  readonly endMs: number;
};

/**
 * @param next the one behind it, by gateway, run and number
 * @returns `open` while it is written, `unreadable` where it does not say what it is: then it is to be looked at. One that
 *   was put aside is looked at already: it is as old as its file
 */
export async function lookAtSegment(
  dir: string,
  file: SegmentFile,
  next: SegmentFile | undefined,
): Promise<SeenSegment | 'open' | 'unreadable'> {
  let [head, end]: [SegmentHead | undefined, SegmentEnd | undefined] = [undefined, undefined];
  let rowsMs = 0;
  try {
    const onHead = (found: SegmentHead) => (head = found);
    const onEnd = (found: SegmentEnd) => (end = found);
    for await (const { atMs } of readSegment(file.path, { onHead, onEnd })) rowsMs = Math.max(rowsMs, atMs);
  } catch (error) {
    // Taken by another, not to be read, or larger than any of ours.
    if (!(error instanceof Error)) throw error;
    head = undefined;
  }
  // TypeScript does not see that they were told.
  const seen = { head: head as SegmentHead | undefined, end: end as SegmentEnd | undefined };
  if (seen.head === undefined) {
    const atMs = file.aside === undefined ? undefined : await changedAt(file.path);
    if (atMs === undefined) return 'unreadable';
    return (await isEnded(dir, file, next)) ? { rowsMs: atMs, endMs: atMs } : 'open';
  }
  rowsMs = Math.max(rowsMs, seen.head.openedAtMs);
  const isOver = seen.end !== undefined || (await isEnded(dir, file, next));
  return isOver ? { rowsMs, endMs: Math.max(rowsMs, seen.end?.atMs ?? 0) } : 'open';
}

/** Whether nothing is added to a segment any more, also where it does not say so. */
export const isEnded = async (
  dir: string,
  file: SegmentFile,
  next: SegmentFile | undefined,
): Promise<boolean> => isWithinRun(file, next) || (await isRunOver(dir, file));

const changedAt = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => Math.floor(mtimeMs),
    () => undefined,
  );

/** Whether both are of one run. */
export const isWithinRun = (one: SegmentFile | undefined, other: SegmentFile | undefined): boolean =>
  one !== undefined && one.gateway === other?.gateway && one.run === other.run;
