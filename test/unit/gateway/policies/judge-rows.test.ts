/** What policies say to the rows of an index is what they say to each package, however many are judged together. */
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { Advisories, CuratedKnowledge } from '../../../../src-main/curation/knowledge.ts';
import { SightTable } from '../../../../src-main/gateway/conda/sight-table.ts';
import { KnownRules } from '../../../../src-main/gateway/documents/known-rules.ts';
import { newHashKey } from '../../../../src-main/gateway/documents/name-hash.ts';
import { factsOfEntry } from '../../../../src-main/gateway/index-store/entry-facts.ts';
import { judgeRows } from '../../../../src-main/gateway/index-store/judge-rows.ts';
import { rowState } from '../../../../src-main/gateway/index-store/row-states.ts';
import { RowsReader } from '../../../../src-main/gateway/index-store/rows-reader.ts';
import { StoredRows } from '../../../../src-main/gateway/index-store/stored-rows.ts';
import { judgePackage, packageRules } from '../../../../src-main/policy/packages/judge.ts';
import { policyOf } from './policies.ts';

const nowMs = 1_790_000_000_000;
const dayMs = 86_400_000;
const place = { channelId: 'c' as ChannelId, subdir: 'noarch' };

function rowsOf(names: number, digest: string): StoredRows {
  const files = Array.from({ length: names * 4 }, (_, index) => {
    const [name, version] = [`p${Math.floor(index / 4)}`, `1.${index % 3}`];
    const license = ['MIT', 'GPL-3.0-only', undefined][index % 3];
    const indexed_timestamp = nowMs - (index % 11) * dayMs;
    const record = { name, version, build: `${index}`, license, indexed_timestamp, subdir: 'noarch' };
    return [`${name}-${version}-${index}.conda`, record];
  });
  const bytes = Buffer.from(JSON.stringify({ packages: {}, 'packages.conda': Object.fromEntries(files) }));
  const reader = new RowsReader({
    type: 'conda-rows',
    ...place,
    plainBytes: bytes.length,
    nowMs,
    sights: new SightTable(newHashKey()).buffers,
    isFirstSight: true,
  });
  const pieces = reader.push(bytes);
  const last = reader.end();
  return new StoredRows(digest, [...pieces, ...last.pieces], last.result);
}

const advisory = {
  id: 'CVE-1',
  ids: ['CVE-1'],
  isMalware: false,
  score: 9,
  isExploited: false,
  summary: '',
  feeds: ['f'],
  affected: [{ ecosystem: 'conda', name: 'p3', versions: ['1.1'], ranges: [] }],
} as const;
const knowledge = new CuratedKnowledge(new Advisories(['conda'], [advisory]), {
  labels: [{ ecosystem: 'conda', name: 'p5', labels: ['bad'] }],
});
const vulnerable: PolicyRule = {
  type: 'vulnerabilities',
  unknown: 'deny',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'deny',
};
const specs = (...texts: string[]) => texts.map((spec) => ({ ecosystem: 'conda', spec }) as const);

/** States of all rows, as they are judged together, and one by one. */
function both(rows: StoredRows, policies: readonly Policy[], by = knowledge) {
  const { columns, digest } = rows;
  const ask = (more: object = {}) => judgeRows({ ...place, policies, nowMs, digest, columns, ...more }, by);
  let judged = ask();
  if (judged.type === 'needs') {
    const entries = [...judged.rows].map((row) => new Uint8Array(rows.entryOf(row)));
    judged = ask({ entries: { rows: judged.rows, entries } });
  }
  if (judged.type !== 'judged') throw new Error('No verdicts.');
  const rules = packageRules(policies, by);
  const one = Array.from({ length: rows.count }, (_, row) => {
    const facts = factsOfEntry(rows.entryOf(row), { ...place, extension: undefined });
    if (facts === undefined) throw new Error('No facts.');
    const { effect, style, reasons } = judgePackage(rules, facts, nowMs);
    if (effect === 'deny') return style === 'hide' ? rowState.hidden : rowState.refused;
    return reasons.length > 0 ? rowState.observed : rowState.silent;
  });
  return { together: [...judged.states], one };
}

describe('rows of an index', () => {
  it.each<[string, PolicyRule]>([
    [
      'a deny list of names and versions',
      { type: 'packages', list: 'deny', specs: specs('p1', 'p2 >=1.1', 'none') },
    ],
    ['a deny list with a pattern', { type: 'packages', list: 'deny', specs: specs('p1*', 'p3 1.0') }],
    ['a closed list', { type: 'packages', list: 'allow', specs: specs('p1', 'p4 1.2') }],
    ['a list that asks for a build', { type: 'packages', list: 'deny', specs: specs('p1 * 5') }],
    ['vulnerabilities', vulnerable],
    ['licences', { type: 'licenses', list: 'deny', ids: ['GPL-3.0-only'], unknown: 'deny' }],
    ['age', { type: 'age', minDays: 5, unknown: 'deny' }],
    ['labels', { type: 'labels', required: [], denied: ['bad'] }],
  ])('are judged by %s as packages are', (_what, rule) => {
    const { together, one } = both(rowsOf(8, 'a'), [policyOf([rule])]);
    expect(together).toEqual(one);
    expect(new Set(together).size).toBe(2);
  });

  it('are judged by several rules, by other names and by other knowledge, one after the other', () => {
    const policies = [policyOf([vulnerable, { type: 'packages', list: 'deny', specs: specs('p6', 'p7') }])];
    for (const [names, digest] of [
      [8, 'a'],
      [4, 'b'],
      [8, 'a'],
    ] as const) {
      const { together, one } = both(rowsOf(names, digest), policies);
      expect(together).toEqual(one);
    }
    const nothing = new CuratedKnowledge(new Advisories([], []), {});
    const { together, one } = both(rowsOf(8, 'a'), policies, nothing);
    expect(together).toEqual(one);
    // Without facts all is denied.
    expect(together).not.toContain(rowState.silent);
  });
});

describe('rules that are kept', () => {
  it('are those of the policies, and of what is known now', () => {
    const [rules, policy] = [new KnownRules(), policyOf([vulnerable])];
    const text = JSON.stringify([policy]);
    const facts = {
      ...factsOfEntry(Buffer.from('"p3-1.1-0.conda":{"name":"p3","version":"1.1","build":"0"}'), {
        ...place,
        extension: undefined,
      }),
      ecosystem: 'conda',
      ...place,
    } as never;
    const effectBy = (by: CuratedKnowledge, policies = text) =>
      judgePackage(rules.of(policies, by), facts, nowMs).effect;
    expect(effectBy(knowledge)).toBe('deny');
    expect(rules.of(text, knowledge)).toBe(rules.of(text, knowledge));
    expect(effectBy(new CuratedKnowledge(new Advisories(['conda'], []), {}))).toBe('allow');
    expect(effectBy(knowledge)).toBe('deny');
    expect(effectBy(knowledge, '[]')).toBe('allow');
  });
});
