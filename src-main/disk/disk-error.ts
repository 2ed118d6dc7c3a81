/** What a disk refuses, in words. One place, so that a full disk reads the same wherever it is met. */
import type { Stats } from 'node:fs';
import { LatchkeyError } from '../../shared/errors.ts';
import type { DiskAct } from '../../shared/texts/en/said-vault.ts';

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

/** Why the disk refused, as the catalogue knows it. */
export const reasonOf = (cause: unknown): string => codeOf(cause) ?? 'unknown error';

export type DiskErrorCode = 'VAULT_UNAVAILABLE' | 'FILE_NOT_WRITABLE' | 'FILE_NOT_READABLE';

/**
 * A failure of the disk as an error for people; anything else passes through as it is.
 * @param act what was tried, as the catalogue names it
 * @param shown the path to show where it is another than the one that failed
 */
export function diskError(
  code: DiskErrorCode,
  act: DiskAct,
  path: string,
  cause: unknown,
  outcome?: 'unchanged' | 'unknown',
  shown = path,
): unknown {
  if (!isDiskFailure(cause)) return cause;
  return new LatchkeyError(code, ['disk', act, shown, reasonOf(cause)], {
    details: { path, reason: codeOf(cause) ?? 'unknown', ...(outcome === undefined ? {} : { outcome }) },
    cause,
  });
}

/** @throws LatchkeyError FILE_NOT_REGULAR unless it is a regular file */
export function assertRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const kind = kindOf(stats);
  throw new LatchkeyError('FILE_NOT_REGULAR', ['notRegular', path, kind], {
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
