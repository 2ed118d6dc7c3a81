import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openRowStore, openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import { ParsedSegments } from '../../../src-main/request-log/store/parsed-segments.ts';
import { UnreadSegment } from '../../../src-main/request-log/store/segment-source.ts';
import { killTakeIn } from '../../support/kill-take-in.ts';
import { MemorySegments } from '../../support/memory-segments.ts';
import { rowsPerSegment, SmallSegments } from '../../support/small-segments.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { canMount, runLimited } from '../disk/small-disk.ts';

cleanTempDirs();

const atMs = Date.UTC(2026, 10, 26, 2);
const row = { kind: 'download' as const, bytes: 1, status: 200, client: 'pip/26.3', who: 0 };
const use = async <T>(dir: string, count: number, work: (store: RowStore) => Promise<T>): Promise<T> => {
  const store = openRowStore({ dir, source: new SmallSegments(count) });
  try {
    return await work(store);
  } finally {
    store.close();
  }
};

describe('the store of the request log', () => {
  it('takes a segment in once, whoever is killed while it does', async () => {
    expect(await killTakeIn(tempDir(), 3)).toBeGreaterThan(0);
  });

  it('takes in once what two processes take in at the same time', async () => {
    const dir = tempDir();
    const script = join(import.meta.dirname, '..', '..', 'support', 'take-in.ts');
    const ends = [1, 2].map(() =>
      once(spawn(process.execPath, [script, dir, '12'], { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit'),
    );
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [0, null],
    ]);
    const { rows } = await use(dir, 12, (store) => store.sizes());
    expect(rows).toBe(12 * rowsPerSegment);
  });

  it('is for nobody else to read', async () => {
    const dir = tempDir();
    const source = new SmallSegments(2);
    const store = openRowStore({ dir, source });
    await store.index();
    const files = readdirSync(join(dir, 'v2')).map((name) => join(dir, 'v2', name));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    store.close();
  });

  for (const [name, damage] of [
    ['rows-2026-10.sqlite', (path: string) => writeFileSync(path, 'not a database '.repeat(600))],
    ['rows-2026-11.sqlite', (path: string) => truncateSync(path, 4096 * 3)],
    ['rollup.sqlite', (path: string) => writeFileSync(path, Buffer.alloc(40_000, 7))],
  ] as const) {
    it(`moves a damaged ${name} aside, names it, and answers the same before and after it is built anew`, async () => {
      const dir = tempDir();
      const questions = (store: RowStore) =>
        Promise.all([
          store.rows({}, { limit: 1000 }),
          store.whoHas({ ecosystem: 'pypi', name: 'package-3' }),
          store.tokenUses(),
        ]);
      const whole = await use(dir, 5, async (store) => {
        await store.index();
        return questions(store);
      });
      damage(join(dir, 'v2', name));
      const named: string[] = [];
      const source = new SmallSegments(5);
      const store = openRowStore({ dir, source, onDamaged: (nowAt) => named.push(nowAt) });
      expect(await questions(store)).toEqual(whole);
      expect(named).toHaveLength(1);
      expect(named[0]).toContain(`${name}.damaged-`);
      expect(await store.index()).toMatchObject({ setAside: named });
      expect(await questions(store)).toEqual(whole);
      expect((await store.sizes()).rows).toBe(5 * rowsPerSegment);
      store.close();
    });
  }

  it('sets a database of another form aside, as one that is damaged', async () => {
    const dir = tempDir();
    const whole = await use(dir, 3, async (store) => {
      await store.index();
      return store.tokenUses();
    });
    const other = new DatabaseSync(join(dir, 'v2', 'rollup.sqlite'));
    other.exec('DROP TABLE tokens; PRAGMA user_version = 7');
    other.close();
    const named: string[] = [];
    const store = openRowStore({
      dir,
      source: new SmallSegments(3),
      onDamaged: (nowAt) => named.push(nowAt),
    });
    expect(await store.tokenUses()).toEqual(whole);
    expect(named).toHaveLength(1);
    expect(await store.index()).toMatchObject({ segments: 3 });
    expect(await store.tokenUses()).toEqual(whole);
    store.close();
  });

  it('removes databases of an earlier form, and fills its own from segments', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'v1', 'odd'), { recursive: true });
    writeFileSync(join(dir, 'v1', 'rollup.sqlite'), 'of an earlier form');
    expect(await use(dir, 2, (store) => store.index())).toMatchObject({ segments: 2, setAside: [] });
    expect(readdirSync(dir)).toEqual(['v2']);
  });

  it('answers from segments where it can keep no databases, and while another process writes', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'a file'), '');
    const rows = await use(join(dir, 'a file'), 2, (store) => store.rows({}));
    expect(rows).toEqual(await openScanStore({ dir: '', source: new SmallSegments(2) }).rows({}));
    await use(dir, 2, async (store) => {
      await store.index();
      const writer = new DatabaseSync(join(dir, 'v2', 'rollup.sqlite'));
      writer.exec('BEGIN IMMEDIATE; DELETE FROM tokens');
      expect(await store.rows({})).toEqual(rows);
      expect((await store.tokenUses()).items).not.toEqual([]);
      writer.close();
    });
  });

  it('follows no link in place of a database, and says so', async () => {
    const dir = tempDir();
    await use(dir, 2, (store) => store.index());
    renameSync(join(dir, 'v2', 'rollup.sqlite'), join(dir, 'elsewhere'));
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'v2', 'rollup.sqlite'));
    const asked = use(dir, 2, (store) => store.tokenUses());
    await expect(asked).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE', details: { reason: 'ELOOP' } });
  });

  it('takes a segment in when all of it can be read, and others meanwhile', async () => {
    const source = new MemorySegments();
    for (const name of ['s.1', 's.2', 's.3'])
      source.write(name, { atMs, rows: [{ ...row, atMs, tokenId: name }] });
    for (const name of ['s.1', 's.2', 's.3']) source.close(name);
    const read = source.read.bind(source);
    source.read = async function* unread(info) {
      yield* read(info);
      if (info.name === 's.2') throw new UnreadSegment(info.name, new Error('EIO'));
    };
    const store = openRowStore({ dir: tempDir(), source });
    expect(await store.index()).toMatchObject({ segments: 2 });
    expect((await store.tokenUses()).items).toHaveLength(3);
    source.read = read;
    expect(await store.index()).toMatchObject({ segments: 1 });
    expect((await store.tokenUses()).items).toHaveLength(3);
    store.close();
  });

  it('keeps few segments in memory, whatever their size is said to be', async () => {
    const source = new MemorySegments();
    const text = 'x'.repeat(250);
    const rows = Array.from({ length: 2_000 }, () => ({
      ...row,
      atMs,
      ciProject: text,
      filename: text,
      name: text,
    }));
    const names = Array.from({ length: 40 }, (_, index) => `s.${index}`);
    for (const name of names) {
      source.write(name, { atMs, rows });
      source.close(name);
    }
    const parsed = new ParsedSegments(source);
    const get = (name: string) => parsed.get({ name, isClosed: true, sizeBytes: 0 });
    for (const name of names)
      // oxlint-disable-next-line no-await-in-loop
      await get(name);
    await get('s.39');
    expect(source.reads).toBe(40);
    await get('s.0');
    expect(source.reads).toBe(41);
  });

  it('counts rows of segments that are not in its databases', async () => {
    const source = new MemorySegments();
    source.write('s.1', { atMs, rows: [{ ...row, atMs, filename: 'a', tokenId: 'token-1' }] });
    for (const store of [openRowStore({ dir: tempDir(), source }), openScanStore({ dir: '', source })])
      // oxlint-disable-next-line no-await-in-loop
      expect(await store.sizes()).toMatchObject({ besideRows: 1, rowsDays: 1, rollupDays: 1 });
  });

  it.runIf(canMount)('says that the disk is full, and still answers', () => {
    const script = join(import.meta.dirname, '..', '..', 'support', 'fill-store.ts');
    const done = runLimited('mount -t tmpfs -o size=700k tmpfs "$1"', tempDir(), script);
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toEqual({ code: 'FILE_NOT_WRITABLE', reason: 'ENOSPC', isWhole: true });
  });

  it('ends a question that takes too long', async () => {
    const store = openScanStore({ dir: '', source: new SmallSegments(3), queryMs: -1 });
    await expect(store.rows({})).rejects.toMatchObject({ code: 'LOG_QUERY_TOO_SLOW' });
  });

  it('refuses a cursor that is none', async () => {
    const store = openScanStore({ dir: '', source: new SmallSegments(1) });
    for (const cursor of ['', 'x', 'WzFd', 'bnVsbA', 'A'.repeat(10_000)])
      // oxlint-disable-next-line no-await-in-loop
      await expect(store.rows({}, { cursor })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('forgets rows by month and day, and the rollup by its own days', async () => {
    const dir = tempDir();
    const source = new MemorySegments();
    const day = (month: number, date: number) => Date.UTC(2026, month, date, 5);
    const times = [day(7, 1), day(8, 9), day(8, 10), day(9, 1)];
    const file = { ecosystem: 'pypi' as const, name: 'numpy', version: '2', filename: 'numpy.whl' };
    for (const [index, atMs] of times.entries()) {
      source.write(`s.${index}`, { atMs, rows: [{ ...row, ...file, atMs, tokenId: 'token-1' }] });
      source.close(`s.${index}`);
    }
    const store = openRowStore({ dir, source });
    await store.index();
    const nowMs = day(9, 2);
    await store.prune({ rowsDays: 22, rollupDays: 24 }, nowMs);
    // Segments stay until another takes them; what was forgotten is not taken in again.
    expect(await store.index()).toMatchObject({ segments: 0 });
    const { items } = await store.rows({ tokenId: 'token-1' });
    expect(items.map(({ atMs }) => atMs)).toEqual([times[3], times[2]]);
    const held = await store.whoHas({ ecosystem: 'pypi', name: 'numpy' });
    expect(held.items[0]).toMatchObject({ count: 3, firstMs: times[1], lastMs: times[3] });
    expect(await store.sizes()).toMatchObject({ rows: 2, rowsDays: 2, rollupDays: 3 });
    expect(readdirSync(join(dir, 'v2'))).not.toContain('rows-2026-08.sqlite');
    store.close();
    // The hours in which there are rows of a kind: that of 9 September is no more.
    const september = new DatabaseSync(join(dir, 'v2', 'rows-2026-09.sqlite'), { readOnly: true });
    expect(september.prepare('SELECT count(*) AS hours FROM row_hours').get()).toEqual({ hours: 1 });
    september.close();
  });
});
