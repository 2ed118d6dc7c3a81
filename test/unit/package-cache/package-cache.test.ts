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
import type { CacheEvent } from '../../../src-main/package-cache/package-cache.ts';
import type { PurgeRule } from '../../../src-main/package-cache/purge-rule.ts';
import {
  cacheDiskWith,
  cacheOf,
  fileOf,
  fillWith,
  sha256Of,
  sourceOf,
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
      deniedOf: (entries) =>
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
    await cache.open({ sha256: sha256Of(fileOf('a', 110_000)) }, sourceOf('a-again.conda'));
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
    [{ type: 'package', name: 'b' }, ['a']],
    [{ type: 'package', name: 'b', version: '2' }, ['a', 'b']],
    [{ type: 'files', sha256s: [sha256Of(fileOf('a', 1000))] }, ['b', 'c']],
    [{ type: 'denied' }, ['a', 'c']],
  ])('is emptied by rule: %j', async (rule, left) => {
    const dir = tempDir();
    const deniedOf = () => Promise.resolve(new Set([sha256Of(fileOf('b', 1000))]));
    const cache = cacheOf(dir, { deniedOf });
    await fillWith(cache, fileOf('a', 1000), sourceOf('a', { channelId: 'one', name: 'a', version: '1' }));
    await fillWith(cache, fileOf('b', 1000), sourceOf('b', { name: 'b', version: '1' }));
    await fillWith(cache, fileOf('c', 1000), sourceOf('c', { name: 'b', version: '2' }));
    const longAgo = new Date(Date.now() - 31 * dayMs);
    utimesSync(`${pathIn(dir, fileOf('c', 1000))}.json`, longAgo, longAgo);
    // Of a process that has no gateway.
    const purged = await cacheOf(dir, { deniedOf }).purge(rule);
    expect(await filesOf(cache)).toEqual(left);
    expect(purged).toEqual({ files: 3 - left.length, bytes: (3 - left.length) * 1000 });
  });
});
