import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedFolder, osvRecord, realAdvisories, realKev } from '../../../support/feed-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-feeds-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lines = (records: readonly unknown[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
const ids = (count: number) => Array.from({ length: count }, (_, index) => `OSV-${index + 1}`);

describe('advisories of OSV', () => {
  it.each([
    [
      'a folder of one file each',
      (feed: FeedFolder) => realAdvisories.forEach((one) => feed.put(`vulns/${one.id}.json`, one)),
    ],
    ['a file with one a line', (feed: FeedFolder) => feed.put('all.jsonl', lines(realAdvisories))],
    ['the same, packed', (feed: FeedFolder) => feed.put('all.jsonl.gz', gzipSync(lines(realAdvisories)))],
    ['an array', (feed: FeedFolder) => feed.put('all.json', realAdvisories)],
    [
      'an archive, as OSV has it',
      (feed: FeedFolder) =>
        feed.put(
          'all.zip',
          zipSync(
            Object.fromEntries(realAdvisories.map((one) => [`${one.id}.json`, strToU8(JSON.stringify(one))])),
          ),
        ),
    ],
  ])('are read from %s', async (_what, fill) => {
    const feed = new FeedFolder(dir);
    fill(feed);
    const read = await feed.read();
    const withdrawn = realAdvisories.filter((one) => 'withdrawn' in one);
    expect(read).toMatchObject({
      status: 'read',
      bad: 0,
      gone: 0,
      records: realAdvisories.length - withdrawn.length,
    });
    expect([...feed.kept().keys()]).toEqual(realAdvisories.map(({ id }) => id).toSorted());
    expect(await feed.read()).toEqual({ status: 'unchanged' });
  });

  it('of other ecosystems are left out, also malformed ones', async () => {
    const feed = new FeedFolder(dir);
    feed.put(
      'a.json',
      osvRecord('GHSA-1', { affected: [{ package: { ecosystem: 'npm', name: 'x'.repeat(9999) } }] }),
    );
    feed.put('b.json', osvRecord('PYSEC-1'));
    expect(await feed.read()).toMatchObject({ records: 1, bad: 0 });
  });

  it('are read again where a file changed, and only there', async () => {
    const feed = new FeedFolder(dir);
    feed.put('a.json', osvRecord('PYSEC-1'));
    feed.put('b.json', osvRecord('PYSEC-2'));
    await feed.read();
    // The same size and time: taken for what was read before.
    feed.put('b.json', osvRecord('PYSEC-2', { modified: '2026-02-02T00:00:00Z' }));
    expect(await feed.read()).toMatchObject({ records: 2 });
    feed.put('c.json', osvRecord('PYSEC-3'));
    expect(await feed.read()).toMatchObject({ status: 'read', records: 3 });
    expect(feed.kept().get('PYSEC-2')).toMatchObject({ modifiedMs: Date.UTC(2026, 1, 2) });
  });

  it('are never replaced by an older copy', async () => {
    const feed = new FeedFolder(dir);
    feed.put('a.json', osvRecord('PYSEC-1', { modified: '2026-03-01T00:00:00Z', summary: 'new' }));
    await feed.read();
    feed.put(
      'a.json',
      osvRecord('PYSEC-1', {
        modified: '2026-01-01T00:00:00Z',
        summary: 'old',
        withdrawn: '2026-01-01T00:00:00Z',
      }),
    );
    await feed.read();
    expect(feed.kept().get('PYSEC-1')).toMatchObject({ value: { summary: 'new' } });
    expect(feed.kept().get('PYSEC-1')?.isWithdrawn).toBeUndefined();
  });

  it('that merely disappear stay until somebody lets them go; a withdrawal counts at once', async () => {
    const feed = new FeedFolder(dir);
    feed.put(
      'all.json',
      ids(20).map((id) => osvRecord(id)),
    );
    await feed.read();
    feed.put('all.json', [
      ...ids(18).map((id) => osvRecord(id)),
      osvRecord('OSV-19', { modified: '2026-02-01T00:00:00Z', withdrawn: '2026-02-01T00:00:00Z' }),
    ]);
    expect(await feed.read()).toMatchObject({ status: 'read', records: 19, gone: 1 });
    expect(feed.kept().get('OSV-20')).toMatchObject({ isGone: true });
    expect(feed.kept().get('OSV-19')).toMatchObject({ isWithdrawn: true });
    // Back again.
    feed.put(
      'all.json',
      ids(20).map((id) => osvRecord(id, { modified: '2026-03-01T00:00:00Z' })),
    );
    expect(await feed.read()).toMatchObject({ records: 20, gone: 0 });
    feed.put(
      'all.json',
      ids(19).map((id) => osvRecord(id)),
    );
    await feed.read();
    expect(await feed.read({ acceptShrunk: true })).toMatchObject({ status: 'read', records: 19, gone: 0 });
    expect(feed.kept().has('OSV-20')).toBe(false);
  });

  it('wait when more than a tenth is gone or withdrawn at once, until somebody accepts that', async () => {
    const feed = new FeedFolder(dir);
    feed.put(
      'all.json',
      ids(20).map((id) => osvRecord(id)),
    );
    await feed.read();
    feed.put(
      'all.json',
      ids(17).map((id) => osvRecord(id)),
    );
    expect(await feed.read()).toEqual({ status: 'shrunk', from: 20, to: 17 });
    expect(feed.kept().size).toBe(20);
    const later = { modified: '2026-02-01T00:00:00Z', withdrawn: '2026-02-01T00:00:00Z' };
    feed.put(
      'all.json',
      ids(20).map((id, index) => osvRecord(id, index < 3 ? later : {})),
    );
    expect(await feed.read()).toMatchObject({ status: 'shrunk', to: 17 });
    expect(await feed.read({ acceptShrunk: true })).toMatchObject({ status: 'read', records: 17 });
  });

  it('that cannot be read are counted, and what was known of them stands', async () => {
    const feed = new FeedFolder(dir);
    for (const id of ids(20)) feed.put(`${id}.json`, osvRecord(id));
    await feed.read();
    feed.put('OSV-7.json', { ...osvRecord('OSV-7'), affected: 'all' });
    feed.put('OSV-8.json', '{"id": "OSV-8", "affe');
    const read = await feed.read();
    expect(read).toMatchObject({
      status: 'read',
      records: 20,
      bad: 2,
      firstBad: expect.stringMatching(/^OSV-7\.json: affected/) as string,
    });
    expect(feed.kept().get('OSV-7')?.isGone).toBeUndefined();
    for (const id of ids(4)) feed.put(`${id}.json`, 'no JSON');
    await expect(feed.read()).rejects.toMatchObject({
      problem: { code: 'many-bad', detail: '6 of 20 records cannot be read' },
    });
    expect(feed.kept().size).toBe(20);
  });

  it('keep one line of prose without anything that could forge another', async () => {
    const feed = new FeedFolder(dir);
    feed.put(
      'a.json',
      osvRecord('PYSEC-1', { details: `Remote\u001b[31m \u202eexecution\nmore ${'x'.repeat(900)}` }),
    );
    feed.put('b.json', osvRecord('PYSEC-2', { summary: 'y'.repeat(900) }));
    await feed.read();
    const summary = (id: string) => (feed.kept().get(id)!.value as { summary: string }).summary;
    expect(summary('PYSEC-1')).toBe('Remote [31m execution');
    expect(summary('PYSEC-2')).toHaveLength(200);
  });
});

describe('lists of CVEs', () => {
  it('known to be exploited are read as CISA writes them', async () => {
    const feed = new FeedFolder(dir, 'kev');
    feed.put('kev.json', realKev);
    expect(await feed.read()).toMatchObject({ records: 6, bad: 0 });
    expect(feed.kept().has('CVE-2022-33891')).toBe(true);
    feed.put('kev.json', { vulnerabilities: 'none' });
    await expect(feed.read()).rejects.toMatchObject({ problem: { code: 'wrong-form', place: 'kev.json' } });
    feed.put('kev.json', realKev.replace('CVE-2022-33891', 'CVE-x'));
    await expect(feed.read()).rejects.toMatchObject({ problem: { code: 'many-bad' } });
  });

  it('of the future do not stand against what corrects them', async () => {
    const feed = new FeedFolder(dir);
    const nowMs = Date.UTC(2026, 5, 1);
    feed.put(
      'a.json',
      osvRecord('PYSEC-1', { modified: '9999-12-31T23:59:59Z', withdrawn: '2026-01-01T00:00:00Z' }),
    );
    feed.put('b.json', osvRecord('PYSEC-2', { modified: '2026-05-01T00:00:00Z' }));
    await feed.read({ nowMs });
    expect(feed.kept().get('PYSEC-1')).toMatchObject({ isWithdrawn: true });
    feed.put('a.json', osvRecord('PYSEC-1', { modified: '2026-05-30T00:00:00Z' }));
    feed.put('b.json', osvRecord('PYSEC-2', { modified: '2026-04-01T00:00:00Z', summary: 'old' }));
    await feed.read({ nowMs });
    expect(feed.kept().get('PYSEC-1')).not.toHaveProperty('isWithdrawn');
    expect(feed.kept().get('PYSEC-2')).not.toHaveProperty('value.summary');
    // Whoever takes a source as it is takes its older copies too.
    await feed.read({ nowMs, acceptShrunk: true });
    expect(feed.kept().get('PYSEC-2')).toHaveProperty('value.summary', 'old');
  });

  it('with EPSS scores are read as FIRST writes them', async () => {
    const head = '#model_version:v2025.03.14,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\n';
    const rows = ids(20).map((_, index) => `CVE-2020-${1000 + index},0.0${index + 10},0.5\n`);
    const feed = new FeedFolder(dir, 'epss');
    feed.put('epss.csv.gz', gzipSync(head + rows.join('')));
    expect(await feed.read()).toMatchObject({ records: 20, bad: 0 });
    expect(feed.kept().get('CVE-2020-1000')).toMatchObject({ value: 0.01 });
    feed.put('epss.csv.gz', gzipSync(`${head}${rows.join('')}CVE-2020-1,1.5,1\n`));
    expect(await feed.read()).toMatchObject({
      records: 20,
      bad: 1,
      firstBad: expect.stringContaining('epss.csv.gz:23') as string,
    });
    feed.put('epss.csv.gz', gzipSync(`${head}"${'x'.repeat(10_000)}`));
    await expect(feed.read()).rejects.toMatchObject({ problem: { code: 'wrong-form' } });
    feed.put('epss.csv.gz', gzipSync('cve,epss,epss\nCVE-2020-1000,0.9,0.1\n'));
    await expect(feed.read()).rejects.toMatchObject({
      problem: { code: 'wrong-form', detail: 'a column stands there twice' },
    });
  });

  it('of another kind, or none, are refused by name', async () => {
    const feed = new FeedFolder(dir, 'epss');
    await expect(feed.read()).rejects.toMatchObject({ problem: { code: 'empty' } });
    feed.put('kev.json', realKev);
    await expect(feed.read()).rejects.toMatchObject({ problem: { code: 'not-known' } });
    await expect(feed.read({ path: join(dir, 'nowhere') })).rejects.toMatchObject({
      problem: { code: 'not-readable', detail: 'ENOENT' },
    });
  });
});
