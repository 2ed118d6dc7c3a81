import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import { systemCacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import { DocumentFolder } from '../../../src-main/package-cache/document-folder.ts';
import { cacheDiskWith, diskError, fileOf } from '../../support/cache-scene.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const keyOf = (no: number) => String(no).padStart(40, '0');
const minuteMs = 60_000;

function scene(disk: CacheDisk = systemCacheDisk, maxBytes = 1024 ** 2) {
  const dir = tempDir();
  const clock = { nowMs: Date.now(), isOn: true };
  const damaged: string[] = [];
  const folder = new DocumentFolder({
    dir,
    disk,
    now: () => clock.nowMs,
    isOn: () => clock.isOn,
    maxBytes,
    floorBytes: 0,
    onDamaged: (key) => damaged.push(key),
  });
  const keep = async (key: string, bytes: Buffer, note: unknown = { is: key }) => {
    const writer = await folder.begin();
    for (let at = 0; at < bytes.length; at += 50_000)
      // oxlint-disable-next-line no-await-in-loop
      await writer?.write(bytes.subarray(at, at + 50_000));
    await writer?.keep(key, note);
  };
  const read = async (key: string) => {
    const found = await folder.open(key);
    if (found === undefined) return undefined;
    const pieces: Buffer[] = [];
    for await (const piece of found.body) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  return { dir, clock, damaged, folder, keep, read };
}

const under = (dir: string, part: string): string[] =>
  readdirSync(join(dir, part), { recursive: true, encoding: 'utf8' });

describe('documents that are kept', () => {
  it.each([0, 1, 300_000])('of %i bytes come back as they were, with their note', async (size) => {
    const { folder, keep, read } = scene(systemCacheDisk, 1024 ** 3);
    const bytes = fileOf('document', size);
    await keep(keyOf(1), bytes, { etag: 'é' });
    expect((await read(keyOf(1)))?.equals(bytes)).toBe(true);
    expect(await folder.note(keyOf(1))).toEqual({ etag: 'é' });
    await keep(keyOf(1), fileOf('newer', 10));
    expect((await read(keyOf(1)))?.equals(fileOf('newer', 10))).toBe(true);
    expect([await read(keyOf(2)), await folder.note(keyOf(2))]).toEqual([undefined, undefined]);
  });

  it('are never more than there is room for: those that were used last stay', async () => {
    const { dir, folder, keep, read } = scene();
    for (let no = 0; no < 20; no += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await keep(keyOf(no), fileOf('document', 60_000));
      const at = new Date(Date.now() - (100 - no) * minuteMs);
      utimesSync(join(dir, 'kept', '00', keyOf(no)), at, at);
      if (no === 5) folder.touch(keyOf(0));
    }
    const { documents } = await folder.size();
    expect(documents).toBeLessThanOrEqual(Math.floor(1024 ** 2 / 76_000));
    expect(await read(keyOf(19))).toBeDefined();
    expect(await read(keyOf(1))).toBeUndefined();
  });

  it('one that is too long is not kept, nor is anything while it is off', async () => {
    const { dir, clock, keep, read } = scene();
    await keep(keyOf(1), fileOf('long', 300_000));
    expect([await read(keyOf(1)), under(dir, 'incoming')]).toEqual([undefined, []]);
    await keep(keyOf(2), fileOf('short', 3));
    clock.isOn = false;
    expect(await read(keyOf(2))).toBeUndefined();
    await keep(keyOf(3), fileOf('short', 3));
    clock.isOn = true;
    expect([await read(keyOf(2)), await read(keyOf(3))]).toEqual([fileOf('short', 3), undefined]);
  });

  it('one whose bytes, note or end were changed is put aside and named', async () => {
    for (const at of [0, 40_000, 60_005, -1, -20, -75]) {
      const { dir, damaged, keep, read } = scene();
      // oxlint-disable-next-line no-await-in-loop
      await keep(keyOf(1), fileOf('document', 60_000));
      const path = join(dir, 'kept', '00', keyOf(1));
      const bytes = readFileSync(path);
      const place = at < 0 ? bytes.length + at : at;
      bytes[place] = (bytes[place] ?? 0) ^ 4;
      writeFileSync(path, bytes);
      // oxlint-disable-next-line no-await-in-loop
      const got = await read(keyOf(1)).catch((error: unknown) => (error as Error).name);
      expect([undefined, 'DamagedDocument']).toContain(got);
      expect([damaged, under(dir, 'damaged')]).toEqual([
        [keyOf(1)],
        [expect.stringMatching(new RegExp(`^${keyOf(1)}-`))],
      ]);
      // oxlint-disable-next-line no-await-in-loop
      expect(await read(keyOf(1))).toBeUndefined();
    }
  });

  it('a full disk keeps nothing half, and is left alone for a minute', async () => {
    let isFull = true;
    let opened = 0;
    const disk = cacheDiskWith({
      open: async (path, flags, mode) => {
        opened += 1;
        const handle = await systemCacheDisk.open(path, flags, mode);
        return {
          read: (...args) => handle.read(...args),
          stat: async () => await handle.stat(),
          close: () => handle.close(),
          write: (bytes, offset, length, position) =>
            isFull && position > 50_000
              ? Promise.reject(diskError('ENOSPC'))
              : handle.write(bytes, offset, length, position),
        };
      },
    });
    const { dir, clock, keep, read } = scene(disk);
    await keep(keyOf(1), fileOf('document', 120_000));
    expect([under(dir, 'incoming'), under(dir, 'kept')]).toEqual([[], []]);
    isFull = false;
    await keep(keyOf(1), fileOf('document', 120_000));
    expect(opened).toBe(1);
    clock.nowMs += minuteMs;
    await keep(keyOf(1), fileOf('document', 120_000));
    expect((await read(keyOf(1)))?.length).toBe(120_000);
  });

  it('what a killed process left is cleared away, and what is under way is not', async () => {
    const { dir, clock, folder } = scene();
    const left = await folder.begin();
    await left?.write(fileOf('half', 10));
    await folder.tend();
    expect(under(dir, 'incoming')).toHaveLength(1);
    clock.nowMs += 16 * minuteMs;
    await folder.tend();
    expect(under(dir, 'incoming')).toEqual([]);
    await left?.drop();
  });
});
