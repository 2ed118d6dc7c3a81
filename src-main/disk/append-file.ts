/**
 * Appending to a file whose length is known. Invariant: the answer is the truth about the bytes: on the disk, not on it,
 * or not known; half of them is never left behind without saying so.
 */
import type { Disk, Steps } from './operations.ts';
import { call, run, systemDisk } from './operations.ts';
import { assertGivesBack, writeAll } from './write-file.ts';
import { isDiskFailure, isSystemError } from './disk-error.ts';

/**
 * `there`: written, synced, read back. `not-there`: the file has its old length again, and the disk confirmed it.
 * `unknown`: neither could be made sure of; the caller reads the file again, and says so if that does not tell.
 */
export type AppendOutcome =
  | { readonly state: 'there' }
  | { readonly state: 'not-there'; readonly cause: unknown }
  | { readonly state: 'unknown'; readonly cause: unknown };

/**
 * Appends bytes durably.
 * @param fd open for reading and writing, not in append mode (Linux would ignore the position)
 * @param knownLength where the file ends; whoever calls holds the lock and has cut off what a crash left
 */
export const appendDurably = (
  fd: number,
  knownLength: number,
  bytes: Uint8Array,
  disk: Disk = systemDisk,
): Promise<AppendOutcome> => run(disk, appendSteps(fd, knownLength, bytes));

function* appendSteps(fd: number, knownLength: number, bytes: Uint8Array): Steps<AppendOutcome> {
  try {
    yield* writeAll(fd, bytes, knownLength);
    yield* call('fsync', fd);
    yield* assertGivesBack(fd, bytes, knownLength);
    return { state: 'there' };
  } catch (cause) {
    if (!isDiskFailure(cause)) throw cause;
    return { state: (yield* cutSteps(fd, knownLength)) ? 'not-there' : 'unknown', cause };
  }
}

/**
 * Cuts a file back to a length, durably.
 * @returns whether it certainly has that length now
 */
export const cutBack = (fd: number, length: number, disk: Disk = systemDisk): Promise<boolean> =>
  run(disk, cutSteps(fd, length));

function* cutSteps(fd: number, length: number): Steps<boolean> {
  try {
    yield* call('ftruncate', fd, length);
    yield* call('fsync', fd);
    return (yield* call('fstat', fd)).size === length;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}
