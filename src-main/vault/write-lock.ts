/**
 * One writer at a time: `vault.lock`, made exclusively, held only while lines are appended. It names its holder, so
 * that a lock left by a crash is told from a living one: by process and boot on this computer, never by its age. Only a
 * lock that names nobody (the power went between making and writing it) is judged by age.
 */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { bootId, isSameBoot, processStart } from './process-identity.ts';

const lockHolder = z.object({
  pid: z.number().int(),
  /** When the process began, where the system says so; a pid alone may be somebody else's by now. */
  started: z.string().optional(),
  bootId: z.string(),
  host: z.string(),
  program: z.string().optional(),
  sinceMs: z.number(),
});
type LockHolder = z.infer<typeof lockHolder>;

const retryEveryMs = 20;
/** An append takes milliseconds; who holds the lock for two seconds is stuck or on another computer. */
const giveUpAfterMs = 2_000;
/** A holder writes its name within microseconds. */
const namelessStaleAfterMs = 10_000;

/**
 * Runs work while holding the lock.
 * @throws LatchkeyError VAULT_BUSY naming the holder, VAULT_UNAVAILABLE when the folder cannot be written
 */
export async function withLock<T>(path: string, now: () => number, work: () => T): Promise<T> {
  const deadlineMs = now() + giveUpAfterMs;
  while (!tryTake(path, now())) {
    const text = readIfThere(path);
    if (text !== undefined && isStale(path, text)) {
      clearStale(path, text);
      continue;
    }
    if (now() >= deadlineMs) throw busy(text === undefined ? undefined : parseHolder(text));
    await wait(retryEveryMs);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryTake(path: string, nowMs: number): boolean {
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (cause) {
    // EPERM: on Windows a file that is just being deleted.
    if (hasCode(cause, 'EEXIST') || (process.platform === 'win32' && hasCode(cause, 'EPERM'))) return false;
    throw new LatchkeyError(
      'VAULT_UNAVAILABLE',
      'The folder of the vault cannot be written. Check its permissions.',
      {
        cause,
      },
    );
  }
  const started = processStart(process.pid);
  const holder: LockHolder = {
    pid: process.pid,
    ...(started === undefined ? {} : { started }),
    bootId: bootId(),
    host: hostname(),
    program: basename(process.execPath),
    sinceMs: nowMs,
  };
  try {
    writeSync(handle, JSON.stringify(holder));
  } finally {
    closeSync(handle);
  }
  return true;
}

function isStale(path: string, text: string): boolean {
  const holder = parseHolder(text);
  if (holder === undefined) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && Date.now() - stats.mtimeMs > namelessStaleAfterMs;
  }
  if (holder.host !== hostname()) return false;
  if (!isSameBoot(holder.bootId, bootId())) return true;
  const started = processStart(holder.pid);
  if (started !== undefined && holder.started !== undefined) return started !== holder.started;
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (cause) {
    return hasCode(cause, 'ESRCH');
  }
}

/**
 * Takes a stale lock away. Two processes may find it stale at once, and the slower one would delete the quicker one's
 * new lock; so it is moved aside, looked at again, and put back if it turns out to be a new one.
 */
function clearStale(path: string, staleText: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return;
    throw cause;
  }
  try {
    if (readFileSync(aside, 'utf8') !== staleText) linkSync(aside, path);
  } catch (cause) {
    // A third process took the lock in between.
    if (!hasCode(cause, 'EEXIST')) throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Released meanwhile, or on Windows just being deleted: the next round looks anew.
    return undefined;
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    return lockHolder.parse(JSON.parse(text));
  } catch {
    // Not written yet, or never finished.
    return undefined;
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}

function busy(holder: LockHolder | undefined): LatchkeyError {
  const who =
    holder === undefined
      ? 'another process'
      : `${holder.program ?? 'a program'} (process ${holder.pid}) on ${holder.host}`;
  return new LatchkeyError(
    'VAULT_BUSY',
    `The vault is being written by ${who}. Try again; if that program is gone, delete vault.lock.`,
    {
      details:
        holder === undefined
          ? {}
          : { pid: holder.pid, host: holder.host, program: holder.program ?? '', sinceMs: holder.sinceMs },
    },
  );
}
