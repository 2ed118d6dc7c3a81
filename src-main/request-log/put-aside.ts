/**
 * Puts damaged segments aside, into `damaged/` beside `segments/`. Invariant: whoever reads the log reads both folders, so
 * that a segment answers, is checked and goes by retention as before, wherever a kill leaves it; its keys stay where they
 * are. What may still be written stays, and nothing that was put aside before is replaced.
 */
import { lstat, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { codeOf, isSystemError } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { isEnded } from './look-at-segment.ts';
import { readSegment } from './read-segment.ts';
import type { SegmentFile } from './segment-files.ts';
import { asideDir, isFolder, listSegments } from './segment-files.ts';

/** @param aside where it is now, from the log's folder on; undefined: where it was */
export type TellDamaged = (segment: string, aside: string | undefined) => void;

/**
 * Safe to repeat, to kill, and beside others that do the same.
 * @param dir of the request log
 * @param names of segments that were found damaged; each is read again
 * @param tell of those that are damaged and were not put aside before
 * @throws the system's error, when all others are where they belong
 */
export async function putAside(dir: string, names: Iterable<string>, tell: TellDamaged): Promise<void> {
  let problem: Error | undefined;
  for (let left = new Set(names); left.size > 0;) {
    // oxlint-disable-next-line no-await-in-loop
    const files = await listSegments(dir);
    const moved = new Set<string>();
    for (const [index, file] of files.entries()) {
      if (!left.has(file.name) || file.aside !== undefined) continue;
      // oxlint-disable-next-line no-await-in-loop
      const damage = await damageOf(dir, file, files[index + 1]);
      if (damage === 'none') continue;
      const isMoved =
        damage === 'for good' &&
        // oxlint-disable-next-line no-await-in-loop
        (await move(dir, file.path).catch((error: Error) => void (problem ??= error))) === true;
      if (isMoved) moved.add(file.name);
      tell(file.name, isMoved ? `${basename(asideDir(dir))}/${basename(file.path)}` : undefined);
    }
    // Where its packing was killed, there is another one.
    left = moved;
  }
  if (problem !== undefined) throw problem;
}

/** @returns `for now` where it is written still, or a disk does not give it that may give it another time */
async function damageOf(
  dir: string,
  file: SegmentFile,
  next: SegmentFile | undefined,
): Promise<'none' | 'for now' | 'for good'> {
  let [isDamaged, hasEnd] = [false, false];
  try {
    const batches = readSegment(file.path, {
      onDamage: (_line, isTorn) => void (isDamaged ||= !isTorn),
      onEnd: () => void (hasEnd = true),
    });
    for await (const _batch of batches);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'none';
    if (isSystemError(error) || error instanceof LatchkeyError) return 'for now';
    isDamaged = true;
  }
  if (!isDamaged) return 'none';
  return hasEnd || (await isEnded(dir, file, next)) ? 'for good' : 'for now';
}

/** @returns whether it went */
async function move(dir: string, path: string): Promise<boolean> {
  const folder = asideDir(dir);
  await makeFolder(folder);
  if ((await isFolder(folder)) !== true)
    throw Object.assign(new Error(`a link, and no folder: ${folder}`), { code: 'ENOTDIR' });
  const to = join(folder, basename(path));
  try {
    // One of that name was put back from a backup, perhaps, and is damaged again.
    if (await isThere(to)) return false;
    await rename(path, to);
    return true;
  } catch (error) {
    // Another process was quicker, or, where that counts, somebody reads it: the next time, then.
    if (['ENOENT', 'EBUSY', 'EPERM'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
