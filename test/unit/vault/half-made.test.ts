import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { withFileLock } from '../../../src-main/disk/file-lock.ts';
import { clearHalfMade, vaultPresence } from '../../../src-main/vault/half-made.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { makeSlot, vaultId } from './key-support.ts';

cleanTempDirs();

const presence = (dir: string) => vaultPresence(dir, openKeyStore(dir));
const clear = (dir: string) => clearHalfMade(dir, openKeyStore(dir));
const log = (dir: string, text: string) => writeFileSync(join(dir, 'vault.log'), text);
const names = (dir: string) => readdirSync(dir).toSorted();

/** Keys as the first half of `init` makes them. */
async function withKeys(): Promise<string> {
  const dir = tempDir();
  await openKeyStore(dir).create({ vaultId, slots: [await makeSlot()] });
  return dir;
}

describe('a folder', () => {
  it('without anything, or without itself, has no organization', async () => {
    expect(presence(tempDir())).toBe('none');
    expect(presence(join(tempDir(), 'missing'))).toBe('none');
    expect(await clear(tempDir())).toEqual([]);
  });

  it('with keys and a line has one, also when the power went before the mark was taken away', async () => {
    const dir = await withKeys();
    log(dir, 'line 1\n');
    expect(presence(dir)).toBe('present');
    expect(await clear(dir)).toEqual([]);
    await openKeyStore(dir).finish();
    expect(presence(dir)).toBe('present');
    expect(names(dir)).toEqual(['vault.backup.json', 'vault.json', 'vault.lock', 'vault.log']);
  });

  it('with finished keys and no log has one, whose log is missing', async () => {
    const dir = await withKeys();
    await openKeyStore(dir).finish();
    expect(presence(dir)).toBe('present');
    expect(await clear(dir)).toEqual([]);
  });

  it('of a newer format has one', async () => {
    const dir = await withKeys();
    for (const name of ['vault.json', 'vault.backup.json']) writeFileSync(join(dir, name), '{"format":2}');
    expect(presence(dir)).toBe('present');
  });

  it('with a log and damaged keys is damaged', async () => {
    const dir = await withKeys();
    for (const name of ['vault.json', 'vault.backup.json']) writeFileSync(join(dir, name), '{');
    log(dir, 'line 1\n');
    expect(presence(dir)).toBe('damaged');
    expect(await clear(dir)).toEqual([]);
  });
});

describe('a half-made organization', () => {
  it.each([
    ['keys without a log', async () => withKeys()],
    [
      'keys and an empty log',
      async () => {
        const dir = await withKeys();
        log(dir, '');
        return dir;
      },
    ],
    [
      'keys and a torn first line',
      async () => {
        const dir = await withKeys();
        log(dir, 'half of a li');
        return dir;
      },
    ],
    [
      'keys cut by a full disk, and no log',
      async () => {
        const dir = tempDir();
        for (const name of ['vault.json', 'vault.backup.json']) writeFileSync(join(dir, name), '{"form');
        return dir;
      },
    ],
    [
      'a log without keys',
      async () => {
        const dir = tempDir();
        log(dir, 'line 1\nline 2\n');
        writeFileSync(join(dir, 'vault.head'), 'head');
        return dir;
      },
    ],
    [
      'a folder where the log should be',
      async () => {
        const dir = await withKeys();
        mkdirSync(join(dir, 'vault.log'));
        return dir;
      },
    ],
  ])('(%s) is put aside as a whole, and the folder is free', async (_name, make) => {
    const dir = await make();
    expect(presence(dir)).toBe('half-made');
    const before = names(dir).filter((name) => name !== 'vault.lock');
    expect((await clear(dir)).toSorted()).toEqual(before.map((name) => join(dir, `${name}.half-made-1`)));
    expect(presence(dir)).toBe('none');
    await openKeyStore(dir).create({ vaultId, slots: [await makeSlot()] });
    log(dir, 'line 1\n');
    expect(presence(dir)).toBe('present');
  });

  it.skipIf(process.platform === 'win32')('with a pipe for a log is not waited for', async () => {
    const dir = await withKeys();
    execFileSync('mkfifo', [join(dir, 'vault.log')]);
    expect(presence(dir)).toBe('half-made');
    expect(await clear(dir)).toHaveLength(3);
  });

  it('is left alone while another program finishes it', async () => {
    const dir = await withKeys();
    let clearing: Promise<readonly string[]> | undefined;
    await withFileLock(join(dir, 'vault.lock'), {}, () => {
      clearing = clear(dir);
      log(dir, 'line 1\n');
    });
    expect(await clearing).toEqual([]);
    expect(readFileSync(join(dir, 'vault.log'), 'utf8')).toBe('line 1\n');
  });

  it('can be put aside by the next attempt when the disk fails in between', async () => {
    const make = async () => {
      const dir = await withKeys();
      log(dir, 'half of a li');
      return dir;
    };
    const { disk, calls } = faultyDisk();
    const dir = await make();
    await clearHalfMade(dir, openKeyStore(dir), disk);
    for (const fault of everyFault(calls, ['EROFS'])) {
      // oxlint-disable-next-line no-await-in-loop
      const failing = await make();
      // oxlint-disable-next-line no-await-in-loop
      await clearHalfMade(failing, openKeyStore(failing), faultyDisk(fault).disk).catch((error: unknown) =>
        expect(error).toBeInstanceOf(LatchkeyError),
      );
      expect(['half-made', 'none'], JSON.stringify(fault)).toContain(presence(failing));
      // oxlint-disable-next-line no-await-in-loop
      await clear(failing);
      expect(presence(failing), JSON.stringify(fault)).toBe('none');
    }
  });
});
