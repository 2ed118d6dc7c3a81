import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
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
  const rolled = () => {
    const database = new DatabaseSync(join(dir, 'v1', 'rollup.sqlite'), { readOnly: true });
    const found = database.prepare('SELECT month FROM rolled ORDER BY month').all();
    database.close();
    return found.map(({ month }) => month);
  };
  return { store, scan: openScanStore({ dir, source }), write, rolled };
}

const places = [{ tokenId: 'token-1' }, { environmentId: 'environment-1' }, { teamId: 'team-1' }] as const;
const periods = [
  {},
  { fromMs: at(9, 4) },
  { fromMs: Date.UTC(2026, 8, 1), toMs: Date.UTC(2026, 10, 1) },
  { fromMs: at(9, 10), toMs: at(11, 1) },
];

describe('months that are over', () => {
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
    const { store, rolled } = await scene();
    const nowMs = at(11, 10);
    // Kept from 15 September on.
    await store.prune(
      { rowsDays: 1000, rollupDays: Math.floor(nowMs / dayMs) - at(9, 15) / dayMs + 0.5 },
      nowMs,
    );
    expect(rolled()).toEqual(Array(3).fill('2026-10'));
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
