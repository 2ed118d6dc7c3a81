import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { clearForgotten, mergeParts } from '../../../src-main/request-log/store/holding-parts.ts';
import { RollupFile } from '../../../src-main/request-log/store/rollup-file.ts';
import { openRowStore, openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import { MemorySegments } from '../../support/memory-segments.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const dayMs = 86_400_000;
const at = (month: number, day: number) => Date.UTC(2026, month - 1, day, 12);
const row = (atMs: number, name: string) => ({
  atMs,
  kind: 'download' as const,
  tokenId: 'token-1',
  environmentId: 'environment-1',
  teamId: 'team-1',
  ecosystem: 'pypi' as const,
  name,
  version: '1.0',
  filename: `${name}-1.0.whl`,
  bytes: 10,
  status: 200,
  client: 'pip/26.3',
  who: 0,
});

/** A store whose September and October are over, and one that reads segments. */
async function scene() {
  const dir = tempDir();
  const source = new MemorySegments();
  const write = (name: string, rows: ReturnType<typeof row>[]) => {
    source.write(name, { batch: 0, atMs: rows[0]?.atMs ?? 0, rows, counts: [], dropped: [] });
    source.close(name);
  };
  write('a.1.1', [row(at(9, 3), 'numpy'), row(at(9, 20), 'numpy'), row(at(9, 20), 'scipy')]);
  write('a.1.2', [row(at(10, 5), 'numpy'), row(at(10, 6), 'pandas')]);
  write('a.1.3', [row(at(11, 8), 'numpy')]);
  const store = openRowStore({ dir, source, worthRolling: 2, now: () => at(11, 10) });
  await store.index();
  const inRollup = (sql: string) => {
    const database = new DatabaseSync(join(dir, 'v2', 'rollup.sqlite'), { readOnly: true });
    const found = database.prepare(sql).all();
    database.close();
    return found.map((one) => Object.values(one)[0]);
  };
  const rolled = () => inRollup('SELECT month FROM rolled ORDER BY month');
  /** Of who has a file: the days that parts begin with. */
  const parts = () => inRollup('SELECT DISTINCT part FROM holdings ORDER BY part');
  return { dir, store, scan: openScanStore({ dir, source }), write, rolled, parts };
}

const places = [{ tokenId: 'token-1' }, { environmentId: 'environment-1' }, { teamId: 'team-1' }] as const;
const periods = [
  {},
  { fromMs: at(9, 4) },
  { fromMs: Date.UTC(2026, 8, 1), toMs: Date.UTC(2026, 10, 1) },
  { fromMs: at(9, 10), toMs: at(11, 1) },
];

const numpy = { ecosystem: 'pypi' as const, name: 'numpy' };
const dayOf = (month: number, day: number) => Math.floor(at(month, day) / dayMs);

describe('months that are over', () => {
  it('have a part each of who has a file, and of what comes late when that is put there', async () => {
    const { store, scan, write, parts } = await scene();
    const [september, october] = [dayOf(9, 1), dayOf(10, 1)];
    expect(parts()).toEqual([september, october, dayOf(11, 8)]);
    write('b.1.1', [row(at(9, 20), 'numpy'), row(at(9, 21), 'numpy'), row(at(11, 9), 'numpy')]);
    for (const index of [async () => undefined, () => store.index(), () => store.index()]) {
      // oxlint-disable-next-line no-await-in-loop
      await index();
      for (const period of periods)
        // oxlint-disable-next-line no-await-in-loop
        expect(await store.whoHas(numpy, period)).toEqual(await scan.whoHas(numpy, period));
    }
    expect(parts()).toEqual([september, october, dayOf(11, 8), dayOf(11, 9)]);
    store.close();
  });

  it('are put together in small steps, as two processes do it at once', async () => {
    const { dir, store, scan, write, parts } = await scene();
    const names = Array.from({ length: 300 }, (_, index) => `package-${index % 100}`);
    write(
      'b.1.1',
      names.map((name, index) => row(at(11, 1 + (index % 20)), name)),
    );
    await store.index();
    const other = new RollupFile(join(dir, 'v2', 'rollup.sqlite'), () => undefined);
    const pause = () => Promise.resolve();
    const nowMs = at(12, 3);
    await Promise.all([mergeParts(other.file, nowMs, pause, 3), mergeParts(other.file, nowMs, pause, 5)]);
    other.file.close();
    expect(parts()).toEqual([dayOf(9, 1), dayOf(10, 1), dayOf(11, 1)]);
    for (const name of ['package-0', 'package-57', 'numpy'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await store.whoHas({ ...numpy, name })).toEqual(await scan.whoHas({ ...numpy, name }));
    store.close();
  });

  it('are added up once, and say what their days say', async () => {
    const { store, scan, rolled } = await scene();
    expect(rolled()).toEqual([...Array(3).fill('2026-09'), ...Array(3).fill('2026-10')]);
    for (const place of places)
      for (const period of periods)
        // oxlint-disable-next-line no-await-in-loop
        expect(await store.installed(place, period)).toEqual(await scan.installed(place, period));
    store.close();
  });

  it('take what comes late', async () => {
    const { store, scan, write, rolled } = await scene();
    write('b.1.1', [row(at(9, 21), 'numpy'), row(at(9, 21), 'new')]);
    // Beside, then in the database.
    for (const index of [async () => undefined, () => store.index()]) {
      // oxlint-disable-next-line no-await-in-loop
      await index();
      for (const place of places)
        // oxlint-disable-next-line no-await-in-loop
        expect(await store.installed(place, {}, { limit: 2 })).toEqual(
          // oxlint-disable-next-line no-await-in-loop
          await scan.installed(place, {}, { limit: 2 }),
        );
    }
    expect(rolled()).toHaveLength(6);
    store.close();
  });

  it('say no more of days that retention took', async () => {
    const { store, rolled, parts } = await scene();
    const nowMs = at(11, 10);
    // Kept from 15 September on.
    await store.prune(
      { rowsDays: 1000, rollupDays: Math.floor(nowMs / dayMs) - at(9, 15) / dayMs + 0.5 },
      nowMs,
    );
    expect(rolled()).toEqual(Array(3).fill('2026-10'));
    const held = await store.whoHas(numpy);
    expect(held.items).toMatchObject([{ count: 3, firstMs: at(9, 20), lastMs: at(11, 8) }]);
    // September as a whole: its part goes, too.
    expect(parts()).toContain(dayOf(9, 1));
    await store.prune({ rowsDays: 1000, rollupDays: dayOf(11, 10) - dayOf(10, 6) }, nowMs);
    expect(parts()).toEqual([dayOf(10, 1), dayOf(11, 8)]);
    expect((await store.whoHas(numpy)).items).toMatchObject([{ count: 1, firstMs: at(11, 8) }]);
    store.close();
  });

  it('say nothing of forgotten days again where something late comes to one of them', async () => {
    const { store, write } = await scene();
    const nowMs = at(11, 10);
    await store.prune({ rowsDays: 1000, rollupDays: dayOf(11, 10) - dayOf(9, 15) }, nowMs);
    write('b.1.1', [row(at(9, 2), 'scipy')]);
    await store.index();
    const [{ items }, { items: late }] = await Promise.all([
      store.whoHas(numpy),
      store.whoHas({ ...numpy, name: 'scipy' }),
    ]);
    expect(items).toMatchObject([{ count: 3, firstMs: at(9, 20), lastMs: at(11, 8) }]);
    expect(late).toMatchObject([{ count: 2, firstMs: at(9, 2), lastMs: at(9, 20) }]);
    store.close();
  });

  it('are read by days where retention took some of them', async () => {
    const { store } = await scene();
    const nowMs = at(11, 10);
    await store.prune({ rowsDays: 1000, rollupDays: dayOf(11, 10) - dayOf(9, 15) }, nowMs);
    for (const place of places) {
      // oxlint-disable-next-line no-await-in-loop
      const { items } = await store.installed(place);
      expect(items.map(({ file, count }) => [file.name, count])).toEqual([
        ['numpy', 3],
        ['pandas', 1],
        ['scipy', 1],
      ]);
    }
    store.close();
  });

  it('are not ended by a row that a wrong clock dated ahead', async () => {
    const { store, scan, write, rolled } = await scene();
    write('b.1.1', [row(Date.UTC(2099, 0, 5), 'numpy')]);
    await store.index();
    expect(rolled()).toHaveLength(6);
    for (const place of places)
      // oxlint-disable-next-line no-await-in-loop
      expect(await store.installed(place)).toEqual(await scan.installed(place));
    store.close();
  });

  it('pages of names beyond 16 bits follow one another', async () => {
    const { store, scan, write } = await scene();
    write(
      'b.1.1',
      ['\u{1F40D}', '\uFFFD', 'a'].map((name) => row(at(11, 9), name)),
    );
    await store.index();
    const names = async (asked: typeof store) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        // oxlint-disable-next-line no-await-in-loop
        const page = await asked.installed(
          { teamId: 'team-1' },
          {},
          { limit: 1, ...(cursor === undefined ? {} : { cursor }) },
        );
        found.push(...page.items.map(({ file }) => file.name));
        cursor = page.next;
      } while (cursor !== undefined);
      return found;
    };
    expect(await names(store)).toEqual(['a', 'numpy', 'pandas', 'scipy', '\uFFFD', '\u{1F40D}']);
    expect(await names(scan)).toEqual(await names(store));
    store.close();
  });
});

describe('more than the arguments of a call', () => {
  const many = 200_000;

  it('may be the rows of a segment', async () => {
    const source = new MemorySegments();
    const rows = Array.from({ length: many }, () => row(at(9, 3), 'numpy'));
    source.write('a.1.1', { atMs: at(9, 3), rows });
    const { items } = await openScanStore({ dir: tempDir(), source }).rows({}, { limit: 3 });
    expect(items).toHaveLength(3);
  });

  it('may be the days that something comes to', () => {
    const { file } = new RollupFile(join(tempDir(), 'rollup.sqlite'), () => undefined);
    const days = Array.from({ length: many }, (_, day) => day);
    expect(() => file.write(() => clearForgotten(file, days))).not.toThrow();
    file.close();
  });
});
