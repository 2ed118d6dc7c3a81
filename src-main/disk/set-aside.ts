/** Moves a file out of the way without losing it: a rename, which needs neither space nor a readable file. */
import { dirname } from 'node:path';
import type { DiskErrorCode } from './disk-error.ts';
import { codeOf, diskError } from './disk-error.ts';
import type { Disk, Steps } from './operations.ts';
import { call, run, runSync, systemDisk } from './operations.ts';
import { syncFolderSteps } from './write-file.ts';

export type SetAsideOptions = {
  /** Whose name the new one is made of, if not the file's own. */
  readonly as?: string;
  readonly code?: DiskErrorCode;
  readonly disk?: Disk;
};

/** More than anybody looks through; then the disk has another problem. */
const maxKept = 10_000;

/**
 * Renames `name` to `name.<label>-<n>`, with the first n that is free.
 * @returns the new path, or undefined when there is nothing of that name
 * @throws LatchkeyError with the given code (FILE_NOT_WRITABLE); the file is where it was
 */
export const setAside = (
  path: string,
  label: string,
  options: SetAsideOptions = {},
): Promise<string | undefined> => run(options.disk ?? systemDisk, setAsideSteps(path, label, options));

/** The same, without a pause. */
export const setAsideSync = (
  path: string,
  label: string,
  options: SetAsideOptions = {},
): string | undefined => runSync(options.disk ?? systemDisk, setAsideSteps(path, label, options));

function* setAsideSteps(path: string, label: string, options: SetAsideOptions): Steps<string | undefined> {
  try {
    if (!(yield* isThere(path))) return undefined;
    const name = options.as ?? path;
    let count = 1;
    while (count < maxKept && (yield* isThere(`${name}.${label}-${count}`))) count += 1;
    const aside = `${name}.${label}-${count}`;
    yield* call('rename', path, aside);
    yield* syncFolderQuietly(dirname(path));
    return aside;
  } catch (cause) {
    throw diskError(options.code ?? 'FILE_NOT_WRITABLE', 'set-aside', path, cause);
  }
}

function* isThere(path: string): Steps<boolean> {
  try {
    yield* call('lstat', path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** After a power cut the file may have its old name again: then it is put aside again. */
function* syncFolderQuietly(dir: string): Steps<void> {
  try {
    yield* syncFolderSteps(dir);
  } catch {
    // See above.
  }
}
