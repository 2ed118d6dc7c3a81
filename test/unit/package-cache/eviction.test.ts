/** What goes when the cache is full, and what that costs. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemCacheDisk } from '../../../src-main/package-cache/cache-disk.ts';
import { CacheFolder } from '../../../src-main/package-cache/cache-folder.ts';
import type { DeniedOf } from '../../../src-main/package-cache/eviction.ts';
import { evict } from '../../../src-main/package-cache/eviction.ts';
import { cacheDiskWith, cacheOf, fileOf, fillWith, sha256Of, sourceOf } from '../../support/cache-scene.ts';
import { tempDir } from '../../support/temp-dir.ts';

const keptIn = (dir: string): string[] =>
  readdirSync(join(dir, 'package-cache', 'files'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{64}$/.test(name),
  );
const fill = async (cache: ReturnType<typeof cacheOf>, name: string, sizeBytes: number) =>
  await fillWith(cache, fileOf(name, sizeBytes), sourceOf(`${name}.conda`));

it('reads the texts beside files only where something is denied to all', async () => {
  const dir = tempDir();
  const reads: string[] = [];
  const disk = cacheDiskWith({
    readFile: (path, maxBytes) => {
      reads.push(path);
      return systemCacheDisk.readFile(path, maxBytes);
    },
  });
  const cache = cacheOf(dir, {});
  for (const name of ['a', 'b', 'c'])
    // oxlint-disable-next-line no-await-in-loop
    await fill(cache, name, 1000);
  const folder = await CacheFolder.make(disk, join(dir, 'package-cache'));
  expect(await evict(folder, () => 0, undefined, Date.now())).toEqual({ left: 3000, gone: 0 });
  expect(reads).toEqual([]);
  const b = sha256Of(fileOf('b', 1000));
  const judged: (string | undefined)[] = [];
  const deniedOf: DeniedOf = (entries) => {
    judged.push(...entries.map(({ about }) => about?.sources[0]?.filename));
    return Promise.resolve(new Set([b]));
  };
  expect(await evict(folder, () => 1, deniedOf, Date.now())).toEqual({ left: 2000, gone: 1000 });
  expect(new Set(judged)).toEqual(new Set(['a.conda', 'b.conda', 'c.conda']));
  expect(keptIn(dir).some((name) => name.endsWith(b))).toBe(false);
});

it('takes nothing away where another process has made room', async () => {
  const dir = tempDir();
  const [one, other] = [cacheOf(dir, { maxBytes: 300_000 }), cacheOf(dir, { maxBytes: 300_000 })];
  await one.tend();
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    // oxlint-disable-next-line no-await-in-loop
    await fill(one, name, 50_000);
  const files = ['a', 'b', 'c'].map((name) => sha256Of(fileOf(name, 50_000)));
  await other.purge({ type: 'files', sha256s: files });
  await fill(one, 'f', 50_000);
  await fill(one, 'g', 50_000);
  await one.close();
  expect(keptIn(dir)).toHaveLength(4);
});

it('looks at all files once for many that come, also where the disk is nearly full', async () => {
  const dir = tempDir();
  let looks = 0;
  const capacity = 200_000;
  const disk = cacheDiskWith({
    freeBytes: () => Promise.resolve(capacity - 4000 * keptIn(dir).length),
    readdir: (path) => {
      if (path.endsWith('files')) looks += 1;
      return systemCacheDisk.readdir(path);
    },
  });
  const cache = cacheOf(dir, { disk });
  for (let index = 0; index < 70; index += 1)
    // oxlint-disable-next-line no-await-in-loop
    await fill(cache, `f${index}`, 4000);
  // 20 more than there is room for; each look makes room for five.
  expect(looks).toBeLessThanOrEqual(5);
  expect(keptIn(dir).length).toBeGreaterThanOrEqual(43);
  expect((await cache.stats()).notKept).toBe(0);
});

it('goes by when a file was used, and not by a clock of 2099; what only looks like a file stays', async () => {
  const dir = tempDir();
  const cache = cacheOf(dir);
  for (const name of ['old', 'new', 'later'])
    // oxlint-disable-next-line no-await-in-loop
    await fill(cache, name, 1000);
  const at = (name: string) => {
    const sha256 = sha256Of(fileOf(name, 1000));
    return join(dir, 'package-cache', 'files', sha256.slice(0, 2), sha256);
  };
  utimesSync(`${at('old')}.json`, 1000, 1000);
  const far = Date.UTC(2099, 0, 1) / 1000;
  utimesSync(`${at('later')}.json`, far, far);
  const folder = await CacheFolder.make(systemCacheDisk, join(dir, 'package-cache'));
  mkdirSync(at('a folder'), { recursive: true });
  writeFileSync(`${at('new')}.json`, 'x'.repeat(100_000));
  const found: unknown[] = [];
  for await (const { about } of folder.entries()) found.push(about?.sizeBytes);
  // The text of one is too long to be read.
  expect(found.filter((sizeBytes) => sizeBytes === 1000)).toHaveLength(2);
  expect(found).toHaveLength(3);
  expect(await evict(folder, () => 1500, undefined, Date.now())).toEqual({ left: 1000, gone: 2000 });
  expect(keptIn(dir).filter((name) => !name.endsWith(sha256Of(fileOf('a folder', 1000))))).toEqual([
    join(sha256Of(fileOf('new', 1000)).slice(0, 2), sha256Of(fileOf('new', 1000))),
  ]);
});
