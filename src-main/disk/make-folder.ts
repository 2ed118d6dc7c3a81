/**
 * Folders and those around them. Not Node's recursive `mkdir`: that one tries for ever, at full load, where a folder that
 * is there takes no other, as /proc does (a container's home may be there).
 */
import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those around it that are missing; content with one that is there.
 * @param mode the permissions of each that is made
 * @throws the system's error of the call that failed
 */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (await isFolder(path)) return;
    const around = dirname(path);
    if (isOtherThanMissing(error) || around === path || (await isFolder(around))) throw error;
    await makeFolder(around, mode);
    await makeFolder(path, mode);
  }
}

/** The same, without waiting. */
export function makeFolderSync(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isFolderSync(path)) return;
    const around = dirname(path);
    if (isOtherThanMissing(error) || around === path || isFolderSync(around)) throw error;
    makeFolderSync(around, mode);
    makeFolderSync(path, mode);
  }
}

// Alone in its file, without the words of errors: the single file unpacks itself with it.
const isOtherThanMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== 'ENOENT';

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function isFolderSync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
