/**
 * Opens a file that a format has checked. Invariant: what is open is a regular file and exactly the one that was checked,
 * judged by its descriptor, and that at its very path: no link on the way leads elsewhere. Opening never waits, whatever was put
 * in its place.
 */
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { fileStamp } from './file-stamp.ts';
import { isOpenedAt } from './opened-path.ts';

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Gone, a link, or nothing that can be opened for reading. */
const absentCodes: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENXIO',
  'ENODEV',
  'EACCES',
]);

/**
 * @param path real: as `realpath` gave it when the file was checked
 * @returns undefined if it is gone or another one; the caller closes it
 */
export async function openStamped(
  path: string,
  stamp: string,
): Promise<{ readonly handle: FileHandle; readonly stats: Stats } | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (error) {
    if (error instanceof Error && 'code' in error && absentCodes.has(error.code)) return undefined;
    throw error;
  }
  try {
    const stats = await handle.stat();
    if (stats.isFile() && fileStamp(stats) === stamp && isOpenedAt(handle.fd, path)) return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}
