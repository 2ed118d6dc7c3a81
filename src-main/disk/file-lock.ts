/**
 * One writer at a time, across processes, containers and users of one computer: the kernel's lock on an open file.
 * Invariant: the kernel's lock alone decides, and the kernel frees it when its holder is gone, however it went. The
 * text in the file only names the holder in a message, and the file is never deleted, as two processes would then
 * lock two files. Without such locks nothing is written.
 */
import { constants } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { codeOf, diskError, assertRegular } from './disk-error.ts';
import type { NativeLock } from './native-lock.ts';
import { loadNativeLock } from './native-lock.ts';
import type { Disk, Steps } from './operations.ts';
import { call, closeQuietly, run, systemDisk } from './operations.ts';
import { readUpTo } from './read-file.ts';

const lockHolder = z.object({
  pid: z.number().int(),
  host: z.string().max(300),
  program: z.string().max(300),
  sinceMs: z.number(),
});
type LockHolder = z.infer<typeof lockHolder>;

export type LockOptions = {
  /** An append takes milliseconds; whoever holds the lock longer than two seconds is stuck or very busy. */
  readonly giveUpAfterMs?: number;
  /** For the holder’s name: since when. */
  readonly now?: () => number;
  readonly disk?: Disk;
  /** The kernel's lock; a test hands in one that fails. */
  readonly native?: () => Promise<NativeLock>;
};

const defaultGiveUpAfterMs = 2_000;
const retryEveryMs = 20;
const maxTextBytes = 1024;
/**
 * On Windows a locked range cannot be read by others, so the lock lies behind the text; macOS locks whole files only.
 */
const [lockFrom, lockLength] = process.platform === 'win32' ? [1_073_741_824, 1] : [0, 0];
/** What a file system without locks answers. */
const noLocks = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOLCK', 'EINVAL']);
const access =
  constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Runs work while this process, and nobody else, holds the lock of a path. Not reentrant: work that takes the same lock
 * again waits for itself and gets VAULT_BUSY.
 * @throws LatchkeyError VAULT_BUSY naming the holder, VAULT_UNAVAILABLE when the lock file cannot be opened,
 * LOCK_UNSUPPORTED when this system or file system has no locks
 */
export async function withFileLock<T>(
  path: string,
  options: LockOptions,
  work: () => T | Promise<T>,
): Promise<T> {
  const { now = Date.now, disk = systemDisk, giveUpAfterMs = defaultGiveUpAfterMs } = options;
  const native = await (options.native ?? loadNativeLock)();
  // A clock that is set back must not make the waiting longer.
  const deadlineMs = performance.now() + giveUpAfterMs;
  for (;;) {
    const taken = await attempt(path, native, disk);
    if (taken.fd !== undefined) return holding(taken.fd, native, disk, now, work);
    if (performance.now() >= deadlineMs) throw busy(taken.holder);
    await wait(retryEveryMs);
  }
}

async function holding<T>(
  fd: number,
  native: NativeLock,
  disk: Disk,
  now: () => number,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    await run(disk, nameHolder(fd, now()));
    return await work();
  } finally {
    await run(disk, release(fd, native));
  }
}

type Attempt = { readonly fd: number } | { readonly fd?: undefined; readonly holder: LockHolder | undefined };

async function attempt(path: string, native: NativeLock, disk: Disk): Promise<Attempt> {
  try {
    return await run(disk, attemptSteps(path, native));
  } catch (cause) {
    throw diskError('VAULT_UNAVAILABLE', 'lock-open', path, cause);
  }
}

function* attemptSteps(path: string, native: NativeLock): Steps<Attempt> {
  const fd = yield* call('open', path, access, 0o600);
  let keep = false;
  try {
    const stats = yield* call('fstat', fd);
    assertRegular(path, stats);
    if (!lockNow(fd, native, path)) return { holder: yield* readHolder(fd) };
    // Somebody deleted or replaced the file between: this lock would exclude nobody.
    const named = yield* statIfThere(path);
    if (named === undefined || named.ino !== stats.ino || named.dev !== stats.dev)
      return { holder: undefined };
    keep = true;
    return { fd };
  } finally {
    if (!keep) yield* closeQuietly(fd);
  }
}

function lockNow(fd: number, native: NativeLock, path: string): boolean {
  try {
    return native.tryLock(fd, lockFrom, lockLength);
  } catch (cause) {
    if (!noLocks.has(codeOf(cause) ?? '')) throw asSystemError(cause);
    throw new LatchkeyError('LOCK_UNSUPPORTED', ['noFileLocks', path], { details: { path }, cause });
  }
}

/** The native package gives a code but does not name the call. */
const asSystemError = (cause: unknown): unknown =>
  cause instanceof Error && codeOf(cause) !== undefined ? Object.assign(cause, { syscall: 'lock' }) : cause;

function* statIfThere(path: string): Steps<{ ino: number; dev: number } | undefined> {
  try {
    return yield* call('lstat', path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Best effort: a full disk must not keep anybody from, say, revoking. */
function* nameHolder(fd: number, nowMs: number): Steps<void> {
  const holder: LockHolder = {
    pid: process.pid,
    host: hostname(),
    program: basename(process.execPath),
    sinceMs: nowMs,
  };
  const text = Buffer.from(JSON.stringify(holder), 'utf8');
  try {
    yield* call('ftruncate', fd, 0);
    yield* call('write', fd, text, 0, text.length, 0);
  } catch {
    // Others are told "another process".
  }
}

function* readHolder(fd: number): Steps<LockHolder | undefined> {
  try {
    return lockHolder.parse(JSON.parse((yield* readUpTo(fd, maxTextBytes, 0)).toString('utf8')));
  } catch {
    // Not written yet, or never.
    return undefined;
  }
}

function* release(fd: number, native: NativeLock): Steps<void> {
  try {
    yield* call('ftruncate', fd, 0);
    native.unlock(fd, lockFrom, lockLength);
  } catch {
    // Closing frees it in any case.
  } finally {
    yield* closeQuietly(fd);
  }
}

function busy(holder: LockHolder | undefined): LatchkeyError {
  return new LatchkeyError(
    'VAULT_BUSY',
    holder === undefined ? ['busy'] : ['busy', holder.program, holder.pid, holder.host],
    { details: holder ?? {} },
  );
}
