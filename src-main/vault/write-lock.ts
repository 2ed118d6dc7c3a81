/**
 * One writer at a time: `vault.lock`, made exclusively, held only while a line is appended. It names its holder, so
 * that a lock left by a crash is told from a living one: by process and boot id on this computer, never by its age.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';

const lockHolder = z.object({ pid: z.number().int(), bootId: z.string(), host: z.string(), sinceMs: z.number() });
type LockHolder = z.infer<typeof lockHolder>;

const retryEveryMs = 20;
/** An append takes milliseconds; who holds the lock for two seconds is stuck or on another computer. */
const giveUpAfterMs = 2_000;

/**
 * Runs work while holding the lock.
 * @throws LatchkeyError VAULT_BUSY naming the holder
 */
export async function withLock<T>(path: string, now: () => number, work: () => T): Promise<T> {
  const deadlineMs = now() + giveUpAfterMs;
  for (;;) {
    const holder = tryTake(path, now());
    if (holder === 'taken') break;
    if (holder !== undefined && isStale(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (now() >= deadlineMs) throw busy(holder);
    await wait(retryEveryMs);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** `taken`, or who holds it (undefined when that cannot be read yet). */
function tryTake(path: string, nowMs: number): 'taken' | LockHolder | undefined {
  try {
    const handle = openSync(path, 'wx', 0o600);
    try {
      writeSync(handle, JSON.stringify({ pid: process.pid, bootId: bootId(), host: hostname(), sinceMs: nowMs }));
    } finally {
      closeSync(handle);
    }
    return 'taken';
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    if (cause.code !== 'EEXIST' && cause.code !== 'EPERM') {
      throw new LatchkeyError('VAULT_UNAVAILABLE', `The vault's folder cannot be written (${String(cause.code)}).`, {
        cause,
      });
    }
  }
  try {
    return lockHolder.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Gone again, or not yet written: the next round looks anew.
    return undefined;
  }
}

function isStale(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false;
  if (holder.bootId !== bootId()) return true;
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH';
  }
}

let knownBootId: string | undefined;

/** Linux names each boot; elsewhere the boot's time, to the minute, does. */
function bootId(): string {
  if (knownBootId === undefined) {
    try {
      knownBootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
      knownBootId = `boot-${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
    }
  }
  return knownBootId;
}

function busy(holder: LockHolder | undefined): LatchkeyError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new LatchkeyError(
    'VAULT_BUSY',
    `The vault is being written by ${who}. Try again; if that process is gone, delete vault.lock.`,
    { details: holder === undefined ? {} : { pid: holder.pid, host: holder.host } },
  );
}
