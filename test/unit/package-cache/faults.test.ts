import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import { systemCacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import type { CacheEvent } from '../../../src-main/package-cache/cache-types.ts';
import {
  cacheDiskWith,
  cacheOf,
  diskError,
  fileOf,
  fillWith,
  readAll,
  sha256Of,
  sourceOf,
  Upstream,
} from '../../support/cache-scene.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { canMount, runLimited } from '../disk/small-disk.ts';

cleanTempDirs();

const source = sourceOf('tool-1.0-0.conda');

/** A disk that takes so many bytes of a file and no more. */
function diskOf(room: number, code = 'ENOSPC'): CacheDisk {
  return cacheDiskWith({
    open: async (path, flags, mode) => {
      const handle = await systemCacheDisk.open(path, flags, mode);
      return {
        read: (...args) => handle.read(...args),
        stat: async () => await handle.stat(),
        close: () => handle.close(),
        write: (bytes, offset, length, position) => {
          const left = Math.min(length, room - position);
          return left > 0 ? handle.write(bytes, offset, left, position) : Promise.reject(diskError(code));
        },
      };
    },
  });
}

describe('the cache, when the disk fails', () => {
  it.each([0, 1, 90_000, 200_000, 399_999])(
    'lets the first reader go on where it is full after %i bytes, and breaks the others off',
    async (room) => {
      const dir = tempDir();
      const events: CacheEvent[] = [];
      const bytes = fileOf('a', 400_000);
      const cache = cacheOf(dir, { disk: diskOf(room), say: (event) => events.push(event) });
      const upstream = new Upstream(bytes.length);
      const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstream.open);
      await fill.head;
      const [first, second] = [readAll(fill.read()), readAll(fill.read())];
      second.catch(() => undefined);
      for (let at = 0; at < bytes.length; at += 30_000) upstream.give(bytes.subarray(at, at + 30_000));
      upstream.give(null);
      expect((await first).equals(bytes)).toBe(true);
      await expect(second).rejects.toMatchObject({ name: 'CacheDiskError' });
      fill.release();
      expect(await fill.done).toMatchObject({ isKept: false });
      expect(events).toEqual([{ type: 'paused', why: 'ENOSPC' }]);
      await expect.poll(() => readdirSync(join(dir, 'package-cache', 'incoming'))).toEqual([]);
    },
  );

  it.each(['EXDEV', 'EDQUOT', 'EROFS', 'EIO'])(
    'sends a file that cannot be put in its place (%s), says so, and leaves nothing',
    async (code) => {
      const dir = tempDir();
      const events: CacheEvent[] = [];
      const disk = cacheDiskWith({ rename: () => Promise.reject(diskError(code)) });
      const cache = cacheOf(dir, { disk, say: (event) => events.push(event) });
      const bytes = fileOf(code, 200_000);
      expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
      expect(events).toEqual([{ type: 'paused', why: code }]);
      await expect.poll(() => readdirSync(join(dir, 'package-cache', 'incoming'))).toEqual([]);
      // It goes on without.
      expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
      expect(events).toHaveLength(1);
    },
  );

  it('still gives nobody the end of a wrong file', async () => {
    const bytes = fileOf('b', 400_000);
    const cache = cacheOf(tempDir(), { disk: diskOf(100_000) });
    const upstream = new Upstream(bytes.length);
    const { fill } = cache.fill({ sha256: sha256Of(fileOf('c', 9)) }, source, upstream.open);
    await fill.head;
    upstream.give(bytes);
    upstream.give(null);
    await expect(readAll(fill.read())).rejects.toMatchObject({ what: 'hash' });
    fill.release();
  });

  it('goes at the pace of the one reader, so that memory is bounded', async () => {
    const bytes = fileOf('d', 8_000_000);
    const cache = cacheOf(tempDir(), { disk: diskOf(0) });
    const pieces = Array.from({ length: 80 }, (_, index) =>
      bytes.subarray(index * 100_000, (index + 1) * 100_000),
    );
    let given = 0;
    const upstream = new Upstream(bytes.length);
    upstream.stream._read = () => {
      const piece = pieces[given];
      given += 1;
      upstream.give(piece ?? null);
    };
    const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstream.open);
    await fill.head;
    const reader = fill.read();
    reader.read(0);
    await expect.poll(() => given).toBeGreaterThan(10);
    const before = given;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(given - before).toBeLessThan(10);
    expect((await readAll(reader)).equals(bytes)).toBe(true);
    fill.release();
  });

  it('keeps nothing for a minute, then tries again', async () => {
    let nowMs = 1_000_000;
    let room = 0;
    const disk = cacheDiskWith({
      open: (...args) => (room === 0 ? Promise.reject(diskError('EROFS')) : systemCacheDisk.open(...args)),
    });
    const cache = cacheOf(tempDir(), { disk, now: () => nowMs });
    const bytes = fileOf('e', 100_000);
    expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
    room = 1;
    expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
    expect(cache.pausedUntilMs).toBe(nowMs + 60_000);
    expect(await cache.open({ sha256: sha256Of(bytes) })).toBeUndefined();
    nowMs += 60_001;
    await fillWith(cache, bytes);
    expect(await cache.open({ sha256: sha256Of(bytes) })).toBeDefined();
    expect(cache.pausedUntilMs).toBeUndefined();
  });

  it('tells those who wait for the whole that it will not come', async () => {
    const bytes = fileOf('f', 4_000_000);
    const cache = cacheOf(tempDir(), { disk: diskOf(100_000) });
    const upstream = new Upstream(bytes.length);
    const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstream.open);
    upstream.give(bytes);
    await expect(fill.whole(new AbortController().signal)).rejects.toMatchObject({ name: 'CacheDiskError' });
    fill.release();
    await expect(fill.done).rejects.toThrow();
  });

  it('answers as if it had nothing where its folder cannot be made', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'package-cache'), 'a file');
    const cache = cacheOf(dir);
    const bytes = fileOf('g', 100_000);
    expect(await cache.open({ sha256: sha256Of(bytes) })).toBeUndefined();
    expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
    await cache.tend();
    await cache.close();
  });

  it.each(['mkdir', 'writeFile', 'rename', 'lstat', 'unlink', 'utimes', 'readFile'] as const)(
    'never fails an answer because of %s',
    async (name) => {
      const bytes = fileOf(name, 200_000);
      const dir = tempDir();
      const broken = { [name]: () => Promise.reject(diskError('EIO')) } as Partial<CacheDisk>;
      const cache = cacheOf(dir, { disk: cacheDiskWith(broken) });
      expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
      await cache.open({ sha256: sha256Of(bytes) }, source);
      await cache.tend();
      await cache.close();
      // What it left is whole, or is not found.
      const found = await cacheOf(dir).verify();
      expect(found.damaged).toEqual([]);
    },
  );

  it.runIf(canMount)(
    'gives every reader its file on a disk that is full, and keeps again when it is not',
    () => {
      const script = join(import.meta.dirname, '..', '..', 'support', 'fill-cache.ts');
      const done = runLimited('mount -t tmpfs -o size=2m tmpfs "$1"', tempDir(), script);
      expect(done.stderr).toBe('');
      const told = JSON.parse(done.stdout) as Record<'kept' | 'passed' | 'documents' | 'after', number>;
      expect(told).toMatchObject({ after: 3, why: ['ENOSPC'] });
      for (const count of [told.kept, told.passed, told.documents]) expect(count).toBeGreaterThan(1);
    },
  );
});
