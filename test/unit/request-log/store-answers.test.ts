import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogCount } from '../../../src-main/request-log/log-row.ts';
import { openRowStore, openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type {
  Page,
  PageOf,
  Period,
  PlainRow,
  RowStore,
} from '../../../src-main/request-log/store/row-store.ts';
import { countedLog } from '../../support/counted-log.ts';
import { everyPage, MemorySegments } from '../../support/memory-segments.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const hourMs = 3_600_000;
/** Around the end of a month, so that segments are of two. */
const start = Date.UTC(2026, 9, 30);
const month = Date.UTC(2026, 10, 1);
/** Few, so that rows meet in one millisecond, hour and day; on both sides of a day's, a month's and the last year's end. */
const time = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(start, start + 1, start + 90_000_000) },
  { weight: 4, arbitrary: fc.integer({ min: start, max: start + 4 * 24 * hourMs }) },
  { weight: 2, arbitrary: fc.constantFrom(month - 1, month, month + 1, month + 24 * hourMs - 1) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Date.UTC(2020, 0),
      Date.UTC(2020, 0) - 1,
      Date.UTC(2100, 0) - 1,
      Date.UTC(2100, 0),
    ),
  },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const id = (kind: string, count: number) => fc.integer({ min: 1, max: count }).map((no) => `${kind}-${no}`);

/** Without members that are undefined, as rows are read. */
const tidy = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** Such as no gateway writes, too: names as long as they may be, that sort by other units, or that look like SQL. */
const oddNames = ['\u{1F40D}', '\uFFFD', `${'x'.repeat(255)}é`, "'); DROP TABLE rows; --", '%', 'Package-1'];
const aFile = fc
  .record({
    name: fc.oneof(
      { weight: 8, arbitrary: id('package', 3) },
      { weight: 1, arbitrary: fc.constantFrom(...oddNames) },
    ),
    version: fc.constantFrom('1', '1.0', '1.0.0', '1.0rc1', '1rc1', '1-1', '1!1', '10'),
    build: fc.integer({ min: 0, max: 1 }),
    isHashed: fc.boolean(),
  })
  .map(({ name, version, build, isHashed }) => ({
    ecosystem: name === 'package-1' ? ('conda' as const) : ('pypi' as const),
    name,
    version,
    filename: `${name}-${version}-${build}.whl`,
    ...(isHashed ? { sha256: `${name}${version}${build}`.padEnd(64, '0') } : {}),
  }));
const aRow = fc
  .record({
    atMs: time,
    kind: fc.constantFrom('download' as const, 'cut' as const, 'refusal' as const),
    tokenId: maybe(id('token', 3)),
    teamId: maybe(id('team', 2)),
    environmentId: maybe(id('environment', 2)),
    channelId: maybe(id('channel', 2)),
    file: maybe(aFile),
    bytes: fc.integer({ min: 0, max: 2 ** 40 }),
    status: fc.constantFrom(200, 206, 403),
    cache: maybe(fc.constantFrom('hit' as const, 'miss' as const, 'fill' as const)),
    cause: maybe(fc.constantFrom('access.token-unknown' as const, 'channel.not-found' as const)),
    policyName: maybe(id('policy', 2)),
    decisionId: maybe(fc.stringMatching(/^[a-z]{1,8}$/)),
    client: fc.constantFrom('pip/26.3', 'conda/26.1', ''),
    ciProject: maybe(id('project', 2)),
    ciJob: maybe(id('job', 2)),
  })
  .map(({ file, ...row }) => ({ ...tidy(row), ...file }) as unknown as PlainRow);
const aCount = fc
  .record({
    hourMs: time.map((atMs) => atMs - (atMs % hourMs)),
    tokenId: maybe(id('token', 3)),
    channelId: maybe(id('channel', 2)),
    allowed: fc.integer({ min: 0, max: 9 }),
    denied: fc.integer({ min: 0, max: 9 }),
    failed: fc.integer({ min: 0, max: 9 }),
  })
  .map((count) => tidy(count) as LogCount);
const aBatch = fc.record({
  atMs: time,
  rows: fc.array(aRow, { maxLength: 12 }).map((rows) => rows.map((row, index) => ({ ...row, who: index }))),
  counts: fc.array(aCount, { maxLength: 4 }),
  dropped: fc.array(fc.record({ rows: fc.integer({ min: 1, max: 9 }) }), { maxLength: 1 }),
});
/** What happens to the databases when a segment was written. */
const happening = fc.constantFrom(
  'nothing',
  'index',
  'index twice',
  'rollup damaged',
  'month damaged',
  'month gone',
);
const segments = fc.array(
  fc.record({ isClosed: fc.boolean(), batches: fc.array(aBatch, { maxLength: 3 }), next: happening }),
  {
    maxLength: 5,
  },
);
const period: fc.Arbitrary<Period> = fc
  .record({ fromMs: maybe(time), toMs: maybe(time) })
  .map((value) => tidy(value) as Period);

type Ask = (store: RowStore, page: PageOf) => Promise<Page<unknown>>;
const fileQuery = aFile.chain((file) =>
  fc.constantFrom(
    ...(file.sha256 === undefined ? [] : [{ sha256: file.sha256 }]),
    { ecosystem: file.ecosystem, name: file.name },
    { ecosystem: file.ecosystem, name: file.name, version: file.version },
  ),
);
const question: fc.Arbitrary<Ask> = period.chain((within) =>
  fc.oneof(
    fc
      .record({
        tokenId: maybe(id('token', 4)),
        teamId: maybe(id('team', 2)),
        environmentId: maybe(id('environment', 2)),
        channelId: maybe(id('channel', 2)),
        kind: maybe(fc.constantFrom('download' as const, 'refusal' as const)),
        policyName: maybe(id('policy', 2)),
        file: maybe(fileQuery),
      })
      .map(
        (filter): Ask =>
          (store, page) =>
            store.rows({ ...within, ...tidy(filter) } as Parameters<RowStore['rows']>[0], page),
      ),
    fileQuery.map(
      (file): Ask =>
        (store, page) =>
          store.whoHas(file, within, page),
    ),
    fc.constantFrom({ environmentId: 'environment-1' }, { teamId: 'team-1' }, { tokenId: 'token-1' }).map(
      (where): Ask =>
        (store, page) =>
          store.installed(where, within, page),
    ),
    id('token', 4).map(
      (tokenId): Ask =>
        (store, page) =>
          store.clients({ ...within, tokenId }, page),
    ),
    maybe(id('policy', 2)).map(
      (policyName): Ask =>
        (store, page) =>
          store.refusals({ ...within, ...(policyName === undefined ? {} : { policyName }) }, page),
    ),
    fc
      .record({
        per: fc.constantFrom('hour' as const, 'day' as const),
        tokenId: maybe(id('token', 3)),
        channelId: maybe(id('channel', 2)),
      })
      .map(
        (filter): Ask =>
          (store, page) =>
            store.indexUse({ ...within, ...tidy(filter) } as Parameters<RowStore['indexUse']>[0], page),
      ),
    maybe(fc.array(id('token', 4), { maxLength: 3 })).map(
      (tokenIds): Ask =>
        (store, page) =>
          store.tokenUses(tokenIds, page),
    ),
    fc.constant<Ask>(async (store) => ({ items: [await store.droppedRows(within)] })),
  ),
);

function spoil(dir: string, what: 'rollup' | 'rows-', isGone: boolean): void {
  const folder = join(dir, 'v2');
  const name = readdirSync(folder).find((one) => one.startsWith(what) && one.endsWith('.sqlite'));
  if (name === undefined) return;
  if (isGone) rmSync(join(folder, name));
  else writeFileSync(join(folder, name), 'no database '.repeat(500));
}

describe('the store of the request log', () => {
  it('answers from its databases what segments say, page by page, whatever is in them by then', async () => {
    const root = tempDir();
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(
        segments,
        fc.array(question, { minLength: 4, maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        async (content, questions, limit) => {
          const source = new MemorySegments();
          const dir = mkdtempSync(join(root, 's-'));
          const store = openRowStore({ dir, source, worthRolling: 1, now: () => start + 400 * 24 * hourMs });
          const scan = openScanStore({ dir, source });
          const counted = countedLog(() => source.written()) as RowStore;
          try {
            for (const [index, { isClosed, batches, next }] of content.entries()) {
              const name = `segment.${index % 2}.${index}`;
              for (const batch of batches) source.write(name, batch);
              if (isClosed) source.close(name);
              // oxlint-disable-next-line no-await-in-loop
              if (next.startsWith('index')) await store.index();
              // oxlint-disable-next-line no-await-in-loop
              if (next === 'index twice') await store.index();
              if (!/damaged|gone/.test(next)) continue;
              store.close();
              spoil(dir, next === 'rollup damaged' ? 'rollup' : 'rows-', next.endsWith('gone'));
            }
            for (const ask of questions) {
              // oxlint-disable-next-line no-await-in-loop
              const whole = (await ask(counted, { limit: 1000 })).items;
              if (whole.length > 0) asked += 1;
              // oxlint-disable-next-line no-await-in-loop
              const paged = await everyPage(async (page) => {
                const found = await ask(store, page);
                // A page later, what was open beside may stand in the databases.
                if (source.reads % 3 === 0) await store.index();
                return found;
              }, limit);
              expect(paged).toEqual(whole);
              // oxlint-disable-next-line no-await-in-loop
              expect(await everyPage((page) => ask(scan, page), limit)).toEqual(whole);
            }
          } finally {
            store.close();
          }
        },
      ),
      { numRuns: Number(process.env['LATCHKEY_TEST_RUNS'] ?? 60) },
    );
    expect(asked).toBeGreaterThan(20);
  });

  it('tells the clients of a token apart by program, project and job, the last one first', async () => {
    const source = new MemorySegments();
    const store = openRowStore({ dir: tempDir(), source });
    const of = (atMs: number, part: Partial<PlainRow> = {}) => ({
      atMs,
      kind: 'download' as const,
      tokenId: 'token-1',
      bytes: 1,
      status: 200,
      client: 'pip/26.3',
      who: 0,
      ...part,
    });
    const batch = (...rows: ReturnType<typeof of>[]) => ({ atMs: start, rows, counts: [], dropped: [] });
    const job = { ciProject: 'acme/models', ciJob: 'train' };
    source.write('segment.0.0', batch(of(start + 5), of(start + 9, job), of(start + 7, { kind: 'refusal' })));
    source.close('segment.0.0');
    await store.index();
    // Beside, of the same job and of another token.
    source.write('segment.0.1', batch(of(start + 11, job), of(start + 12, { tokenId: 'token-2' })));
    const plain = { client: 'pip/26.3', ciProject: '', ciJob: '' };
    expect((await store.clients({ tokenId: 'token-1' })).items).toEqual([
      { client: 'pip/26.3', ...job, requests: 2, refused: 0, firstMs: start + 9, lastMs: start + 11 },
      { ...plain, requests: 2, refused: 1, firstMs: start + 5, lastMs: start + 7 },
    ]);
    expect((await store.clients({ tokenId: 'token-1', toMs: start + 6 })).items).toEqual([
      { ...plain, requests: 1, refused: 0, firstMs: start + 5, lastMs: start + 5 },
    ]);
    store.close();
  });

  it('says what its days have added, also where it is in no database yet', async () => {
    const source = new MemorySegments();
    const dir = tempDir();
    const row = (atMs: number) => ({
      atMs,
      kind: 'download' as const,
      filename: 'a.whl',
      bytes: 1,
      status: 200,
      client: 'pip/26.3',
      who: 0,
    });
    const day = 24 * hourMs;
    const rows = [row(start), row(start + 1), row(start + day)];
    source.write('segment.0.0', { atMs: start, rows, counts: [], dropped: [] });
    const store = openRowStore({ dir, source });
    const before = await store.sizes();
    expect(before).toMatchObject({ rows: 0, besideRows: 3, rowsDays: 2, rollupDays: 2 });
    expect(await openScanStore({ dir, source }).sizes()).toMatchObject({ besideRows: 3, rowsDays: 2 });
    source.close('segment.0.0');
    await store.index();
    const after = await store.sizes();
    expect(after).toMatchObject({ rows: 3, besideRows: 0, rowsDays: 2, rollupDays: 1 + 1 });
    expect(after.added.rowsBytes).toBe(before.added.rowsBytes);
    expect(after.added.rollupBytes).toBe(before.added.rollupBytes);
    store.close();
  });
});
