/**
 * Replacing a file as a whole. Invariant: whatever fails, and wherever the power goes, the path names either the old
 * file or the new one, complete; the new one only after it was written, synced and read back. An error means that the
 * old file stands, or says that this is not known.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { DiskErrorCode } from './disk-error.ts';
import { sentenceOf } from '../../shared/texts/said.ts';
import { DiskFault, codeOf, diskError, reasonOf, assertRegular } from './disk-error.ts';
import type { Disk, Steps } from './operations.ts';
import { call, closeQuietly, run, runSync, systemDisk, waitFor } from './operations.ts';
import { openRegular, readUpTo } from './read-file.ts';

export type ReplaceOptions = {
  /** Mode of the new file. Without others' rights from the first byte on. */
  readonly mode: number;
  /** Code of the error (FILE_NOT_WRITABLE). */
  readonly code?: DiskErrorCode;
  /** `refuse`: FILE_EXISTS when something has that name already. */
  readonly existing?: 'replace' | 'refuse';
  /** A symbolic link is refused instead of being followed to the file that it names. */
  readonly refuseLink?: boolean;
  /** Fails where the file system cannot give the mode (FAT, some network drives), instead of doing without. */
  readonly exactMode?: boolean;
  readonly disk?: Disk;
};

/**
 * The file was replaced. Not `confirmed`: every program sees the new file, but the disk did not say whether its name
 * would survive a power cut; `warning` is a sentence for the operator.
 */
export type Replaced =
  | { readonly confirmed: true }
  | { readonly confirmed: false; readonly warning: string; readonly cause: unknown };

const noFollow = constants.O_NOFOLLOW ?? 0;
const makeNew = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | noFollow;
/** Systems that have no such call on a folder say so by one of these. */
const noFolderSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);
const renameAttempts = 20;
const renamePauseMs = 25;
/** Compared piece by piece, so that the event loop is not held up by a large one. */
const pieceBytes = 1024 * 1024;

/**
 * Replaces a file, or makes it. The folder must be there.
 * @throws LatchkeyError with the given code when the old file stands; `details.outcome` is `unknown` instead of
 * `unchanged` in the rare case that the disk fails on the rename and on the look after it
 */
export const replaceFile = (
  path: string,
  data: string | Uint8Array,
  options: ReplaceOptions,
): Promise<Replaced> => run(options.disk ?? systemDisk, replaceSteps(path, whole(data), options));

/** The same, without a pause. */
export const replaceFileSync = (path: string, data: string | Uint8Array, options: ReplaceOptions): Replaced =>
  runSync(options.disk ?? systemDisk, replaceSteps(path, whole(data), options));

/**
 * The same with pieces that are made while they are written, for what is too large to hold in memory. What the pieces
 * throw ends the writing, and comes out as it is.
 */
export async function replaceFileByPieces(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  options: ReplaceOptions,
): Promise<Replaced> {
  const iterator = pieces[Symbol.asyncIterator]();
  const next = function* (): Steps<Uint8Array | undefined> {
    const { done, value } = yield* waitFor(() => iterator.next());
    return done === true ? undefined : toBytes(value);
  };
  try {
    return await run(options.disk ?? systemDisk, replaceSteps(path, next, options));
  } finally {
    // After a failure of the disk, whoever makes the pieces can stop.
    await iterator.return?.();
  }
}

const toBytes = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data, 'utf8') : data;

/** What is to be written, piece by piece; undefined after the last. */
type Source = () => Steps<Uint8Array | undefined>;

function whole(data: string | Uint8Array): Source {
  let bytes: Uint8Array | undefined = toBytes(data);
  // oxlint-disable-next-line require-yield
  return function* () {
    const piece = bytes;
    bytes = undefined;
    return piece;
  };
}

/** By what the new file is told from any other. */
type Print = { readonly sizeBytes: number; readonly sha256: string };

function* replaceSteps(path: string, source: Source, options: ReplaceOptions): Steps<Replaced> {
  const failed = (cause: unknown, outcome: 'unchanged' | 'unknown') =>
    diskError(options.code ?? 'FILE_NOT_WRITABLE', `write-${outcome}`, path, cause, outcome);
  let target: string;
  let temporary: string;
  let isReserved = false;
  try {
    target = yield* targetOf(path, options.refuseLink === true);
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    if (options.existing === 'refuse') {
      yield* reserve(target, options.mode);
      isReserved = true;
    }
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') {
      throw new LatchkeyError('FILE_EXISTS', ['fileExists', path], {
        details: { path },
        cause,
      });
    }
    throw failed(cause, 'unchanged');
  }
  let print: Print;
  try {
    print = yield* writeVerified(temporary, source, options);
  } catch (cause) {
    yield* removeQuietly(temporary);
    if (isReserved) yield* removeQuietly(target);
    throw failed(cause, 'unchanged');
  }
  try {
    yield* renamePatiently(temporary, target);
  } catch (cause) {
    // A network drive may rename and still report a failure: the file itself says what happened.
    const seen = yield* looksLike(target, print);
    if (seen === true) return unconfirmed(path, cause);
    yield* removeQuietly(temporary);
    if (isReserved && seen === false) yield* removeQuietly(target);
    throw failed(cause, seen === false ? 'unchanged' : 'unknown');
  }
  try {
    yield* syncFolderSteps(dirname(target));
    return { confirmed: true };
  } catch (cause) {
    return unconfirmed(path, cause);
  }
}

/** On Windows a virus scanner or indexer may hold either file for a moment. */
function* renamePatiently(from: string, to: string): Steps<void> {
  for (let left = process.platform === 'win32' ? renameAttempts : 1; ; left -= 1) {
    try {
      yield* call('rename', from, to);
      return;
    } catch (error) {
      if (left === 1 || !['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '')) throw error;
      yield* call('pause', renamePauseMs);
    }
  }
}

function unconfirmed(path: string, cause: unknown): Replaced {
  const warning = sentenceOf(['writeUnconfirmed', path, reasonOf(cause)]);
  return { confirmed: false, warning, cause };
}

/** The file behind a symbolic link, so that the link itself stays. */
function* targetOf(path: string, refuseLink: boolean): Steps<string> {
  let isLink: boolean;
  try {
    const stats = yield* call('lstat', path);
    isLink = stats.isSymbolicLink();
    if (!isLink || refuseLink) assertRegular(path, stats);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path;
    throw error;
  }
  if (!isLink) return path;
  const target = yield* call('realpath', path);
  assertRegular(path, yield* call('stat', target));
  return target;
}

/** Takes a free name, so that two who want it cannot both get it. */
function* reserve(path: string, mode: number): Steps<void> {
  const fd = yield* call('open', path, makeNew, mode);
  yield* closeQuietly(fd);
}

function* writeVerified(path: string, source: Source, options: ReplaceOptions): Steps<Print> {
  const fd = yield* call('open', path, makeNew, options.mode);
  let print: Print;
  try {
    yield* giveMode(fd, options);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for (let piece = yield* source(); piece !== undefined; piece = yield* source()) {
      yield* writeAll(fd, piece, sizeBytes);
      hash.update(piece);
      sizeBytes += piece.length;
    }
    print = { sizeBytes, sha256: hash.digest('base64') };
    yield* call('fsync', fd);
    if (!(yield* hasPrint(fd, print))) throw new DiskFault('CHANGED', `${path} is not what was written`);
  } catch (error) {
    yield* closeQuietly(fd);
    throw error;
  }
  // Not quietly: some network drives report only here that they kept nothing.
  yield* call('close', fd);
  return print;
}

function* hasPrint(fd: number, print: Print): Steps<boolean> {
  if ((yield* call('fstat', fd)).size !== print.sizeBytes) return false;
  const hash = createHash('sha256');
  for (let from = 0; from < print.sizeBytes; from += pieceBytes) {
    hash.update(yield* readUpTo(fd, Math.min(pieceBytes, print.sizeBytes - from), from));
  }
  return hash.digest('base64') === print.sha256;
}

/** The process's umask may have taken rights away. Windows has no such rights. */
function* giveMode(fd: number, { mode, exactMode }: ReplaceOptions): Steps<void> {
  if (process.platform === 'win32' || ((yield* call('fstat', fd)).mode & 0o777) === mode) return;
  try {
    yield* call('fchmod', fd, mode);
  } catch (error) {
    if (exactMode === true || !['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
  }
}

/** Writes all bytes at a place: a call may take fewer than it is offered, and a second one says why. */
export function* writeAll(fd: number, bytes: Uint8Array, position: number): Steps<void> {
  let written = 0;
  while (written < bytes.length) {
    const length = Math.min(pieceBytes, bytes.length - written);
    const took = yield* call('write', fd, bytes, written, length, position + written);
    if (took <= 0) throw new DiskFault('SHORT_WRITE', 'the disk took no bytes and gave no reason');
    written += took;
  }
}

/** @throws DiskFault CHANGED when the file does not hold these bytes at this place */
export function* assertGivesBack(fd: number, bytes: Uint8Array, position: number): Steps<void> {
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const wanted = bytes.subarray(from, from + pieceBytes);
    const got = yield* readUpTo(fd, wanted.length, position + from);
    if (!got.equals(wanted)) throw new DiskFault('CHANGED', 'what was read back is not what was written');
  }
}

/** Whether a file is the one that was written; undefined when it cannot be read. */
function* looksLike(path: string, print: Print): Steps<boolean | undefined> {
  try {
    const { fd } = yield* openRegular(path);
    try {
      return yield* hasPrint(fd, print);
    } finally {
      yield* closeQuietly(fd);
    }
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? false : undefined;
  }
}

function* removeQuietly(path: string): Steps<void> {
  try {
    yield* call('unlink', path);
  } catch {
    // Never made, or the disk takes no changes: it is not the file that counts, and a later sweep finds it.
  }
}

/** Makes a rename or a new name survive a power cut. Windows has no such call, and some file systems have none. */
export function* syncFolderSteps(dir: string): Steps<void> {
  if (process.platform === 'win32') return;
  const fd = yield* call('open', dir, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0), 0);
  try {
    yield* call('fsync', fd);
  } catch (error) {
    if (!noFolderSync.has(codeOf(error) ?? '')) throw error;
  } finally {
    yield* closeQuietly(fd);
  }
}
