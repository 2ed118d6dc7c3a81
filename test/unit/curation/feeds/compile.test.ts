import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompiledAdvisory } from '../../../../src-main/curation/compiled-facts.ts';
import { compileFacts } from '../../../../src-main/curation/feeds/compile.ts';
import { compileInThread, readFeedInThread } from '../../../../src-main/curation/feeds/facts-thread.ts';
import { knowledgeOf, readCompiled } from '../../../../src-main/curation/knowledge-data.ts';
import { CuratedKnowledge } from '../../../../src-main/curation/knowledge.ts';
import { FeedFolder, osvRecord, realAdvisories, realKev } from '../../../support/feed-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-compile-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function compiled(osv: readonly object[], lists: { kev?: string; epss?: string } = {}) {
  const feeds = [];
  for (const [kind, name, content] of [
    ['osv', 'all.json', osv],
    ['kev', 'kev.json', lists.kev],
    ['epss', 'epss.csv', lists.epss],
  ] as const) {
    if (content === undefined) continue;
    const feed = new FeedFolder(join(dir, kind), kind);
    feed.put(name, content);
    await feed.read();
    feeds.push({ name: `${kind}-feed`, kind, path: feed.keptPath, sha256: feed.sha256 });
  }
  const toPath = join(dir, 'compiled.jsonl');
  const { sha256, counts } = await compileFacts({ feeds, toPath });
  const [head = '', ...lines] = readFileSync(toPath, 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as CompiledAdvisory);
  return {
    path: toPath,
    sha256,
    counts,
    head: JSON.parse(head) as unknown,
    all,
    byId: (id: string) => all.find(({ ids }) => ids.includes(id)),
  };
}

describe('compiled facts', () => {
  it('of real advisories have one entry per matter, with what CISA says by any alias', async () => {
    const { path, sha256, counts, head, all, byId } = await compiled(realAdvisories, { kev: realKev });
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
    expect(head).toEqual({ format: 2, lists: ['kev'], ecosystems: ['pypi'], advisories: all.length });
    expect(counts).toMatchObject([{ ecosystem: 'pypi', advisories: all.length, malware: 0 }]);
    // Most say nothing about how bad they are.
    expect(counts[0]!.withoutScore).toBeGreaterThan(all.length / 2);
    expect(byId('PYSEC-2022-236')).toMatchObject({
      id: 'CVE-2022-33891',
      isExploited: true,
      feeds: ['osv-feed'],
    });
    expect(byId('PYSEC-2023-246')).toMatchObject({
      id: 'CVE-2023-47627',
      isExploited: false,
      score: expect.any(Number) as number,
    });
    const seen = all.flatMap(({ ids }) => ids);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('have the highest score of any alias, and a word as the least that it may mean', async () => {
    const vector = (score: string) => ({ severity: [{ type: 'CVSS_V3', score }] });
    const { byId } = await compiled([
      osvRecord('PYSEC-1', { aliases: ['CVE-1', 'GHSA-1'] }),
      osvRecord('GHSA-1', vector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')),
      // Names no package, and brings its score.
      { id: 'CVE-1', ...vector('CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N') },
      osvRecord('PYSEC-2', { database_specific: { severity: 'HIGH' } }),
      osvRecord('PYSEC-3', {
        ...vector('CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N'),
        database_specific: { severity: 'CRITICAL' },
      }),
      osvRecord('PYSEC-4', vector('CVSS:9.9/AV:N')),
    ]);
    expect(byId('CVE-1')).toMatchObject({ id: 'CVE-1', ids: ['CVE-1', 'GHSA-1', 'PYSEC-1'], score: 9.8 });
    expect(byId('PYSEC-2')?.score).toBe(7);
    expect(byId('PYSEC-3')?.score).toBe(1.6);
    expect(byId('PYSEC-4')?.score).toBeUndefined();
  });

  it('end where aliases go in circles, and join no more than a matter has names', async () => {
    const ring = (index: number) => `OSV-${index % 3000}`;
    const { all, byId } = await compiled([
      osvRecord('PYSEC-1', { aliases: ['PYSEC-1', 'CVE-1', 'CVE-1'] }),
      osvRecord('CVE-1', { aliases: ['PYSEC-1'] }),
      ...Array.from({ length: 3000 }, (_, index) =>
        osvRecord(ring(index), { aliases: [ring(index + 1), ring(index + 7)] }),
      ),
    ]);
    expect(byId('CVE-1')?.ids).toEqual(['CVE-1', 'PYSEC-1']);
    expect(Math.max(...all.map(({ ids }) => ids.length))).toBeLessThanOrEqual(100);
    const seen = all.flatMap(({ ids }) => ids);
    expect(new Set(seen).size).toBe(3002);
    expect(seen).toHaveLength(3002);
  });

  it('know malware, and count no withdrawn record', async () => {
    const withdrawn = { withdrawn: '2026-01-01T00:00:00Z' };
    const { all, counts, byId } = await compiled([
      osvRecord('MAL-2026-1', { summary: 'Steals keys' }),
      osvRecord('PYSEC-1', withdrawn),
      osvRecord('GHSA-2', {
        ...withdrawn,
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
        aliases: ['PYSEC-2'],
      }),
      osvRecord('PYSEC-2'),
    ]);
    expect(all).toHaveLength(2);
    expect(byId('MAL-2026-1')).toMatchObject({ id: 'MAL-2026-1', isMalware: true, summary: 'Steals keys' });
    expect(byId('PYSEC-2')?.score).toBeUndefined();
    expect(counts).toEqual([{ ecosystem: 'pypi', advisories: 2, withoutScore: 1, malware: 1 }]);
  });

  it('have an EPSS score by any alias', async () => {
    const epss = 'cve,epss,percentile\nCVE-2020-1234,0.25,0.9\nCVE-2020-9999,0.5,0.9\n';
    const { byId } = await compiled([osvRecord('PYSEC-1', { aliases: ['CVE-2020-1234'] })], { epss });
    expect(byId('PYSEC-1')?.epss).toBe(0.25);
  });

  it('are what a gateway judges by, and no word of them where the file is another one', async () => {
    const { path, sha256 } = await compiled(realAdvisories, { kev: realKev });
    const ask = (digest: string) =>
      new CuratedKnowledge(readCompiled({ path, sha256: digest }), {}).advisories({
        ecosystem: 'pypi',
        name: 'pyspark',
        version: '3.1.1',
      });
    expect(ask(sha256)).toMatchObject([{ id: 'CVE-2022-33891', isExploited: true }]);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
    expect(() => ask(sha256)).toThrow('cannot be read');
  });

  it('are asked for by the name that a conda package has on PyPI', async () => {
    const { path, sha256 } = await compiled(realAdvisories);
    const ids = (name: string, names: readonly (readonly [string, string])[] = []) =>
      knowledgeOf({ curation: { names }, facts: { path, sha256 } })
        .advisories({ ecosystem: 'conda', name, version: '1.10.0' })
        .map(({ id }) => id);
    expect(ids('airflow')).toEqual(['CVE-2020-11978']);
    expect(ids('apache-airflow-of-ours')).toEqual([]);
    // The organization's own word goes first.
    expect(ids('apache-airflow-of-ours', [['apache-airflow-of-ours', 'apache-airflow']])).toEqual([
      'CVE-2020-11978',
    ]);
    expect(ids('airflow', [['airflow', '']])).toEqual([]);
  });

  it('are partial without a feed whose records are not what was written, and no list is known in part', async () => {
    const feed = new FeedFolder(join(dir, 'good'));
    feed.put('all.json', [osvRecord('MAL-1')]);
    await feed.read();
    const toPath = join(dir, 'compiled.jsonl');
    const good = { name: 'good', kind: 'osv', path: feed.keptPath, sha256: feed.sha256 } as const;
    const gone = { name: 'gone', kind: 'kev', path: join(dir, 'gone'), sha256: feed.sha256 } as const;
    const other = { ...good, name: 'other', sha256: 'ab'.repeat(32) };
    const { damaged, sha256 } = await compileFacts({ feeds: [good, gone, other], toPath });
    expect(damaged).toEqual(['gone', 'other']);
    const knowledge = knowledgeOf({ curation: {}, facts: { path: toPath, sha256 } });
    const demo = { ecosystem: 'pypi', name: 'demo', version: '1.0' } as const;
    expect(knowledge.advisories(demo)).toHaveLength(1);
    expect([knowledge.hasAdvisories('pypi'), knowledge.hasList('kev')]).toEqual([false, false]);
    const lacking = await compileFacts({ feeds: [good], lacking: [{ name: 'x', kind: 'epss' }], toPath });
    const later = knowledgeOf({ curation: {}, facts: { path: toPath, sha256: lacking.sha256 } });
    expect([later.hasAdvisories('pypi'), later.hasList('epss'), lacking.damaged]).toEqual([true, false, []]);
  });

  it('are made in a thread, whose problems come out as such', async () => {
    const { signal } = new AbortController();
    const feed = new FeedFolder(dir);
    feed.put('all.json', realAdvisories);
    const toPath = join(dir, 'kept.jsonl');
    const job = { kind: 'osv', path: feed.path, acceptShrunk: false, toPath } as const;
    const read = await readFeedInThread(job, signal);
    expect(read).toMatchObject({ status: 'read', bad: 0 });
    const sha256 = read.status === 'read' ? read.sha256 : undefined;
    const made = await compileInThread(
      { feeds: [{ name: 'osv', kind: 'osv', path: toPath, sha256 }], toPath: join(dir, 'made.jsonl') },
      signal,
    );
    expect(readCompiled({ path: join(dir, 'made.jsonl'), sha256: made.sha256 }).all.length).toBeGreaterThan(
      10,
    );
    await expect(readFeedInThread({ ...job, path: join(dir, 'nowhere') }, signal)).rejects.toMatchObject({
      problem: { code: 'not-readable', detail: 'ENOENT' },
    });
    await expect(readFeedInThread(job, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    // Each start of a thread reads its sources anew.
  }, 120_000);
});
