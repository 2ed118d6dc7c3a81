/**
 * Whether an open descriptor is of the file at a path, with no link on the way to it. Invariant: what was opened through a
 * folder that somebody swapped for a link, however briefly, is never taken for the file that stands there otherwise: the
 * path was looked at before it was opened, and both may have gone through the link.
 */
import type { BigIntStats } from 'node:fs';
import { existsSync, fstatSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

const descriptors = '/proc/self/fd';
/** Linux names the file that is open itself; asking takes microseconds, and no disk. */
const hasDescriptors = existsSync(descriptors);
/** Folders above may change at any time, as a common one for temporary files does. */
const maxLooks = 10;

/** @param path real: as `realpath` gives it */
export function isOpenedAt(fd: number, path: string, asksKernel = hasDescriptors): boolean {
  return asksKernel ? readlinkSync(`${descriptors}/${fd}`) === path : isAt(fd, path);
}

/**
 * Elsewhere: the folders on the way are none of them a link, the same file stands at their end, and they are unchanged
 * after that look. A swap changes the folder that it happens in, as exactly as the file system keeps times.
 */
function isAt(fd: number, path: string): boolean {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  for (let look = 0; look < maxLooks; look += 1) {
    const before = wayTo(path);
    const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (before === undefined || there === undefined || there.dev !== dev || there.ino !== ino) return false;
    if (wayTo(path) === before) return true;
  }
  return false;
}

/** Which folders lead to a path; undefined when one is a link, or gone. */
function wayTo(path: string): string | undefined {
  const marks: string[] = [];
  for (let at = dirname(path); ; at = dirname(at)) {
    const facts: BigIntStats | undefined = lstatSync(at, { bigint: true, throwIfNoEntry: false });
    if (facts?.isDirectory() !== true) return undefined;
    marks.push(`${facts.dev} ${facts.ino} ${facts.ctimeNs}`);
    if (at === dirname(at)) return marks.join('\n');
  }
}
