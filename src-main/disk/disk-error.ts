/** What a disk refuses, in words. One place, so that a full disk reads the same wherever it is met. */
import type { Stats } from 'node:fs';
import { LatchkeyError } from '../../shared/errors.ts';

/** The code of the system's error, e.g. `ENOSPC`. */
export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** Not a bug: an error that the operating system gave for a call. */
export function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && codeOf(cause) !== undefined;
}

/** Thrown inside this room where no system call failed but the outcome is as bad. */
export class DiskFault extends Error {
  readonly code: 'SHORT_WRITE' | 'CHANGED';

  constructor(code: DiskFault['code'], message: string) {
    super(message);
    this.name = 'DiskFault';
    this.code = code;
  }
}

/** A failure of the disk rather than a bug. */
export const isDiskFailure = (cause: unknown): boolean => isSystemError(cause) || cause instanceof DiskFault;

/** What is wrong, and what to do. */
const words: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, then try again.',
  EDQUOT: 'Your quota on this disk is used up. Free some space, then try again.',
  EFBIG: 'A limit on the size of files was reached. Raise the limit (`ulimit -f`), then try again.',
  EIO: 'The disk reported an input/output error. Check the disk before you go on.',
  EROFS: 'The disk is read-only. Mount it writable, then try again.',
  EACCES: 'You have no permission. Check the owner and mode of the file and its folder.',
  EPERM: 'You have no permission. Check the owner and mode of the file and its folder.',
  ENOENT: 'The file or its folder is not there.',
  ENOTDIR: 'A part of the path is not a folder.',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a symbolic link, which is not followed here.',
  ENAMETOOLONG: 'The name is too long for this disk.',
  EMFILE: 'This program has too many files open.',
  ENFILE: 'The system has too many files open.',
  EBUSY: 'Another program keeps it open. Close that program, then try again.',
  ESTALE: 'The network drive is gone. Connect it again, then try again.',
  ETIMEDOUT: 'The network drive does not answer. Check the connection, then try again.',
  ENXIO: 'It is a socket or a device, not a file.',
  SHORT_WRITE: 'The disk took only a part of it. Free some space, then try again.',
  CHANGED: 'The disk does not give back what was written. Check the disk before you go on.',
};

/** Why the disk refused, as a sentence or two. */
export function describeDiskError(cause: unknown): string {
  const code = codeOf(cause);
  return words[code ?? ''] ?? `The system says: ${code ?? 'unknown error'}.`;
}

export type DiskErrorCode = 'VAULT_UNAVAILABLE' | 'FILE_NOT_WRITABLE' | 'FILE_NOT_READABLE';

/**
 * A failure of the disk as an error for people; anything else passes through as it is.
 * @param what the sentence in front, e.g. `vault.json could not be written.`
 */
export function diskError(
  code: DiskErrorCode,
  what: string,
  path: string,
  cause: unknown,
  outcome?: 'unchanged' | 'unknown',
): unknown {
  if (!isDiskFailure(cause)) return cause;
  return new LatchkeyError(code, `${what} ${describeDiskError(cause)}`, {
    details: { path, reason: codeOf(cause) ?? 'unknown', ...(outcome === undefined ? {} : { outcome }) },
    cause,
  });
}

/** @throws LatchkeyError FILE_NOT_REGULAR unless it is a regular file */
export function assertRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const kind = kindOf(stats);
  throw new LatchkeyError('FILE_NOT_REGULAR', `${path} is a ${kind}, not a file. Name a regular file.`, {
    details: { path, kind },
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  if (stats.isSymbolicLink()) return 'symbolic link';
  return 'device';
}
