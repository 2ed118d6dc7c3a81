/** What else may stand in the cache's folders: nothing is followed, waited for, served or taken away behind it. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../../src-main/package-cache/cache-types.ts';
import {
  cacheOf,
  fileOf,
  fillWith,
  md5Of,
  readAll,
  sha256Of,
  sourceOf,
  upstreamOf,
} from '../../support/cache-scene.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const bytes = fileOf('a', 100_000);
const sha256 = sha256Of(bytes);
const source = sourceOf('some.conda');
const root = (dir: string) => join(dir, 'package-cache');
const pathIn = (dir: string) => join(root(dir), 'files', sha256.slice(0, 2), sha256);
const longAgo = (path: string) => utimesSync(path, new Date(0), new Date(0));
const pipe = (path: string) => execFileSync('mkfifo', [path]);

/** Files of somebody else, old enough to be taken away if they were ours. */
function outside(): string {
  const dir = tempDir();
  for (const name of ['letter.txt', sha256]) {
    writeFileSync(join(dir, name), 'mine');
    longAgo(join(dir, name));
  }
  return dir;
}

describe('the folders of the cache', () => {
  it.each([
    'files',
    'incoming',
    'damaged',
    'md5',
    'documents',
    'documents/kept',
    'documents/damaged',
    'counters',
  ])('where %s is a link, nothing behind it is read, written or taken away', async (part) => {
    const dir = tempDir();
    const away = outside();
    mkdirSync(dirname(join(root(dir), part)), { recursive: true });
    symlinkSync(away, join(root(dir), part));
    const events: CacheEvent[] = [];
    const cache = cacheOf(dir, { say: (event) => events.push(event) });
    expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
    cache.count('hit', 1);
    await (await cache.documents.begin())?.keep('0'.repeat(40), {});
    await cache.tend();
    await cache.purge({ type: 'all' }).catch(() => undefined);
    await cache.close();
    expect(readdirSync(away).sort()).toEqual([sha256, 'letter.txt'].sort());
    expect(readFileSync(join(away, sha256), 'utf8')).toBe('mine');
  });

  it('a link in the place of one part of them is not followed either, and is no fault of the disk', async () => {
    const dir = tempDir();
    const away = outside();
    const events: CacheEvent[] = [];
    const cache = cacheOf(dir, { say: (event) => events.push(event) });
    await fillWith(cache, bytes, source);
    const part = dirname(pathIn(dir));
    renameSync(part, join(dir, 'moved'));
    symlinkSync(join(dir, 'moved'), part);
    // The very same file, by a link.
    expect(await cache.open({ sha256 }, source)).toBeUndefined();
    rmSync(part);
    symlinkSync(away, part);
    expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
    await cache.tend();
    expect(await cache.purge({ type: 'all' })).toMatchObject({ files: 0 });
    expect(readdirSync(away)).toHaveLength(2);
    expect([events, cache.pausedUntilMs]).toEqual([[], undefined]);
  });

  it('are made anew when somebody takes them away', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, source);
    rmSync(root(dir), { recursive: true });
    expect(await cache.open({ sha256 }, source)).toBeUndefined();
    await fillWith(cache, bytes, source);
    expect(await cache.open({ sha256 }, source)).toBeDefined();
    expect(cache.pausedUntilMs).toBeUndefined();
  });
});

describe('in the place of a file', () => {
  const stands: Readonly<Record<string, (path: string) => void>> = {
    'a pipe': pipe,
    'a folder': (path) => mkdirSync(path),
    'a link to the right file': (path) => {
      writeFileSync(`${path}-away`, bytes);
      symlinkSync(`${path}-away`, path);
    },
    'a link to nothing': (path) => symlinkSync('/nowhere', path),
    'a link to a device': (path) => symlinkSync('/dev/zero', path),
  };

  it.each(Object.entries(stands))('%s is not served, and waited for by nobody', async (_what, put) => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, source);
    rmSync(pathIn(dir));
    put(pathIn(dir));
    expect(await cache.open({ sha256 }, source)).toBeUndefined();
    expect(await cache.verify()).toMatchObject({ damaged: [] });
    await cache.tend();
    // Whoever asks gets it all the same.
    expect((await fillWith(cache, bytes, source)).equals(bytes)).toBe(true);
    expect(cache.pausedUntilMs).toBeUndefined();
  });

  it.each(Object.entries(stands))('%s beside it is no text of ours', async (_what, put) => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, source);
    rmSync(`${pathIn(dir)}.json`);
    put(`${pathIn(dir)}.json`);
    expect(await cacheOf(dir).open({ sha256 }, source)).toBeUndefined();
    for await (const { about } of cache.list()) expect(about).toBeUndefined();
    expect((await fillWith(cacheOf(dir), bytes, source)).equals(bytes)).toBe(true);
  });

  it.each(Object.entries(stands))('%s leads to no file by MD5', async (_what, put) => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    const { fill } = cache.fill({ md5: md5Of(bytes) }, source, upstreamOf(bytes));
    await fill.whole(new AbortController().signal);
    fill.release();
    const [pointer = ''] = readdirSync(join(root(dir), 'md5'));
    rmSync(join(root(dir), 'md5', pointer));
    put(join(root(dir), 'md5', pointer));
    expect(await cache.open({ md5: md5Of(bytes) }, source)).toBeUndefined();
    await cache.tend();
  });

  it.each(Object.entries(stands))('%s is no document', async (_what, put) => {
    const dir = tempDir();
    const { documents } = cacheOf(dir);
    const key = 'a'.repeat(40);
    await (await documents.begin())?.keep(key, { channelId: 'main' });
    const path = join(root(dir), 'documents', 'kept', 'aa', key);
    expect(existsSync(path)).toBe(true);
    rmSync(path);
    put(path);
    expect(await documents.open(key)).toBeUndefined();
    expect(await documents.clear('main')).toEqual({ documents: 0, bytes: 0 });
  });
});

describe('a file that is changed under the cache', () => {
  const changes: Readonly<Record<string, (path: string) => void>> = {
    'with the same length and time': (path) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(path, fileOf('evil', bytes.length));
      utimesSync(path, atime, mtime);
    },
    'by another in its place': (path) => {
      writeFileSync(`${path}.x`, fileOf('evil', bytes.length));
      utimesSync(`${path}.x`, statSync(path).atime, statSync(path).mtime);
      renameSync(`${path}.x`, path);
    },
    'through a hard link': (path) => {
      linkSync(path, `${path}.x`);
      writeFileSync(`${path}.x`, fileOf('evil', bytes.length));
    },
  };

  it.each(Object.entries(changes))('%s is read again, and put aside', async (_how, change) => {
    const dir = tempDir();
    const events: CacheEvent[] = [];
    const cache = cacheOf(dir, { say: (event) => events.push(event) });
    await fillWith(cache, bytes, source);
    expect(await cache.open({ sha256 }, source)).toBeDefined();
    // The clock of a file system ticks slowly.
    await expect.poll(() => Date.now() - statSync(pathIn(dir)).ctimeMs).toBeGreaterThan(20);
    change(pathIn(dir));
    expect(await cache.open({ sha256 }, source)).toBeUndefined();
    expect(events).toEqual([{ type: 'damaged', sha256 }]);
  });

  it('in its mode or links alone is read again and served on', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, source);
    linkSync(pathIn(dir), join(dir, 'copy'));
    chmodSync(pathIn(dir), 0o400);
    const found = await cache.open({ sha256 }, source);
    expect(found?.ctimeMs).toBe(statSync(pathIn(dir)).ctimeMs);
  });

  it('is read anew when it failed while it was sent', async () => {
    const dir = tempDir();
    const cache = cacheOf(dir);
    await fillWith(cache, bytes, source);
    await cache.open({ sha256 }, source);
    let read = 0;
    cache.doubt(sha256);
    await cache.verify(() => (read += 1));
    expect(read).toBe(1);
    expect(await cache.open({ sha256 }, source)).toBeDefined();
  });
});

describe('short files', () => {
  const short = fileOf('short', 1000);
  const asked = { sha256: sha256Of(short), sizeBytes: 1000 };

  it('come from memory for a moment, and are then looked for again', async () => {
    const dir = tempDir();
    let nowMs = Date.now();
    const cache = cacheOf(dir, { now: () => nowMs });
    await fillWith(cache, short, source);
    expect(cache.lately(asked, source)).toBeUndefined();
    expect((await cache.open(asked, source))?.bytes?.equals(short)).toBe(true);
    expect(cache.lately(asked, source)?.bytes?.equals(short)).toBe(true);
    // Of another length, or of a channel that never gave it: as if there were none.
    expect(cache.lately({ ...asked, sizeBytes: 999 }, source)).toBeUndefined();
    expect(cache.lately(asked, { ...source, channelId: 'other' })).toBeUndefined();
    await cacheOf(dir).purge({ type: 'all' });
    nowMs += 1000;
    expect(cache.lately(asked, source)).toBeUndefined();
    expect(await cache.open(asked, source)).toBeUndefined();
  });

  it('are read once, by one descriptor, however many ask', async () => {
    const dir = tempDir();
    await fillWith(cacheOf(dir), short, source);
    const cache = cacheOf(dir);
    const found = await Promise.all(Array.from({ length: 50 }, () => cache.open(asked, source)));
    expect(new Set(found.map((file) => file?.bytes)).size).toBe(1);
    expect((await readAll(cache.fill(asked, source, upstreamOf(short)).fill.read())).equals(short)).toBe(
      true,
    );
  });
});
