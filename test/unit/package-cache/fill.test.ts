import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withheldBytes } from '../../../src-main/package-cache/fill.ts';
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

const source = sourceOf('tool-1.0-0.conda');
const incomingOf = (dir: string) => readdirSync(join(dir, 'package-cache', 'incoming'));

describe('a file on its way into the cache', () => {
  it('is kept under its hash, and found there', async () => {
    const dir = tempDir();
    const bytes = fileOf('a', 300_000);
    const cache = cacheOf(dir);
    expect(await cache.open({ sha256: sha256Of(bytes) })).toBeUndefined();
    expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
    const found = await cache.open({ sha256: sha256Of(bytes) });
    expect(readFileSync(found?.path ?? '').equals(bytes)).toBe(true);
    expect(incomingOf(dir)).toEqual([]);
  });

  it('is read while it comes, but for its last 64 kB, which come with the hash', async () => {
    const bytes = fileOf('b', 400_000);
    const cache = cacheOf(tempDir());
    const upstream = new Upstream(bytes.length);
    const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstream.open);
    await fill.head;
    const reader = fill.read();
    upstream.give(bytes);
    const first = await readSome(reader, bytes.length - withheldBytes);
    expect(first.length).toBe(bytes.length - withheldBytes);
    expect(reader.read()).toBeNull();
    upstream.give(null);
    const rest = await readAll(reader);
    expect(Buffer.concat([first, rest]).equals(bytes)).toBe(true);
    fill.release();
  });

  it('is fetched once however many ask, and each gets the whole', async () => {
    const bytes = fileOf('c', 500_000);
    const cache = cacheOf(tempDir());
    const upstream = new Upstream(bytes.length);
    const asked = { sha256: sha256Of(bytes) };
    const fills = [1, 2, 3].map(() => cache.fill(asked, source, upstream.open));
    expect(fills.map(({ isNew }) => isNew)).toEqual([true, false, false]);
    upstream.give(bytes.subarray(0, 200_000));
    const reading = fills.map(({ fill }) => readAll(fill.read()));
    upstream.give(bytes.subarray(200_000));
    upstream.give(null);
    for (const got of await Promise.all(reading)) expect(got.equals(bytes)).toBe(true);
    expect(upstream.asked).toBe(1);
    for (const { fill } of fills) fill.release();
  });

  it('fails every reader when it is another file than was promised, and nothing is kept', async () => {
    const dir = tempDir();
    const bytes = fileOf('d', 300_000);
    const cache = cacheOf(dir);
    const asked = { sha256: sha256Of(fileOf('another', 10)) };
    const { fill } = cache.fill(asked, source, upstreamOf(bytes));
    await fill.head;
    let got = 0;
    const readers = [fill.read(), fill.read()];
    const reading = readers.map(async (reader) => {
      for await (const piece of reader) got += (piece as Buffer).length;
    });
    for (const read of reading) await expect(read).rejects.toMatchObject({ what: 'hash' });
    expect(got).toBeLessThanOrEqual(2 * (bytes.length - withheldBytes));
    fill.release();
    await expect.poll(() => incomingOf(dir)).toEqual([]);
    expect(await cache.open(asked)).toBeUndefined();
    expect((await cache.stats()).files).toBe(0);
  });

  it('fails when it ends early, or goes on behind its end', async () => {
    const bytes = fileOf('e', 200_000);
    const cache = cacheOf(tempDir());
    for (const sizeBytes of [bytes.length + 1, bytes.length - 1]) {
      const upstream = new Upstream(sizeBytes);
      const { fill } = cache.fill({ sha256: sha256Of(bytes) }, source, upstream.open);
      await fill.head;
      upstream.give(bytes);
      upstream.give(null);
      await expect(readAll(fill.read())).rejects.toMatchObject({ what: 'length' });
      fill.release();
    }
  });

  it('is checked by MD5 where nothing else is known, kept under its SHA-256, and found by both', async () => {
    const bytes = fileOf('f', 100_000);
    const cache = cacheOf(tempDir());
    const { fill } = cache.fill({ md5: md5Of(bytes) }, source, upstreamOf(bytes));
    expect(await fill.whole(new AbortController().signal)).toMatchObject({ sha256: sha256Of(bytes) });
    fill.release();
    expect(await cache.open({ md5: md5Of(bytes) }, source)).toMatchObject({ sha256: sha256Of(bytes) });
    expect(await cache.open({ sha256: sha256Of(bytes) })).toMatchObject({ size: bytes.length });
    const other = cache.fill({ md5: md5Of(fileOf('another', 10)) }, source, upstreamOf(bytes)).fill;
    await expect(other.whole(new AbortController().signal)).rejects.toMatchObject({ what: 'hash' });
    other.release();
  });

  it('is asked for no longer when nobody reads it or waits for it', async () => {
    const dir = tempDir();
    const bytes = fileOf('g', 200_000);
    const cache = cacheOf(dir);
    const upstream = new Upstream(bytes.length);
    const asked = { sha256: sha256Of(bytes) };
    const { fill } = cache.fill(asked, source, upstream.open);
    await fill.head;
    const stop = new AbortController();
    const waiting = fill.whole(stop.signal);
    const reader = fill.read();
    fill.release();
    upstream.give(bytes.subarray(0, 100_000));
    reader.destroy();
    expect(upstream.stream.destroyed).toBe(false);
    stop.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(fill.done).rejects.toThrow();
    expect(upstream.stream.destroyed).toBe(true);
    await expect.poll(() => incomingOf(dir)).toEqual([]);
    expect(cache.fill(asked, source, upstreamOf(bytes)).isNew).toBe(true);
  });

  it('is fetched on for a moment when all have left: who asks again finds it', async () => {
    const bytes = fileOf('i', 200_000);
    const cache = cacheOf(tempDir(), { aloneMs: 60_000 });
    const asked = { sha256: sha256Of(bytes) };
    const upstream = new Upstream(bytes.length);
    const leave = async () => {
      const { fill } = cache.fill(asked, source, upstream.open);
      await fill.head;
      const reader = fill.read();
      await expect.poll(() => fill.bytesOnDisk).toBeGreaterThan(0);
      reader.destroy();
      fill.release();
    };
    upstream.give(bytes.subarray(0, 100_000));
    await leave();
    await leave();
    const again = cache.fill(asked, source, upstream.open);
    expect([again.isNew, upstream.asked]).toEqual([false, 1]);
    upstream.give(bytes.subarray(100_000));
    upstream.give(null);
    expect((await readAll(again.fill.read())).equals(bytes)).toBe(true);
    again.fill.release();
    // Not for long, not more than a few, and not when the cache is closed.
    const short = cacheOf(tempDir(), { aloneMs: 10 });
    const many = cacheOf(tempDir(), { aloneMs: 60_000 });
    const left = [short, ...Array.from({ length: 17 }, () => many)].map(async (of, no) => {
      const one = new Upstream(bytes.length);
      one.give(bytes.subarray(0, 100_000));
      const { fill } = of.fill(asked, sourceOf(`${no}.conda`), one.open);
      await expect.poll(() => fill.bytesOnDisk).toBeGreaterThan(0);
      fill.release();
      return { fill, one };
    });
    const fills = await Promise.all(left);
    await expect(fills[0]?.fill.done).rejects.toThrow();
    expect(fills.filter(({ one }) => !one.stream.destroyed)).toHaveLength(16);
    await many.close();
    for (const { fill } of fills) await expect(fill.done).rejects.toThrow();
  });

  it('tells everybody who waits that the upstream gives nothing', async () => {
    const cache = cacheOf(tempDir());
    const asked = { sha256: sha256Of(fileOf('h', 10)) };
    const fail = () => Promise.reject(new Error('away'));
    const fills = [1, 2].map(() => cache.fill(asked, source, fail).fill);
    for (const fill of fills) await expect(fill.head).rejects.toThrow('away');
    for (const fill of fills) await expect(readAll(fill.read())).rejects.toThrow('away');
    for (const fill of fills) fill.release();
  });
});
