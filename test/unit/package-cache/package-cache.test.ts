import {
  appendFileSync,
  existsSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemCacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import type { CacheEvent } from '../../../src-main/package-cache/cache-types.ts';
import type { PurgeRule } from '../../../src-main/package-cache/purge-rule.ts';
import {
  cacheDiskWith,
  cacheOf,
  fileOf,
  fillWith,
  sha256Of,
  sourceOf,
  Upstream,
  upstreamOf,
} from '../../support/cache-scene.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const pathIn = (dir: string, bytes: Buffer): string =>
  join(dir, 'package-cache', 'files', sha256Of(bytes).slice(0, 2), sha256Of(bytes));

async function filesOf(cache: ReturnType<typeof cacheOf>): Promise<string[]> {
  const found: string[] = [];
  for await (const { about } of cache.list()) found.push(about?.sources[0]?.filename ?? '?');
  return found.sort();
}

describe('the package cache', () => {
  it('reads a file once per process, and puts one aside that became another', async () => {
    const dir = tempDir();
    const bytes = fileOf('a', 300_000);
    const sha256 = sha256Of(bytes);
    await fillWith(cacheOf(dir), bytes);
    const events: CacheEvent[] = [];
    const cache = cacheOf(dir, { say: (event) => events.push(event) });
    const [one, two] = await Promise.all([cache.open({ sha256 }), cache.open({ sha256 })]);
    expect(one).toEqual(two);
    const path = one?.path ?? '';
    truncateSync(path, 299_999);
    appendFileSync(path, 'x');
    expect(statSync(path).size).toBe(300_000);
    expect(await cache.open({ sha256 })).toBeUndefined();
    expect(events).toEqual([{ type: 'damaged', sha256 }]);
    expect(existsSync(path)).toBe(false);
    expect(await cache.stats()).toMatchObject({ files: 0, damaged: 1 });
    await fillWith(cache, bytes);
    expect(await cache.open({ sha256 })).toBeDefined();
  });

  it('is one for several processes: what one keeps the other serves', async () => {
    const dir = tempDir();
    const [here, there] = [cacheOf(dir), cacheOf(dir)];
    const bytes = fileOf('b', 100_000);
    await Promise.all([fillWith(here, bytes), fillWith(there, bytes)]);
    expect(await there.open({ sha256: sha256Of(bytes) })).toEqual(
      await here.open({ sha256: sha256Of(bytes) }),
    );
    here.count('hit', 5);
    there.count('miss', 7);
    await Promise.all([here.close(), there.close()]);
    expect(await cacheOf(dir).stats()).toMatchObject({
      files: 1,
      hits: 1,
      hitBytes: 5,
      misses: 1,
      missBytes: 7,
    });
  });

  it('keeps to its bound: what nobody may have goes first, then what was not used for longest', async () => {
    const dir = tempDir();
    let nowMs = Date.now();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const cache = cacheOf(dir, {
      maxBytes: 500_000,
      now: () => nowMs,
      deniedOf: () => (entries) =>
        Promise.resolve(
          new Set(
            entries.flatMap(({ sha256, about }) =>
              about?.sources[0]?.filename === 'd.conda' ? [sha256] : [],
            ),
          ),
        ),
    });
    await cache.tend();
    for (const name of names.slice(0, 4)) {
      await fillWith(cache, fileOf(name, 110_000), sourceOf(`${name}.conda`));
      nowMs += 2 * hourMs;
    }
    for (const [index, name] of names.entries()) {
      const path = `${pathIn(dir, fileOf(name, 110_000))}.json`;
      if (existsSync(path)) utimesSync(path, new Date(index * dayMs), new Date(index * dayMs));
    }
    // Used, so that it is not the oldest any more.
    nowMs += 2 * hourMs;
    await cache.open(
      { sha256: sha256Of(fileOf('a', 110_000)) },
      sourceOf('a.conda', { path: 'linux-64/a.conda' }),
    );
    await expect
      .poll(async () => {
        for await (const { about } of cache.list()) if (about?.sources.length === 2) return true;
        return false;
      })
      .toBe(true);
    await fillWith(cache, fileOf('e', 110_000), sourceOf('e.conda'));
    await expect.poll(() => filesOf(cache)).toEqual(['a.conda', 'b.conda', 'c.conda', 'e.conda']);
    cache.configure(300_000);
    await expect.poll(() => filesOf(cache)).toEqual(['a.conda', 'e.conda']);
    await cache.close();
  });

  it('leaves alone what others need of the disk', async () => {
    const dir = tempDir();
    let free = 10_000_000;
    const disk = cacheDiskWith({ freeBytes: () => Promise.resolve(free) });
    const cache = cacheOf(dir, { disk, floorBytes: 5_000_000 });
    await fillWith(cache, fileOf('a', 100_000), sourceOf('a.conda'));
    free = 5_000_000;
    const bytes = fileOf('b', 100_000);
    expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
    expect(await filesOf(cache)).toEqual([]);
    expect(cache.pausedUntilMs).toBeDefined();
    expect((await cache.stats()).notKept).toBe(1);
  });

  it('keeps no file that takes more than half of it', async () => {
    const cache = cacheOf(tempDir(), { maxBytes: 150_000 });
    const bytes = fileOf('a', 100_000);
    expect((await fillWith(cache, bytes)).equals(bytes)).toBe(true);
    const { fill } = cache.fill({ sha256: sha256Of(bytes) }, sourceOf('a'), async () => ({
      ...(await upstreamOf(bytes)()),
      sizeBytes: undefined,
    }));
    fill.read().resume();
    expect(await fill.done).toMatchObject({ isKept: false });
    fill.release();
    expect(cache.pausedUntilMs).toBeUndefined();
    expect(await filesOf(cache)).toEqual([]);
  });

  it('clears away what killed processes left', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, fileOf('a', 10_000), sourceOf('a.conda'));
    const root = join(dir, 'package-cache');
    const [part = ''] = readdirSync(join(root, 'files'));
    const left = [
      join(root, 'incoming', 'aa'),
      join(root, 'files', part, `${'0'.repeat(64)}.json`),
      join(root, 'files', part, 'what'),
      join(root, 'md5', '0'.repeat(32)),
    ];
    for (const path of left) {
      writeFileSync(path, 'x');
      utimesSync(path, new Date(0), new Date(0));
    }
    writeFileSync(join(root, 'incoming', 'bb'), 'under way');
    await cache.tend();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(readdirSync(join(root, 'incoming'))).toEqual(['bb']);
    expect(await filesOf(cache)).toEqual(['a.conda']);
  });

  it('reads all of it anew, and tells which files are damaged', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    const [good, bad] = [fileOf('a', 600_000), fileOf('b', 100_000)];
    await fillWith(cache, good);
    await fillWith(cache, bad);
    const path = (await cache.open({ sha256: sha256Of(bad) }))?.path ?? '';
    writeFileSync(path, 'bad');
    const seen: number[] = [];
    const found = await cache.verify(({ files }) => seen.push(files));
    expect(found).toMatchObject({ files: 2, damaged: [sha256Of(bad)] });
    expect(seen).toEqual([1, 2]);
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(cache.verify(undefined, stop.signal)).rejects.toThrow('enough');
  });

  it.each<[PurgeRule, string[]]>([
    [{ type: 'all' }, []],
    [{ type: 'channel', channelId: 'one' }, ['b', 'c']],
    [{ type: 'unused', days: 30 }, ['a', 'b']],
    [{ type: 'package', name: 'B' }, ['a']],
    [{ type: 'package', name: 'b', version: '2' }, ['a', 'b']],
    [{ type: 'files', sha256s: [sha256Of(fileOf('a', 1000))] }, ['b', 'c']],
    [{ type: 'denied' }, ['a', 'c']],
  ])('is emptied by rule: %j', async (rule, left) => {
    const dir = tempDir();
    const deniedOf = () => () => Promise.resolve(new Set([sha256Of(fileOf('b', 1000))]));
    const cache = cacheOf(dir, { deniedOf });
    await fillWith(cache, fileOf('a', 1000), sourceOf('a', { channelId: 'one', name: 'a', version: '1' }));
    await fillWith(cache, fileOf('b', 1000), sourceOf('b', { name: 'b', version: '1' }));
    await fillWith(cache, fileOf('c', 1000), sourceOf('c', { name: 'b', version: '2' }));
    const longAgo = new Date(Date.now() - 31 * dayMs);
    utimesSync(`${pathIn(dir, fileOf('c', 1000))}.json`, longAgo, longAgo);
    // Of a process that has no gateway.
    const purger = cacheOf(dir, { deniedOf });
    const gone = { files: 3 - left.length, bytes: (3 - left.length) * 1000, documents: 0, documentBytes: 0 };
    expect(await purger.plan(rule)).toEqual(gone);
    expect(await purger.purge(rule)).toEqual(gone);
    expect(await filesOf(cache)).toEqual(left);
  });

  it('counts the documents beside its files; they go with all, and with their channel', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    for (const [no, channelId] of ['one', 'one', 'two'].entries())
      await (await cache.documents.begin())?.keep(String(no).repeat(40), { channelId });
    // Of a process that keeps nothing itself.
    const purger = cacheOf(dir, { maxBytes: 0 });
    const { documents, documentBytes } = await purger.stats();
    expect([documents, documentBytes > 0]).toEqual([3, true]);
    const rule = { type: 'channel', channelId: 'one' } as const;
    expect(await purger.plan(rule)).toMatchObject({ files: 0, documents: 2 });
    expect(await purger.purge(rule)).toMatchObject({ documents: 2, documentBytes: (documentBytes / 3) * 2 });
    expect(await purger.purge({ type: 'unused', days: 0 })).toMatchObject({ documents: 0 });
    expect(await purger.stats()).toMatchObject({ documents: 1, documentBytes: documentBytes / 3 });
    expect(await purger.purge({ type: 'all' })).toMatchObject({ documents: 1 });
    expect(await purger.stats()).toMatchObject({ documents: 0, documentBytes: 0 });
  });

  it('is not confused by a clock that jumps', async () => {
    const dir = tempDir();
    let nowMs = Date.now();
    const cache = cacheOf(dir, { maxBytes: 350_000, now: () => nowMs });
    await cache.tend();
    // Far ahead: what is used then is not kept for ever.
    nowMs += 400 * dayMs;
    await fillWith(cache, fileOf('ahead', 110_000), sourceOf('ahead.conda'));
    await cache.open({ sha256: sha256Of(fileOf('ahead', 110_000)) }, sourceOf('ahead.conda'));
    await expect
      .poll(() => statSync(`${pathIn(dir, fileOf('ahead', 110_000))}.json`).mtimeMs)
      .toBeGreaterThan(Date.now() + 300 * dayMs);
    nowMs -= 400 * dayMs;
    for (const name of ['a', 'b', 'c'])
      await fillWith(cache, fileOf(name, 110_000), sourceOf(`${name}.conda`));
    await expect.poll(() => filesOf(cache)).not.toContain('ahead.conda');
    // What is under way here is not taken for what a killed process left.
    const upstream = new Upstream(150_000);
    const bytes = fileOf('slow', 150_000);
    const { fill } = cache.fill({ sha256: sha256Of(bytes) }, sourceOf('slow.conda'), upstream.open);
    upstream.give(bytes.subarray(0, 1000));
    await expect.poll(() => readdirSync(join(dir, 'package-cache', 'incoming'))).toHaveLength(1);
    nowMs += 5 * hourMs;
    await cache.tend();
    upstream.give(bytes.subarray(1000));
    upstream.give(null);
    expect(await fill.done).toMatchObject({ isKept: true });
    fill.release();
  });

  it('one file that cannot be taken away keeps no others', async () => {
    const dir = tempDir();
    const first = fileOf('a', 110_000);
    const disk = cacheDiskWith({
      unlink: (path) =>
        path === pathIn(dir, first)
          ? Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }))
          : systemCacheDisk.unlink(path),
    });
    const cache = cacheOf(dir, { maxBytes: 250_000, disk });
    await cache.tend();
    for (const name of ['a', 'b', 'c'])
      await fillWith(cache, fileOf(name, 110_000), sourceOf(`${name}.conda`));
    await expect.poll(() => filesOf(cache)).not.toContain('b.conda');
    expect(await filesOf(cache)).toContain('a.conda');
  });

  it('what is under way takes no more than its share', async () => {
    const cache = cacheOf(tempDir(), { maxBytes: 400_000 });
    const bytes = fileOf('first', 180_000);
    const upstream = new Upstream(bytes.length);
    const first = cache.fill({ sha256: sha256Of(bytes) }, sourceOf('first.conda'), upstream.open).fill;
    upstream.give(bytes.subarray(0, 150_000));
    await expect.poll(() => first.bytesOnDisk).toBe(150_000);
    await fillWith(cache, fileOf('second', 100_000), sourceOf('second.conda'));
    await fillWith(cache, fileOf('third', 40_000), sourceOf('third.conda'));
    upstream.give(bytes.subarray(150_000));
    upstream.give(null);
    expect(await first.done).toMatchObject({ isKept: true });
    first.release();
    expect(await filesOf(cache)).toEqual(['first.conda', 'third.conda']);
  });

  it('an upstream that never ends takes no more of the disk than others leave', async () => {
    const mib = 1024 ** 2;
    let written = 0;
    const disk = cacheDiskWith({
      freeBytes: () => Promise.resolve(150 * mib - written),
      open: async (path, flags, mode) => {
        const handle = await systemCacheDisk.open(path, flags, mode);
        return {
          stat: () => handle.stat(),
          close: () => handle.close(),
          write: (_bytes, _offset, length) => {
            written += length;
            return Promise.resolve({ bytesWritten: length });
          },
          read: (_bytes, _offset, length) => Promise.resolve({ bytesRead: length }),
        };
      },
    });
    const cache = cacheOf(tempDir(), { maxBytes: 1000 * mib, disk, floorBytes: 100 * mib });
    const upstream = new Upstream();
    const piece = Buffer.alloc(mib);
    let given = 0;
    upstream.stream._read = () => upstream.give((given += 1) < 100 ? piece : null);
    const { fill } = cache.fill({ sha256: '0'.repeat(64) }, sourceOf('endless.conda'), upstream.open);
    fill
      .read()
      .on('error', () => undefined)
      .resume();
    await expect(fill.done).rejects.toMatchObject({ what: 'hash' });
    expect(given).toBe(100);
    expect(written).toBeLessThanOrEqual(66 * mib);
    fill.release();
  });
});
