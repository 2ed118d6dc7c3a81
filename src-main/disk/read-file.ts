/**
 * Reading a file that somebody else may have put there. Invariant: only a regular file is read, judged by its open
 * descriptor; a pipe, device, socket or folder is refused at once and never waited for, and nothing larger than the
 * caller's bound is taken into memory.
 */
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { LatchkeyError } from '../../shared/errors.ts';
import type { DiskErrorCode } from './disk-error.ts';
import { codeOf, diskError, assertRegular } from './disk-error.ts';
import type { Disk, Steps } from './operations.ts';
import { call, closeQuietly, run, runSync, systemDisk } from './operations.ts';

export type ReadOptions = {
  readonly maxBytes: number;
  /** Code of the error (FILE_NOT_READABLE). */
  readonly code?: DiskErrorCode;
  /** Refuses a symbolic link in the last part of the path. */
  readonly refuseLink?: boolean;
  readonly disk?: Disk;
};

/** Zero on Windows, which has no such flags. */
const nonBlocking = constants.O_NONBLOCK ?? 0;
const noFollow = constants.O_NOFOLLOW ?? 0;
const pieceBytes = 1024 * 1024;

/** Opens a regular file for reading; for those who read it in pieces. The caller closes it. */
export function* openRegular(
  path: string,
  options: { readonly refuseLink?: boolean; readonly forWriting?: boolean } = {},
): Steps<{ fd: number; stats: Stats }> {
  // Looked at before it is opened, since opening alone makes some devices act.
  const before = yield* call(options.refuseLink === true ? 'lstat' : 'stat', path);
  assertRegular(path, before);
  const access = options.forWriting === true ? constants.O_RDWR : constants.O_RDONLY;
  const links = options.refuseLink === true ? noFollow : 0;
  const fd = yield* call('open', path, access | nonBlocking | links, 0);
  try {
    const stats = yield* call('fstat', fd);
    // Replaced between the two looks.
    assertRegular(path, stats);
    return { fd, stats };
  } catch (error) {
    yield* closeQuietly(fd);
    throw error;
  }
}

/** Up to `maxBytes` from a place on; `null` is the descriptor's own place. */
export function* readUpTo(fd: number, maxBytes: number, from: number): Steps<Buffer> {
  const pieces: Buffer[] = [];
  let filled = 0;
  while (filled < maxBytes) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, maxBytes - filled));
    const got = yield* call('read', fd, piece, 0, piece.length, from + filled);
    if (got === 0) break;
    pieces.push(piece.subarray(0, got));
    filled += got;
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, filled);
}

function* readSteps(path: string, options: ReadOptions): Steps<Buffer> {
  try {
    const { fd, stats } = yield* openRegular(path, options);
    let bytes: Buffer;
    try {
      if (stats.size > options.maxBytes) throw tooLarge(path, options.maxBytes);
      // One more than allowed, as the file may grow meanwhile, and those under /proc say that they are empty.
      bytes = yield* readUpTo(fd, options.maxBytes + 1, 0);
    } catch (error) {
      yield* closeQuietly(fd);
      throw error;
    }
    yield* closeQuietly(fd);
    if (bytes.length > options.maxBytes) throw tooLarge(path, options.maxBytes);
    return bytes;
  } catch (cause) {
    throw diskError(options.code ?? 'FILE_NOT_READABLE', 'read', path, cause);
  }
}

/**
 * The whole of a regular file.
 * @throws LatchkeyError with the given code when the disk refuses, FILE_NOT_REGULAR, FILE_TOO_LARGE
 */
export const readRegularFile = (path: string, options: ReadOptions): Promise<Buffer> =>
  run(options.disk ?? systemDisk, readSteps(path, options));

/** The same, without a pause. */
export const readRegularFileSync = (path: string, options: ReadOptions): Buffer =>
  runSync(options.disk ?? systemDisk, readSteps(path, options));

/** The same, or undefined when there is no such file. */
export function readIfThereSync(path: string, options: ReadOptions): Buffer | undefined {
  try {
    return readRegularFileSync(path, options);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The same, or undefined when there is no such file. */
export async function readIfThere(path: string, options: ReadOptions): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path, options);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The first bytes of a regular file, and its size. @throws LatchkeyError as readRegularFile */
export function readHead(
  path: string,
  options: ReadOptions,
): Promise<{ readonly bytes: Buffer; readonly sizeBytes: number }> {
  return run(options.disk ?? systemDisk, headSteps(path, options));
}

/** The same, without a pause. */
export const readHeadSync = (
  path: string,
  options: ReadOptions,
): { readonly bytes: Buffer; readonly sizeBytes: number } =>
  runSync(options.disk ?? systemDisk, headSteps(path, options));

function* headSteps(path: string, options: ReadOptions): Steps<{ bytes: Buffer; sizeBytes: number }> {
  try {
    const { fd, stats } = yield* openRegular(path, options);
    try {
      return { bytes: yield* readUpTo(fd, options.maxBytes, 0), sizeBytes: stats.size };
    } finally {
      yield* closeQuietly(fd);
    }
  } catch (cause) {
    throw diskError(options.code ?? 'FILE_NOT_READABLE', 'read', path, cause);
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && codeOf(error.cause) === 'ENOENT';

const tooLarge = (path: string, maxBytes: number) =>
  new LatchkeyError('FILE_TOO_LARGE', ['fileTooLarge', path, maxBytes], {
    details: { path, maxBytes },
  });
