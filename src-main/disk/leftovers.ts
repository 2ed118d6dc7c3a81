/**
 * New files that never got their name, because the process that wrote them was killed before the rename. Invariant: only
 * names that `replaceFile` gives are looked for, and whoever removes them holds the lock under which the file is
 * replaced, so that nobody's unfinished work is taken away.
 */
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSystemError } from './disk-error.ts';

/** The unfinished files of a path. None where the folder cannot be listed: they only take space. */
export async function findLeftovers(path: string): Promise<readonly string[]> {
  const dir = dirname(path);
  const prefix = `.${basename(path)}.`;
  const isLeftover = (name: string): boolean =>
    name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length));
  try {
    return (await readdir(dir)).filter((name) => isLeftover(name)).map((name) => join(dir, name));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

/** Removes what `findLeftovers` finds now. Call it under the lock of the path. */
export async function removeLeftovers(path: string): Promise<void> {
  for (const leftover of await findLeftovers(path)) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      await unlink(leftover);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}
