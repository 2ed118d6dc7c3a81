import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Advisory } from '../../../src-main/curation/advisory.ts';
import { affects } from '../../../src-main/curation/affects.ts';
import { groupAdvisories } from '../../../src-main/curation/groups.ts';
import { parseOsv } from '../../../src-main/curation/osv.ts';

const real = readFileSync(join(import.meta.dirname, '../../fixtures/advisories/pypi.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Record<string, unknown> & { id: string });

function advisory(input: unknown): Advisory {
  const parsed = parseOsv(input);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.advisory;
}

const realOne = (id: string): Advisory => advisory(real.find((record) => record.id === id));

/** @param changes of the one package that is affected */
function record(changes: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return advisory({
    id: 'OSV-1',
    modified: '2026-01-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name: 'Some_Package' }, ...changes }],
    ...more,
  });
}

const range = (...events: Record<string, string>[]) => ({ ranges: [{ type: 'ECOSYSTEM', events }] });
const about = (one: Advisory, version: string, name = 'some.package') =>
  affects(one, { ecosystem: 'pypi', name, version });

describe('an OSV record', () => {
  it('of the real database is read, whatever its dates', () => {
    expect(real.map((input) => parseOsv(input).ok)).not.toContain(false);
    expect(realOne('PYSEC-2024-55').modifiedMs).toBeUndefined();
    expect(realOne('PYSEC-2023-246')).toMatchObject({
      aliases: ['CVE-2023-47627', 'GHSA-gfw2-4jvh-wgfg'],
      severity: 'high',
      isMalware: false,
    });
    expect(realOne('PYSEC-2021-335').severity).toBeUndefined();
  });

  it('keeps no ranges of commits and no other ecosystem', () => {
    expect(realOne('PYSEC-2021-335').affected).toMatchObject([{ name: 'accesscontrol', ranges: [{}] }]);
    expect(record({ package: { ecosystem: 'npm', name: 'x' } }).affected).toEqual([]);
    expect(
      record({ package: { ecosystem: 'PyPI:https://example.org/simple', name: 'x' } }).affected,
    ).toHaveLength(1);
  });

  it('has the worst severity that it says anywhere', () => {
    const low = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N' };
    expect(record({}, { severity: [low] }).severity).toBe('low');
    expect(record({ database_specific: { severity: 'MODERATE' } }, { severity: [low] }).severity).toBe(
      'medium',
    );
    expect(record({}, { severity: [{ ...low, type: 'CVSS_V4' }] }).severity).toBeUndefined();
    expect(record({}, { database_specific: { severity: 7 } }).severity).toBeUndefined();
  });

  it('is malware by its id', () => {
    expect(record({}, { id: 'MAL-2026-1' }).isMalware).toBe(true);
  });

  it.each([
    [null, ''],
    [[], ''],
    ['text', ''],
    [{}, 'id'],
    [{ id: 7 }, 'id'],
    [{ id: 'A\nB' }, 'id'],
    [{ id: 'x'.repeat(301) }, 'id'],
    [{ id: 'A', aliases: 'B' }, 'aliases'],
    [{ id: 'A', aliases: Array.from({ length: 1001 }, String) }, 'aliases'],
    [{ id: 'A', affected: [{ versions: [1] }] }, 'affected.0.versions.0'],
    [
      { id: 'A', affected: [{ ranges: [{ type: 'ECOSYSTEM', events: [{ fixed: '' }] }] }] },
      'affected.0.ranges.0.events.0.fixed',
    ],
    [{ id: 'A', affected: [{ versions: Array.from({ length: 20_001 }, String) }] }, 'affected.0.versions'],
  ])('is refused with the place of what is wrong: %#', (input, place) => {
    const parsed = parseOsv(input);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.problem).toMatch(new RegExp(`^${place}:`));
  });

  it('may nest as deep as it likes in what is not read', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(record({ database_specific: deep }, { details: deep }).id).toBe('OSV-1');
  });
});

describe('what an advisory is about', () => {
  it('agrees with the versions that the real database lists beside its ranges', () => {
    for (const input of real) {
      const one = advisory(input);
      for (const { name, versions, ranges } of one.affected) {
        const expected = one.withdrawnMs === undefined ? 'affected' : 'unaffected';
        for (const version of versions)
          expect(about(one, version, name), `${one.id} ${version}`).toBe(expected);
        if (ranges.length === 0) continue;
        const bare = { ...one, affected: one.affected.map((entry) => ({ ...entry, versions: [] })) };
        for (const version of versions)
          expect(about(bare, version, name), `${one.id} ${version}`).toBe(expected);
      }
    }
  });

  it.each([
    ['1.9', 'unaffected'],
    ['2.0', 'affected'],
    ['2.0rc1', 'unaffected'],
    ['2.4.9', 'affected'],
    ['2.5', 'unaffected'],
    ['3', 'affected'],
    ['3.1', 'affected'],
    ['3.1.0+local', 'affected'],
    ['2.5+local', 'unaffected'],
    ['4', 'unaffected'],
    ['no version', 'unknown'],
  ])('follows events in any order: %s is %s', (version, expected) => {
    const one = record(
      range({ last_affected: '3.1' }, { fixed: '2.5' }, { introduced: '3' }, { introduced: '2.0' }),
    );
    expect(about(one, version)).toBe(expected);
  });

  it('takes a fix for the end where something begins at the same version', () => {
    expect(about(record(range({ introduced: '0' }, { fixed: '2' }, { introduced: '2' })), '2')).toBe(
      'unaffected',
    );
    expect(about(record(range({ introduced: '1' }, { last_affected: '1' })), '1')).toBe('affected');
  });

  it('counts listed versions beside the ranges, however they are written', () => {
    const one = record({ ...range({ introduced: '5' }), versions: ['1.0', 'odd one'] });
    expect(about(one, '1')).toBe('affected');
    expect(about(one, 'odd one')).toBe('affected');
    expect(about(one, '1.1')).toBe('unaffected');
  });

  it('counts a build of a listed version as that version (PEP 440), unless the record tells builds apart', () => {
    expect(about(record({ versions: ['1.0'] }), '1.0.0+cu121')).toBe('affected');
    expect(about(record({ versions: ['1.0'] }), '1.1+cu121')).toBe('unaffected');
    const apart = record(range({ introduced: '0' }, { fixed: '1.0+patched.1' }));
    expect(about(apart, '1.0')).toBe('affected');
    expect(about(apart, '1.0+patched.1')).toBe('unaffected');
  });

  it('ends at the limits', () => {
    const one = record(range({ introduced: '0' }, { limit: '2' }));
    expect(about(one, '1')).toBe('affected');
    expect(about(one, '2')).toBe('unaffected');
    expect(about(record(range({ introduced: '0' }, { limit: '2' }, { limit: '*' })), '2')).toBe('affected');
  });

  it('is unknown where only commits are named, or an event cannot be read', () => {
    expect(about(record({ ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }), '1')).toBe('unknown');
    expect(about(record(range({ introduced: '0' }, { fixed: 'soon' })), '1')).toBe('unknown');
  });

  it('is no other package, and nothing once it is withdrawn', () => {
    expect(about(record(range({ introduced: '0' })), '1', 'Some-Package')).toBe('affected');
    expect(about(record(range({ introduced: '0' })), '1', 'somepackage')).toBe('unaffected');
    const withdrawn = record(range({ introduced: '0' }), { withdrawn: '2026-02-01T00:00:00+01:00' });
    expect(about(withdrawn, '1')).toBe('unaffected');
  });

  it('holds for conda where one of its programs thinks so', () => {
    const one = advisory({
      id: 'A',
      affected: [
        {
          package: { ecosystem: 'conda', name: 'openssl' },
          ...range({ introduced: '0' }, { fixed: '1.0.1h' }),
        },
      ],
    });
    const openssl = (version: string) => affects(one, { ecosystem: 'conda', name: 'OpenSSL', version });
    expect(openssl('1.0.1g')).toBe('affected');
    expect(openssl('1.0.1h')).toBe('unaffected');
    expect(openssl('1.0*')).not.toBe('unaffected');
  });
});

describe('advisories about one matter', () => {
  const named = (id: string, aliases: string[] = [], more = {}) => advisory({ id, aliases, ...more });

  it('are joined by alias, with the worst severity of any', () => {
    const groups = groupAdvisories([
      named('PYSEC-1', ['CVE-1']),
      named('GHSA-1', ['CVE-1'], { database_specific: { severity: 'HIGH' } }),
      named('CVE-2', [], { database_specific: { severity: 'LOW' } }),
      named('MAL-1', ['CVE-2']),
    ]);
    expect(groups).toMatchObject([
      { ids: ['CVE-1', 'GHSA-1', 'PYSEC-1'], severity: 'high', isMalware: false },
      { ids: ['CVE-2', 'MAL-1'], severity: 'low', isMalware: true },
      // Still a vulnerability: rules about these pass over malware.
      { ids: ['CVE-2'], severity: 'low', isMalware: false },
    ]);
  });

  it('are the same in any order', () => {
    const all = real.map(advisory);
    expect(groupAdvisories(all.toReversed())).toEqual(groupAdvisories(all));
    expect(groupAdvisories(all).flatMap(({ advisories }) => advisories)).toHaveLength(
      all.filter(({ withdrawnMs }) => withdrawnMs === undefined).length,
    );
    expect(groupAdvisories(all).find(({ ids }) => ids.includes('PYSEC-2021-335'))?.ids).toContain(
      'PYSEC-2021-368',
    );
  });

  it('leave withdrawn ones out', () => {
    expect(groupAdvisories([named('A', ['B'], { withdrawn: '2026-01-01T00:00:00Z' })])).toEqual([]);
  });

  it('are not joined by one that names half the world', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `CVE-${index}`);
    const groups = groupAdvisories([...ids.map((id) => named(id)), named('A-1', ids)]);
    expect(Math.max(...groups.map((group) => group.ids.length))).toBe(100);
    expect(groups).toHaveLength(902);
  });

  it('are grouped at once in any number', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => named(`A-${index}`, [`A-${index + 1}`]));
    expect(groupAdvisories(chain).flatMap(({ advisories }) => advisories)).toHaveLength(20_000);
  });
});

describe('a record with very many vectors', () => {
  const vector = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
  const recordOf = (scores: readonly string[]) => ({
    id: 'X-1',
    affected: scores.map((score) => ({
      package: { ecosystem: 'PyPI', name: 'demo' },
      severity: [{ type: 'CVSS_V4', score }],
    })),
  });

  it('is scored once where they are the same, and refused where they are not', () => {
    const same = parseOsv(recordOf(Array.from({ length: 10_000 }, () => vector)));
    expect(same).toMatchObject({ ok: true, advisory: { score: 9.3 } });
    const others = Array.from(
      { length: 101 },
      (_, index) => `${vector}/X${'abcdefghijk'[index % 11]}:${'ABCDEFGHIJ'[Math.floor(index / 11)]}`,
    );
    expect(parseOsv(recordOf(others))).toEqual({
      ok: false,
      problem: 'severity: more than 100 different vectors',
    });
  });
});
