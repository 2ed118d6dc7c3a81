import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';
import { osvRecord, realAdvisories, realKev } from '../../support/feed-folder.ts';

let app: MemoryApp;
let dir: string;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  dir = mkdtempSync(join(tmpdir(), 'latchkey-curation-'));
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true, force: true });
});

async function feed(name: string, kind: 'osv' | 'kev' | 'epss' | 'vex', content: unknown) {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'feed.json'), typeof content === 'string' ? content : JSON.stringify(content));
  await app.client.folders.map({ label: name, path });
  const source = { type: 'folder', label: name } as const;
  return app.client.curation.saveFeed({ name, kind, source, everyHours: 24, staleAfterHours: 48 });
}
async function update(name: string, more: { acceptShrunk?: boolean } = {}) {
  await app.client.curation.updateFeed({ name, ...more });
  return settled(name);
}
const settled = (name: string) =>
  vi.waitFor(async () => {
    const found = (await app.client.curation.facts()).feeds.find((entry) => entry.name === name);
    expect(found?.isUpdating).toBe(false);
    return found!;
  });
const alarms = async () => (await app.client.session.status()).alarms.map(({ code }) => code);

const cannotBeRead = /^Too many records cannot be read, for example feed\.json: not-json/;

describe('feeds', () => {
  it('are read and listed with their age; advisories are found, worst first', async () => {
    expect(
      await feed('osv', 'osv', [...realAdvisories, osvRecord('MAL-2026-1', { summary: 'Steals keys' })]),
    ).toMatchObject({
      records: 0,
      isStale: true,
      path: join(dir, 'osv'),
    });
    await feed('kev', 'kev', realKev);
    expect(await alarms()).toEqual(['facts-stale', 'facts-stale']);
    const seen: string[] = [];
    app.app.on('curation.updated', () => seen.push('updated'));
    expect(await update('osv')).toMatchObject({ isStale: false, fetchedAtMs: app.clock.nowMs, gone: 0 });
    await update('kev');
    expect(seen.length).toBeGreaterThan(0);
    expect(await alarms()).toEqual([]);
    const { counts, version } = await app.client.curation.facts();
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(counts).toMatchObject([{ ecosystem: 'pypi', malware: 1 }]);

    const { rows, total } = await app.client.curation.advisories({});
    expect(total).toBeGreaterThan(30);
    expect(rows[0]).toMatchObject({
      id: 'MAL-2026-1',
      name: 'demo',
      affected: '<2.0',
      fixedIn: '2.0',
      summary: 'Steals keys',
    });
    expect(rows[1]).toMatchObject({ isExploited: true });
    expect((await app.client.curation.advisories({ text: 'CVE-2022-33891' })).rows).toMatchObject([
      { name: 'pyspark' },
    ]);
    expect(await app.client.curation.advisories({ ecosystem: 'conda' })).toEqual({
      total: 0,
      rows: [],
      knowsUse: false,
    });

    const slip = (more: object) => ({
      assessments: [
        {
          advisoryId: 'PYSEC-2022-236',
          ecosystem: 'pypi' as const,
          name: 'pyspark',
          status: 'cleared' as const,
          reason: 'x',
          evidence: '',
          ...more,
        },
      ],
    });
    await expect(app.client.curation.assess(slip({ advisoryId: 'PYSEC-2022-999' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('No feed knows PYSEC-2022-999.'),
    });
    await expect(app.client.curation.assess(slip({ name: 'other' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('No feed says that PYSEC-2022-236 is about pypi:other'),
    });
    expect(await app.client.curation.assessments()).toEqual([]);
    // By any of its ids, and for the conda package of the same name.
    await app.client.curation.assess(slip({ advisoryId: 'CVE-2022-33891', ecosystem: 'conda' }));
    await app.client.curation.assess({ ...slip({ advisoryId: 'CVE-2099-1' }), keepUnknown: true });
    expect(await app.client.curation.assessments()).toHaveLength(2);
    await app.client.curation.assess({
      assessments: [
        {
          advisoryId: 'PYSEC-2022-236',
          ecosystem: 'pypi',
          name: 'pyspark',
          status: 'cleared',
          reason: 'No UI here',
          evidence: '',
        },
      ],
    });
    expect((await app.client.curation.advisories({ text: 'pyspark' })).rows).toMatchObject([
      { status: 'cleared' },
    ]);
    expect(await app.client.curation.advisories({ text: 'pyspark', open: true })).toMatchObject({ total: 0 });

    app.clock.nowMs += 49 * 3_600_000;
    expect(await alarms()).toEqual(['facts-stale', 'facts-stale']);
    await app.client.curation.removeFeed({ name: 'kev' });
    expect(await alarms()).toEqual(['facts-stale']);
  });

  it('that cannot be read any more keep what was read, and say so', async () => {
    await feed('osv', 'osv', realAdvisories);
    expect((await update('osv')).problem).toBeUndefined();
    await feed('osv', 'osv', 'no JSON');
    const { problem } = await update('osv');
    expect(problem).toMatch(cannotBeRead);
    expect(problem).toMatch(/ Facts read earlier stay in force\.$/);
    expect(await alarms()).toEqual(['facts-problem']);
  });

  it('that cannot be read say why in words', async () => {
    await feed('osv', 'osv', 'no JSON');
    const { problem } = await update('osv');
    expect(problem).toMatch(cannotBeRead);
    // Nothing was read before that could stay.
    expect(problem).not.toContain('stay in force');
    expect(await alarms()).toEqual(['facts-problem']);
    await expect(app.client.curation.importFeed({ name: 'osv', path: 'relative' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(
      app.client.curation.importFeed({ name: 'osv', path: join(dir, 'nowhere') }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(app.client.curation.updateFeed({ name: 'other' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    writeFileSync(join(dir, 'one.json'), JSON.stringify(osvRecord('PYSEC-1')));
    await app.client.curation.importFeed({ name: 'osv', path: join(dir, 'one.json') });
    expect(await settled('osv')).toMatchObject({ records: 1 });
    expect(await alarms()).toEqual([]);
  });

  it('by URL reach of the local network what they name, in one spelling', async () => {
    const draft = { name: 'osv', kind: 'osv', everyHours: 6, staleAfterHours: 24 } as const;
    const url = 'https://store.corp.example/all.zip';
    expect(
      await app.client.curation.saveFeed({
        ...draft,
        source: { type: 'url', url, privateHosts: ['Store.Corp.Example:443'] },
      }),
    ).toMatchObject({ source: { privateHosts: ['store.corp.example:443'] } });
    await expect(
      app.client.curation.saveFeed({ ...draft, source: { type: 'url', url, privateHosts: ['everything'] } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('advisories about what is in use', () => {
  const asked = (entries: readonly object[]) => {
    const path = join(app.dataDir, 'in-use');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'gateway-8700.json'), JSON.stringify(entries));
    // Others' files are looked at every few seconds.
    app.clock.nowMs += 3000;
  };
  const query = async (more = {}) => {
    const { rows, knowsUse } = await app.client.curation.advisories({ open: true, ...more });
    return { knowsUse, rows: rows.map(({ id, inUse }) => ({ id, inUse })) };
  };

  it('come first: by the versions that were asked for, conda’s by their names on PyPI', async () => {
    const about = (id: string, name: string) =>
      osvRecord(id, {
        affected: [
          {
            package: { ecosystem: 'PyPI', name },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
          },
        ],
      });
    const ids = ['used', 'fixed', 'page', 'torch', 'unused'].map((name, index) =>
      about(`PYSEC-2026-${index}`, name),
    );
    await feed('osv', 'osv', ids);
    await update('osv');
    expect(await query({ inUse: true })).toEqual({ knowsUse: false, rows: [] });
    const lastAtMs = app.clock.nowMs;
    const use = (ecosystem: string, name: string, ...versions: string[]) => ({
      ecosystem,
      name,
      lastAtMs,
      versions,
    });
    asked([
      use('pypi', 'used', '3.0', '1.0'),
      use('pypi', 'fixed', '2.0'),
      use('pypi', 'page'),
      use('conda', 'pytorch', '1.5'),
      { ...use('pypi', 'unused', '1.0'), lastAtMs: lastAtMs - 91 * 24 * 3_600_000 },
      { ecosystem: 'pypi', name: '../damaged', lastAtMs, versions: [] },
    ]);
    const found = await query({ inUse: true });
    expect(found.rows).toEqual([
      {
        id: 'PYSEC-2026-0',
        inUse: { lastAtMs, packages: [{ ecosystem: 'pypi', name: 'used', versions: ['1.0'] }] },
      },
      {
        id: 'PYSEC-2026-2',
        inUse: { lastAtMs, packages: [{ ecosystem: 'pypi', name: 'page', versions: [] }] },
      },
      {
        id: 'PYSEC-2026-3',
        inUse: { lastAtMs, packages: [{ ecosystem: 'conda', name: 'pytorch', versions: ['1.5'] }] },
      },
    ]);
    expect((await query()).rows.map(({ id }) => id)).toEqual([
      'PYSEC-2026-0',
      'PYSEC-2026-2',
      'PYSEC-2026-3',
      'PYSEC-2026-1',
      'PYSEC-2026-4',
    ]);
    await app.client.curation.mapNames({ names: [{ conda: 'pytorch', pypi: null }] });
    expect((await query({ inUse: true })).rows).toHaveLength(2);
  });
});

describe('OpenVEX', () => {
  const document = (status: object) => ({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.com/vex/1',
    author: 'Example',
    timestamp: '2026-01-02T00:00:00Z',
    version: 1,
    statements: [
      { vulnerability: { name: 'CVE-2026-1' }, products: [{ '@id': 'pkg:pypi/Some_Thing' }], ...status },
    ],
  });

  it('of others is not applied over what was said here since it was planned', async () => {
    const from = { source: 'v.json', text: JSON.stringify(document({ status: 'fixed' })) };
    const { planHash } = await app.client.curation.planVex(from);
    await app.client.curation.assess({
      assessments: [
        {
          advisoryId: 'CVE-2026-1',
          ecosystem: 'pypi',
          name: 'some-thing',
          status: 'active',
          reason: 'Seen here',
          evidence: '',
        },
      ],
      keepUnknown: true,
    });
    await expect(app.client.curation.applyVex({ ...from, planHash })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('what is said here'),
    });
    expect(await app.client.curation.assessments()).toMatchObject([{ status: 'active' }]);
  });

  it('of others is a plan until it is applied as it was shown; ours goes out again', async () => {
    await feed('vex', 'vex', document({ status: 'not_affected', justification: 'component_not_present' }));
    await update('vex');
    const plan = await app.client.curation.planVex({ feed: 'vex' });
    expect(plan).toMatchObject({
      total: 1,
      proposals: [{ author: 'Example', assessment: { name: 'some-thing', status: 'cleared' } }],
    });
    expect(await app.client.curation.assessments()).toEqual([]);
    await expect(
      app.client.curation.applyVex({ feed: 'vex', planHash: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await app.client.curation.applyVex({ feed: 'vex', planHash: plan.planHash })).toEqual({
      assessed: 1,
    });
    expect(await app.client.curation.assessments()).toMatchObject([
      {
        advisoryId: 'CVE-2026-1',
        status: 'cleared',
        justification: 'component_not_present',
        byName: 'Test Admin',
      },
    ]);
    expect(await app.client.curation.planVex({ feed: 'vex' })).toMatchObject({ total: 0 });
    const { fileName, text } = await app.client.curation.exportVex();
    expect(fileName).toBe('openvex-2026-01-01.json');
    expect(JSON.parse(text)).toMatchObject({
      author: 'Test Org',
      statements: [
        {
          status: 'not_affected',
          justification: 'component_not_present',
          products: [{ '@id': 'pkg:pypi/some-thing' }],
        },
      ],
    });
  });

  it('of a feed whose records somebody changed is no plan, until its source was read again', async () => {
    await feed('vex', 'vex', document({ status: 'fixed' }));
    await update('vex');
    const facts = join(app.dataDir, 'facts');
    const kept = readdirSync(facts).find((name) => name.startsWith('vex-')) ?? '';
    writeFileSync(join(facts, kept), '{"id":"x","value":{"assessment":null}}\n{');
    await expect(app.client.curation.planVex({ feed: 'vex' })).rejects.toThrow(
      'What was kept of OpenVEX feed vex is damaged. Update the feed, and try again.',
    );
    await update('vex');
    expect(await app.client.curation.planVex({ feed: 'vex' })).toMatchObject({ total: 1 });
  });

  it('of a file is planned and applied with its name, its SHA-256 and its count; what cannot count is told', async () => {
    const good = document({ status: 'affected', action_statement: 'Update' });
    const text = JSON.stringify({
      ...good,
      statements: [
        ...good.statements,
        { vulnerability: { name: 'CVE-2026-2' }, products: [{ '@id': 'pkg:npm/x' }], status: 'fixed' },
        {
          vulnerability: { name: 'CVE-2026-3' },
          products: [{ '@id': 'pkg:pypi/x' }],
          status: 'not_affected',
        },
      ],
    });
    const from = { source: 'vendor.json', text };
    const plan = await app.client.curation.planVex(from);
    expect(plan).toMatchObject({
      source: 'vendor.json',
      sha256: createHash('sha256').update(text).digest('hex'),
      statements: 1,
      others: 1,
      bad: [expect.stringContaining('not_affected without') as string],
      total: 1,
      proposals: [{ assessment: { name: 'some-thing', status: 'active' } }],
    });
    const seen: DomainEvent[] = [];
    app.app.session.vault().onCommit(({ entries }) => seen.push(...entries.map(({ event }) => event)));
    expect(await app.client.curation.applyVex({ ...from, planHash: plan.planHash })).toEqual({ assessed: 1 });
    expect(seen).toMatchObject([
      {
        type: 'advisory.assessed',
        origin: { source: 'vendor.json', sha256: plan.sha256, count: 1 },
      },
    ]);
    await expect(
      app.client.curation.applyVex({ ...from, text: `${text} `, planHash: plan.planHash }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    for (const [bad, why] of [
      ['{"a":1,"a":2}', 'duplicate key a'],
      ['['.repeat(100), 'too-large'],
      ['{}', '@context'],
    ] as const)
      await expect(app.client.curation.planVex({ source: 'bad.json', text: bad })).rejects.toThrow(
        new RegExp(`^bad\\.json is not an OpenVEX.*${why}`),
      );
  });

  it('says that there is nothing to export', async () => {
    expect(await app.client.curation.exportVex()).toMatchObject({ count: 0, text: '' });
  });

  it('proposes nothing from another kind of feed', async () => {
    await feed('osv', 'osv', []);
    expect(await app.client.curation.planVex({ feed: 'osv' })).toMatchObject({ total: 0 });
  });
});

describe('labels', () => {
  it('are set as a whole, by normal names, and taken off', async () => {
    await app.client.curation.label({
      ecosystem: 'conda',
      name: 'openssl',
      version: '3.0',
      labels: ['b', 'a', 'b'],
    });
    await app.client.curation.label({ ecosystem: 'pypi', name: 'some_thing', labels: ['approved'] });
    expect(await app.client.curation.labels()).toEqual([
      { ecosystem: 'conda', name: 'openssl', version: '3.0', labels: ['a', 'b'] },
      { ecosystem: 'pypi', name: 'some-thing', labels: ['approved'] },
    ]);
    await app.client.curation.label({ ecosystem: 'conda', name: 'openssl', version: '3.0', labels: [] });
    expect(await app.client.curation.labels()).toHaveLength(1);
  });
});
