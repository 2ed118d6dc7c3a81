import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../../src-main/disk/file-lock.ts';
import { loadNativeLock } from '../../../src-main/disk/native-lock.ts';
import { everyFault, faultyDisk, systemError } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const lockPath = () => join(tempDir(), 'vault.lock');
/** Gives up after one look. */
const impatient = { giveUpAfterMs: 0 };
const attempt = (path: string) => withFileLock(path, impatient, () => 'done');

/** Another process that takes the lock, behind any command that it is started by. */
function holder(path: string, by: readonly string[] = [], ...args: string[]) {
  const program = join(import.meta.dirname, 'lock-holder.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program];
  const [command, ...rest] = by.length === 0 ? node : [...by, ...node];
  const child = spawn(command ?? '', [...rest, path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => (await lines.next()).value };
}

describe('the file lock', () => {
  it('names its holder while work runs, and frees the lock afterwards, also after a failure', async () => {
    const path = lockPath();
    const seen = await withFileLock(path, {}, () => JSON.parse(readFileSync(path, 'utf8')) as object);
    expect(seen).toMatchObject({ pid: process.pid, host: hostname() });
    const failing = () => {
      throw new Error('work failed');
    };
    await expect(withFileLock(path, {}, failing)).rejects.toThrow('work failed');
    expect(await attempt(path)).toBe('done');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('excludes a second holder in the same process, who is told who the first is', async () => {
    const path = lockPath();
    await withFileLock(path, {}, async () => {
      await expect(attempt(path)).rejects.toMatchObject({
        code: 'VAULT_BUSY',
        details: { pid: process.pid, host: hostname() },
        message: expect.stringContaining(`(process ${process.pid} on ${hostname()})`) as string,
      });
    });
    expect(await attempt(path)).toBe('done');
  });

  it('waits for another process and then goes on', async () => {
    const path = lockPath();
    const other = holder(path);
    expect(await other.nextLine()).toBe('held');
    const waiting = withFileLock(path, { giveUpAfterMs: 60_000 }, () => 'done');
    other.child.stdin?.end();
    expect(await waiting).toBe('done');
    expect(await other.nextLine()).toBe('released');
  });

  it('is given up in time when the clock is set back meanwhile', async () => {
    const path = lockPath();
    let clockMs = 1_000_000;
    const now = () => (clockMs -= 1_000);
    await withFileLock(path, {}, async () => {
      await expect(withFileLock(path, { giveUpAfterMs: 1, now }, () => 'done')).rejects.toMatchObject({
        code: 'VAULT_BUSY',
      });
    });
  });

  it('is freed by the kernel when its holder is killed', async () => {
    const path = lockPath();
    const other = holder(path);
    expect(await other.nextLine()).toBe('held');
    await expect(attempt(path)).rejects.toMatchObject({
      code: 'VAULT_BUSY',
      details: { pid: other.child.pid },
    });
    other.child.kill('SIGKILL');
    await once(other.child, 'exit');
    expect(await attempt(path)).toBe('done');
  });

  it.each([
    '',
    '{"pid":',
    '\0\0\0\0',
    JSON.stringify({ pid: 1, host: 'elsewhere', program: 'x', sinceMs: 1 }),
  ])('takes no notice of a lock file that nobody holds (%j)', async (text) => {
    const path = lockPath();
    writeFileSync(path, text);
    expect(await attempt(path)).toBe('done');
  });

  it('locks the file that has the name now, after somebody deleted the old one', async () => {
    const path = lockPath();
    const native = await loadNativeLock();
    let isDeleted = false;
    const deleting = {
      ...native,
      tryLock: (...args: Parameters<typeof native.tryLock>) => {
        if (!isDeleted) rmSync(path);
        isDeleted = true;
        return native.tryLock(...args);
      },
    };
    await withFileLock(path, { native: async () => deleting }, async () => {
      expect(existsSync(path)).toBe(true);
      await expect(attempt(path)).rejects.toMatchObject({ code: 'VAULT_BUSY' });
    });
  });

  it('works on a disk that is full: only the holder’s name is missing', async () => {
    const path = lockPath();
    const { disk, calls } = faultyDisk();
    await withFileLock(path, { disk }, () => 'done');
    const full = { at: calls.indexOf('ftruncate'), code: 'ENOSPC', lasting: true } as const;
    const during = withFileLock(path, { disk: faultyDisk(full).disk }, async () => {
      await expect(attempt(path)).rejects.toMatchObject({ code: 'VAULT_BUSY', details: {} });
      return 'done';
    });
    expect(await during).toBe('done');
  });

  it('either holds the lock or says why not, whichever call fails, and never keeps it', async () => {
    const { disk, calls } = faultyDisk();
    await withFileLock(lockPath(), { disk }, () => 'done');
    for (const fault of everyFault(calls)) {
      const path = lockPath();
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await withFileLock(path, { disk: faultyDisk(fault).disk }, async () => {
        await expect(attempt(path)).rejects.toMatchObject({ code: 'VAULT_BUSY' });
        return 'done';
      }).catch((error: unknown) => error);
      if (outcome !== 'done') expect(outcome).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
      // oxlint-disable-next-line no-await-in-loop
      expect(await attempt(path), JSON.stringify(fault)).toBe('done');
    }
  });

  it('refuses, and runs nothing, where there are no locks', async () => {
    const path = lockPath();
    let ran = false;
    const work = () => {
      ran = true;
    };
    const without = async () => ({
      tryLock: () => {
        throw Object.assign(new Error('not supported'), { code: 'ENOTSUP' });
      },
      unlock: () => undefined,
    });
    await expect(withFileLock(path, { native: without }, work)).rejects.toMatchObject({
      code: 'LOCK_UNSUPPORTED',
      details: { path },
    });
    expect(ran).toBe(false);
  });

  it('refuses, and runs nothing, on a system for which there is no native code', async () => {
    const native = () => loadNativeLock(() => Promise.reject(new Error('cannot open shared object file')));
    const work = () => expect.unreachable();
    await expect(withFileLock(lockPath(), { native }, work)).rejects.toMatchObject({
      code: 'LOCK_UNSUPPORTED',
    });
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe or folder in place of the lock file', async () => {
    const path = lockPath();
    execFileSync('mkfifo', [path]);
    await expect(attempt(path)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
    await expect(attempt(join(path, '..'))).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });

  it('says that the folder cannot be written, instead of waiting', async () => {
    await expect(attempt(join(tempDir(), 'missing', 'vault.lock'))).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      details: { reason: 'ENOENT' },
    });
    const broken = async () => ({
      tryLock: () => {
        throw systemError('EIO', 'lock');
      },
      unlock: () => undefined,
    });
    await expect(withFileLock(lockPath(), { native: broken }, () => 'done')).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      details: { reason: 'EIO' },
    });
  });
});

const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Where the kernel lets nobody make namespaces, the test says so by its name in the report. */
const hasNamespaces = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status === 0;

describe.skipIf(process.platform !== 'linux')('the file lock between two containers', () => {
  it.runIf(hasNamespaces)('holds although both see themselves as process 1', async () => {
    const path = lockPath();
    const first = holder(path, unshare);
    expect(await first.nextLine()).toBe('held');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: 1 });
    const loser = holder(path, unshare, '0');
    expect(await loser.nextLine()).toBe('VAULT_BUSY');
    const waiting = holder(path, unshare, '60000');
    first.child.stdin?.end();
    expect(await first.nextLine()).toBe('released');
    expect(await waiting.nextLine()).toBe('held');
    await expect(attempt(path)).rejects.toMatchObject({ code: 'VAULT_BUSY' });
    waiting.child.stdin?.end();
    expect(await waiting.nextLine()).toBe('released');
    expect(await attempt(path)).toBe('done');
  });

  it.runIf(hasNamespaces)('is freed when the whole container is killed', async () => {
    const path = lockPath();
    const first = holder(path, unshare);
    expect(await first.nextLine()).toBe('held');
    first.child.kill('SIGKILL');
    // The kernel then kills what is inside, in its own time.
    expect(await withFileLock(path, { giveUpAfterMs: 60_000 }, () => 'done')).toBe('done');
  });
});
