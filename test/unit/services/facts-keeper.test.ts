import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Feed } from '../../../shared/model/curation.ts';
import { compileFacts } from '../../../src-main/curation/feeds/compile.ts';
import { FeedError } from '../../../src-main/curation/feeds/problem.ts';
import { readFeed } from '../../../src-main/curation/feeds/read-feed.ts';
import { readCompiled } from '../../../src-main/curation/knowledge-data.ts';
import type { FactsFile } from '../../../src-main/curation/knowledge-data.ts';
import { factsAlarms } from '../../../src-main/services/curation.ts';
import { FactsKeeper } from '../../../src-main/services/facts-keeper.ts';
import type { FactsKeeperDeps } from '../../../src-main/services/facts-keeper.ts';
import { osvRecord } from '../../support/feed-folder.ts';

const hourMs = 3_600_000;
let dir: string;
let nowMs: number;
let told: (FactsFile | undefined)[];
let keeper: FactsKeeper;

const make = (more: Partial<FactsKeeperDeps> = {}) =>
  new FactsKeeper({
    dir: join(dir, 'facts'),
    now: () => nowMs,
    folderOf: (label) => (label === 'known' ? join(dir, 'feed') : undefined),
    network: () => ({ useSystemStore: false }),
    ownPorts: () => [],
    onFacts: (facts) => told.push(facts),
    onChange: () => undefined,
    read: (job) => readFeed(job),
    compile: (job) => compileFacts(job),
    ...more,
  });
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-keeper-'));
  nowMs = Date.UTC(2026, 0, 1);
  told = [];
  keeper = make();
});
afterEach(async () => {
  await keeper.close();
  rmSync(dir, { recursive: true, force: true });
});

const feedOf = (more: Partial<Feed> = {}): Feed => ({
  name: 'osv',
  kind: 'osv',
  source: { type: 'folder', label: 'known' },
  everyHours: 24,
  staleAfterHours: 72,
  ...more,
});
const local = (records: readonly object[]) => {
  const path = join(dir, 'feed.json');
  writeFileSync(path, JSON.stringify(records));
  return path;
};
const many = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => osvRecord(`PYSEC-${index + 1}`, more));
const idsOf = (facts: FactsFile | undefined) =>
  facts === undefined ? undefined : readCompiled(facts).all.map(({ id }) => id);
const kept = (name = 'osv') => keeper.manifest().feeds[name];

describe('facts', () => {
  it('are made of a feed, told, and still there for the next process', async () => {
    keeper.take([feedOf()]);
    expect(keeper.facts()).toBeUndefined();
    await keeper.update(feedOf(), { path: local(many(2)) });
    expect(idsOf(keeper.facts())).toEqual(['PYSEC-1', 'PYSEC-2']);
    expect(told).toEqual([keeper.facts()]);
    expect(kept()).toMatchObject({ records: 2, fetchedAtMs: nowMs });
    const next = make();
    next.take([feedOf()]);
    expect(next.facts()).toEqual(keeper.facts());
    await next.close();
  });

  it('are made anew, and told, where their file was damaged or is gone', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const damages = [(path: string) => writeFileSync(path, 'other'), (path: string) => rmSync(path)];
    for (const damage of damages) {
      const before = keeper.facts();
      damage(before?.path ?? '');
      const next = make();
      next.take([feedOf()]);
      next.schedule();
      await vi.waitFor(() => expect(told.at(-1)?.path).not.toBe(before?.path));
      expect(told.at(-1)?.sha256).toBe(before?.sha256);
      expect(idsOf(next.facts())).toEqual(['PYSEC-1', 'PYSEC-2']);
      await next.close();
      keeper.refresh();
    }
  });

  it('stand when the list of feeds is gone, until there are others', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    writeFileSync(join(dir, 'facts', 'facts.json'), 'damaged');
    keeper.refresh();
    expect(told).toHaveLength(1);
    await keeper.update(feedOf(), { path: local(many(3)) });
    expect(idsOf(told.at(-1))).toHaveLength(3);
  });

  it('leave no other files behind than those that count', async () => {
    keeper.take([feedOf()]);
    for (const count of [1, 2, 3, 4]) await keeper.update(feedOf(), { path: local(many(count)) });
    const names = readdirSync(join(dir, 'facts'));
    const { compiled } = keeper.manifest();
    expect(new Set(names)).toEqual(
      new Set(['facts.json', 'facts.lock', kept()?.file, compiled?.file, compiled?.previous]),
    );
  });

  it('are made without a feed whose records were damaged, which is told, kept aside and read anew', async () => {
    const other = feedOf({ name: 'other' });
    keeper.take([feedOf(), other]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const damage = kept()?.file ?? '';
    const path = join(dir, 'facts', damage);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('demo', 'harmless'));
    await keeper.update(other, { path: local([osvRecord('MAL-1')]) });
    expect(kept()).toMatchObject({ isDamaged: true, records: 0 });
    expect(kept()?.file).toBeUndefined();
    expect(existsSync(`${path}.damaged-1`)).toBe(true);
    const facts = keeper.facts()!;
    expect(idsOf(facts)).toEqual(['MAL-1']);
    expect(readCompiled(facts).isPartial).toBe(true);
    const [alarm] = factsAlarms([feedOf(), other], keeper, nowMs);
    expect(alarm).toMatchObject({
      code: 'facts-problem',
      message: expect.stringMatching(/^Feed osv: .*damaged/),
    });
    // It stays so, whatever else is read, until the source was read.
    await keeper.update(other, { path: local([osvRecord('MAL-2')]) });
    expect(readCompiled(keeper.facts()!).isPartial).toBe(true);
    nowMs += hourMs;
    await keeper.update(feedOf({ source: { type: 'folder', label: 'unknown' } }));
    expect(factsAlarms([feedOf()], keeper, nowMs)[0]?.message).toMatch(/damaged.*which folder/);
    await keeper.update(feedOf(), { path: local(many(2)) });
    expect(kept()?.isDamaged).toBeUndefined();
    expect(readCompiled(keeper.facts()!)).toMatchObject({ isPartial: false });
    expect(idsOf(keeper.facts())).toHaveLength(4);
    expect(factsAlarms([feedOf(), other], keeper, nowMs)).toEqual([]);
  });

  it('are read anew from their source where what was kept is damaged, and nothing of that is taken over', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const path = join(dir, 'facts', kept()?.file ?? '');
    writeFileSync(path, '{"id":"PYSEC-9","value":{}}\n{"cut');
    await keeper.update(feedOf(), { path: local(many(3)) });
    expect(kept()).toMatchObject({ records: 3, gone: 0 });
    expect(existsSync(`${path}.damaged-1`)).toBe(true);
    expect(idsOf(keeper.facts())).toHaveLength(3);
  });

  it('go with their feed', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    keeper.take([]);
    await vi.waitFor(() => expect(idsOf(keeper.facts())).toEqual([]));
  });

  it('stay as they were when a feed cannot be read, which is kept and said', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const before = keeper.facts();
    nowMs += hourMs;
    await keeper.update(feedOf({ source: { type: 'folder', label: 'unknown' } }));
    expect(kept()).toMatchObject({
      problem: { code: 'not-mapped', place: 'unknown' },
      records: 2,
      fetchedAtMs: nowMs - hourMs,
      triedAtMs: nowMs,
    });
    expect(keeper.facts()).toEqual(before);
  });

  it('wait when a feed has shrunk, until somebody accepts that', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(20)) });
    nowMs += hourMs;
    await keeper.update(feedOf(), { path: local(many(10)) });
    expect(kept()).toMatchObject({ shrunk: { from: 20, to: 10 }, records: 20, fetchedAtMs: nowMs - hourMs });
    expect(idsOf(keeper.facts())).toHaveLength(20);
    await keeper.update(feedOf(), { path: local(many(10)), acceptShrunk: true });
    expect(kept()?.shrunk).toBeUndefined();
    expect(idsOf(keeper.facts())).toHaveLength(10);
  });

  it('are made anew when the manifest is damaged, which is put aside', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    writeFileSync(join(dir, 'facts/facts.json'), '{"version": 1, "feeds": [');
    keeper.refresh();
    expect(keeper.facts()).toBeUndefined();
    expect(existsSync(join(dir, 'facts/facts.json.damaged-1'))).toBe(true);
    await keeper.update(feedOf(), { path: local(many(2)) });
    expect(idsOf(keeper.facts())).toHaveLength(2);
  });

  it('never name a file outside of their folder', async () => {
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const path = join(dir, 'facts/facts.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"file": "compiled-/, '"file": "../compiled-'));
    keeper.refresh();
    expect(keeper.facts()).toBeUndefined();
  });
});

describe('the schedule', () => {
  it('updates what is due, and what failed sooner', async () => {
    const reads: string[] = [];
    await keeper.close();
    keeper = make({
      folderOf: () => local(many(1)),
      read: (job) => {
        reads.push(job.path);
        if (reads.length === 1) throw new Error('a bug');
        return readFeed(job);
      },
    });
    keeper.take([feedOf()]);
    await keeper.update(feedOf());
    expect(reads).toHaveLength(1);
    // Nothing was kept of the first, so it is due at once.
    keeper.schedule();
    await keeper.update(feedOf());
    expect(reads).toHaveLength(2);
    keeper.take([feedOf()]);
    expect(keeper.isUpdating('osv')).toBe(false);
    nowMs += 23 * hourMs;
    keeper.take([feedOf()]);
    expect(keeper.isUpdating('osv')).toBe(false);
    nowMs += hourMs;
    keeper.take([feedOf()]);
    expect(keeper.isUpdating('osv')).toBe(true);
  });
});

describe('a feed by URL', () => {
  let server: Server;
  let answers: ((
    path: string,
    headers: NodeJS.Dict<string | string[]>,
  ) => { status?: number; headers?: Record<string, string>; body?: Uint8Array })[];
  let asked: { path: string; headers: NodeJS.Dict<string | string[]> }[];
  let feed: Feed;
  beforeEach(async () => {
    [answers, asked] = [[], []];
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', headers: request.headers });
      const {
        status = 200,
        headers = {},
        body = new Uint8Array(),
      } = answers.shift()?.(request.url ?? '', request.headers) ?? { status: 500 };
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    feed = feedOf({
      source: {
        type: 'url',
        url: `http://127.0.0.1:${port}/PyPI/all.zip`,
        privateHosts: [`127.0.0.1:${port}`],
      },
    });
    keeper.take([feed]);
  });
  afterEach(() => new Promise<unknown>((resolve) => (server.closeAllConnections(), server.close(resolve))));

  const archive = (count: number) =>
    zipSync(Object.fromEntries(many(count).map((one) => [`${one.id}.json`, strToU8(JSON.stringify(one))])));

  it('is fetched, and asked for by its validators the next time', async () => {
    answers = [
      () => ({
        headers: { etag: '"1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
        body: archive(3),
      }),
      () => ({ status: 304 }),
    ];
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 3, etag: '"1"' });
    expect(asked[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    const before = keeper.facts();
    nowMs += hourMs;
    await keeper.update(feed);
    expect(asked[1]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
    expect(kept()).toMatchObject({ records: 3, fetchedAtMs: nowMs, etag: '"1"' });
    expect(keeper.facts()).toEqual(before);
    expect(readdirSync(join(dir, 'facts')).filter((name) => name.startsWith('incoming'))).toEqual([]);
  });

  it('is told by its bytes, whatever it is called', async () => {
    answers = [
      () => ({ body: gzipSync(JSON.stringify(many(2))) }),
      () => ({ body: strToU8(JSON.stringify(many(4))) }),
      () => ({ body: strToU8('<html>no feed') }),
    ];
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 2 });
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 4 });
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 4, problem: { code: 'many-bad' } });
  });

  it('that is not given, or cut off, changes nothing', async () => {
    answers = [
      () => ({ headers: { etag: '"1"' }, body: archive(3) }),
      () => ({ status: 503 }),
      () => ({ headers: { 'content-encoding': 'br' }, body: archive(1) }),
    ];
    await keeper.update(feed);
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 3, problem: { code: 'not-fetched', detail: 'HTTP 503' } });
    await keeper.update(feed);
    expect(kept()).toMatchObject({ records: 3, problem: { code: 'not-fetched' } });
    expect(idsOf(keeper.facts())).toHaveLength(3);
  });

  it('in the local network is not reached unless its host is named', async () => {
    const { source } = feed;
    if (source.type !== 'url') throw new Error('no URL');
    await keeper.update({ ...feed, source: { type: 'url', url: source.url } });
    expect(asked).toEqual([]);
    expect(kept()).toMatchObject({
      problem: { code: 'not-fetched', detail: expect.stringContaining('local network') as string },
    });
  });
});

describe('a feed that no file can be made of', () => {
  it('is put back to what it was, and says why', async () => {
    let isTooMuch = false;
    keeper = make({
      compile: (job) =>
        isTooMuch ? Promise.reject(new FeedError('too-much-memory', job.toPath)) : compileFacts(job),
    });
    keeper.take([feedOf()]);
    await keeper.update(feedOf(), { path: local(many(2)) });
    const [before, facts] = [kept(), keeper.facts()];
    isTooMuch = true;
    nowMs += hourMs;
    await keeper.update(feedOf(), { path: local(many(3)) });
    expect(kept()).toMatchObject({
      records: 2,
      file: before?.file,
      fetchedAtMs: before?.fetchedAtMs,
      problem: { code: 'too-much-memory' },
    });
    expect(keeper.facts()).toEqual(facts);
    isTooMuch = false;
    await keeper.update(feedOf(), { path: local(many(3)) });
    expect([kept()?.problem, idsOf(keeper.facts())?.length]).toEqual([undefined, 3]);
  });
});
