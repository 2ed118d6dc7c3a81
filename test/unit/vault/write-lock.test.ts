import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootId, isSameBoot, processStart } from '../../../src-main/vault/process-identity.ts';
import { withLock } from '../../../src-main/vault/write-lock.ts';
import { freshDir } from './vault-support.ts';

/** A clock that runs fast, so that a test need not wait for the lock to give up. */
function fastClock(): () => number {
  let now = 0;
  return () => (now += 500);
}

function lockFile(fields: object | string): string {
  const path = join(freshDir(), 'vault.lock');
  const holder = { pid: process.pid, bootId: bootId(), host: hostname(), program: 'latchkey', sinceMs: 1 };
  writeFileSync(path, typeof fields === 'string' ? fields : JSON.stringify({ ...holder, ...fields }));
  return path;
}

const attempt = (path: string) => withLock(path, fastClock(), () => 'done');
const deadPid = () => Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));

describe('the write lock', () => {
  it('names its holder while work runs, and is gone afterwards, also after a failure', async () => {
    const path = join(freshDir(), 'vault.lock');
    const seen = await withLock(path, Date.now, () => JSON.parse(readFileSync(path, 'utf8')) as object);
    expect(seen).toMatchObject({ pid: process.pid, host: hostname(), bootId: bootId() });
    expect(existsSync(path)).toBe(false);
    const failing = () => {
      throw new Error('work failed');
    };
    await expect(withLock(path, Date.now, failing)).rejects.toThrow('work failed');
    expect(existsSync(path)).toBe(false);
  });

  it('lets the second writer wait for the first', async () => {
    const path = lockFile({ host: 'another-computer' });
    let looks = 0;
    const clock = () => {
      looks += 1;
      if (looks === 4) execFileSync('rm', [path]);
      return looks;
    };
    expect(await withLock(path, clock, () => 'done')).toBe('done');
    expect(looks).toBeGreaterThanOrEqual(4);
  });

  it('respects a living process, and says whose lock it is', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await once(other, 'spawn');
      const path = lockFile({ pid: other.pid });
      await expect(attempt(path)).rejects.toMatchObject({
        code: 'VAULT_BUSY',
        details: { pid: other.pid, host: hostname(), program: 'latchkey' },
        message: expect.stringContaining(`latchkey (process ${other.pid}) on ${hostname()}`) as string,
      });
      expect(existsSync(path)).toBe(true);
    } finally {
      other.kill();
    }
  });

  it('respects another computer’s lock, whatever its process and boot', async () => {
    const path = lockFile({ host: 'another-computer', pid: deadPid(), bootId: 'x' });
    await expect(attempt(path)).rejects.toMatchObject({
      code: 'VAULT_BUSY',
      details: { host: 'another-computer' },
    });
  });

  it('takes over the lock of a process that is gone', async () => {
    expect(await attempt(lockFile({ pid: deadPid() }))).toBe('done');
  });

  it('takes over the lock of an earlier boot, although the process number lives', async () => {
    expect(await attempt(lockFile({ bootId: 'an-earlier-boot' }))).toBe('done');
  });

  it.runIf(process.platform === 'linux')(
    'takes over when the process number is somebody else’s by now',
    async () => {
      expect(await attempt(lockFile({ started: '1' }))).toBe('done');
      await expect(attempt(lockFile({ started: processStart(process.pid) }))).rejects.toMatchObject({
        code: 'VAULT_BUSY',
      });
    },
  );

  it.each(['', '{"pid":', '\0\0\0\0'])(
    'takes over a nameless lock (%j) only when it is old',
    async (text) => {
      const path = lockFile(text);
      await expect(attempt(path)).rejects.toMatchObject({ code: 'VAULT_BUSY' });
      const minuteAgo = Date.now() / 1000 - 60;
      utimesSync(path, minuteAgo, minuteAgo);
      expect(await attempt(path)).toBe('done');
    },
  );

  it('says that the folder cannot be written, instead of waiting', async () => {
    await expect(attempt(join(freshDir(), 'missing', 'vault.lock'))).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    });
  });
});

describe('boot ids', () => {
  it.each([
    ['boot-1000', 'boot-1299', true],
    ['boot-1000', 'boot-1301', false],
    ['b3f1', 'b3f1', true],
    ['b3f1', 'b3f2', false],
    ['boot-1000', 'b3f1', false],
  ])('%s and %s: the same is %s', (a, b, same) => {
    expect(isSameBoot(a, b)).toBe(same);
  });
});
