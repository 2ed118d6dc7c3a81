/** Channels share the room, and nothing else: whose index merely names a hash does not have the file. */
import { describe, expect, it } from 'vitest';
import { withheldBytes } from '../../../src-main/package-cache/fill.ts';
import type { PackageCache } from '../../../src-main/package-cache/package-cache.ts';
import {
  cacheOf,
  fileOf,
  fillWith,
  md5Of,
  readAll,
  readSome,
  sha256Of,
  sourceOf,
  Upstream,
  upstreamOf,
} from '../../support/cache-scene.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const bytes = fileOf('private', 100_000);
const sha256 = sha256Of(bytes);
const own = sourceOf('a.conda', { channelId: 'own' });
const other = sourceOf('b.conda', { channelId: 'other' });

async function fillByMd5(cache: PackageCache, md5: string, content: Buffer, source = own): Promise<void> {
  const { fill } = cache.fill({ md5 }, source, upstreamOf(content));
  await fill.whole(new AbortController().signal);
  fill.release();
}

describe('a file that one channel gave', () => {
  it('is for another channel none until its own upstream gave it, and stands there once', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, own);
    expect(await cache.open({ sha256 }, own)).toBeDefined();
    for (const process of [cache, cacheOf(dir)])
      expect(await process.open({ sha256 }, other)).toBeUndefined();
    await fillWith(cache, bytes, other);
    for (const process of [cache, cacheOf(dir)])
      for (const source of [own, other]) expect(await process.open({ sha256 }, source)).toBeDefined();
    expect(await cache.stats()).toMatchObject({ files: 1 });
  });

  it('is one of many channels, of which the latest are known', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    const sources = Array.from({ length: 80 }, (_, no) =>
      sourceOf('a.conda', { channelId: `channel-${no}` }),
    );
    for (const source of sources) await fillWith(cache, bytes, source);
    const again = cacheOf(dir);
    expect(await again.open({ sha256 }, sources.at(-1))).toBeDefined();
    expect(await again.open({ sha256 }, sources[79 - 63])).toBeDefined();
    expect(await again.open({ sha256 }, sources[0])).toBeUndefined();
  });

  it('is waited for by those of that channel alone: one upstream that drips holds up no other', async () => {
    const cache = cacheOf(tempDir());
    const drip = new Upstream(bytes.length);
    const slow = cache.fill({ sha256 }, own, drip.open);
    drip.give(bytes.subarray(0, 10));
    const quick = cache.fill({ sha256 }, other, upstreamOf(bytes));
    expect([slow.isNew, quick.isNew]).toEqual([true, true]);
    expect((await readAll(quick.fill.read())).equals(bytes)).toBe(true);
    quick.fill.release();
    // Nor is one told what another one's index says of the length.
    const wrong = cache.fill({ sha256, sizeBytes: 5 }, own, upstreamOf(bytes));
    expect(wrong.isNew).toBe(true);
    await expect(readAll(wrong.fill.read())).rejects.toMatchObject({ what: 'length' });
    wrong.fill.release();
    drip.give(bytes.subarray(10));
    drip.give(null);
    expect((await readAll(slow.fill.read())).equals(bytes)).toBe(true);
    slow.fill.release();
  });
});

describe('a file of which MD5 alone is known', () => {
  it('is found at its own place: nobody gets a file by the MD5 that somebody else made up', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    const md5 = md5Of(bytes);
    await fillByMd5(cache, md5, bytes);
    expect(await cache.open({ md5 }, own)).toMatchObject({ sha256 });
    expect(await cacheOf(dir).open({ md5 }, own)).toMatchObject({ sha256 });
    for (const source of [other, { ...own, path: 'noarch/same-md5.conda' }])
      expect(await cache.open({ md5 }, source)).toBeUndefined();
    expect(await cache.open({ md5, sizeBytes: bytes.length + 1 }, own)).toBeUndefined();
    expect(await cache.open({ md5, sizeBytes: bytes.length }, own)).toBeDefined();
  });

  it('is not the one whose SHA-256 another index names', async () => {
    const cache = cacheOf(tempDir());
    await fillByMd5(cache, md5Of(bytes), bytes);
    expect(await cache.open({ sha256 }, other)).toBeUndefined();
    expect(await cache.open({ sha256: sha256Of(fileOf('b', 1)), md5: md5Of(bytes) }, own)).toBeUndefined();
  });
});

describe('five hundred clients of one file', () => {
  it('cost one fetch, and those who leave take it from nobody', async () => {
    const long = fileOf('long', 400_000);
    const cache = cacheOf(tempDir());
    const upstream = new Upstream(long.length);
    const fills = Array.from(
      { length: 500 },
      () => cache.fill({ sha256: sha256Of(long) }, own, upstream.open).fill,
    );
    const readers = fills.map((fill) => fill.read());
    for (const fill of fills) fill.release();
    upstream.give(long);
    const last = readers.pop();
    if (last === undefined) throw new Error('nobody');
    await readSome(last, 1000);
    // In the middle of what is withheld, and before.
    await readSome(readers[0] ?? last, long.length - withheldBytes);
    for (const reader of readers) reader.destroy();
    expect(upstream.stream.destroyed).toBe(false);
    upstream.give(null);
    const rest = await readAll(last);
    expect(rest.subarray(-1000).equals(long.subarray(-1000))).toBe(true);
    expect(upstream.asked).toBe(1);
    await expect.poll(() => cache.open({ sha256: sha256Of(long) }, own)).toBeDefined();
  });

  it('whose first reader stops in the middle cost no more memory than before, and it is kept', async () => {
    const long = fileOf('long', 3_000_000);
    const cache = cacheOf(tempDir());
    const { fill } = cache.fill({ sha256: sha256Of(long) }, own, upstreamOf(long));
    const stuck = fill.read();
    await readSome(stuck, long.length - withheldBytes - 1000);
    fill.release();
    expect(await fill.done).toMatchObject({ isKept: true });
    expect(stuck.readableLength).toBeLessThanOrEqual(2 * 64 * 1024);
    stuck.destroy();
    expect(await cache.open({ sha256: sha256Of(long) }, own)).toBeDefined();
  });
});

describe('two gateways on one folder', () => {
  it('evict, fill and purge the same files at once: what is read is whole', async () => {
    const dir = tempDir();
    // Room for two of three.
    const caches = [1, 2].map(() => cacheOf(dir, { maxBytes: 250_000 }));
    for (const cache of caches) await cache.tend();
    const files = [1, 2, 3].map((no) => fileOf(`file ${no}`, 90_000 + no));
    const work = async (cache: PackageCache, seed: number): Promise<void> => {
      for (let turn = 0; turn < 30; turn += 1) {
        const content = files[(turn * seed) % 3] ?? bytes;
        const got = await fillWith(cache, content, own);
        expect(got.equals(content)).toBe(true);
        const found = await cache.open({ sha256: sha256Of(content) }, own);
        if (found !== undefined) expect(found.size).toBe(content.length);
        if (turn % 7 === seed) await cache.purge({ type: 'files', sha256s: [sha256Of(content)] });
        if (turn % 10 === seed) await cache.tend();
      }
    };
    await Promise.all(caches.flatMap((cache) => [work(cache, 1), work(cache, 2)]));
    for (const cache of caches) {
      await cache.tend();
      expect(cache.pausedUntilMs).toBeUndefined();
    }
    expect((await cacheOf(dir).verify()).damaged).toEqual([]);
    expect((await cacheOf(dir).stats()).bytes).toBeLessThanOrEqual(250_000);
  });
});
