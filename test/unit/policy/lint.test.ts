import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { problemsOf } from '../../../src-main/policy/lint.ts';
import { settledRule } from '../../../src-main/policy/settled.ts';
import { policyTemplates } from '../../../src-main/policy/templates.ts';

const all = new Set(['osv', 'kev', 'epss']);
const policy = (rules: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  id: 'p' as Policy['id'],
  name: 'p',
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules,
  createdAtMs: 0,
  ...more,
});
const found = (rules: readonly PolicyRule[], others: readonly Policy[] = [], feeds = all) =>
  problemsOf(policy(rules, { teams: ['core'] as never }), others, feeds);

describe('what is wrong with a policy', () => {
  it('is nothing in any template, but for facts that are not there yet', () => {
    for (const { drafts } of policyTemplates) {
      for (const draft of drafts) {
        expect(problemsOf(draft, [], all)).toEqual([]);
        expect(problemsOf(draft, [], new Set()).every(({ code }) => code === 'no-facts')).toBe(true);
      }
    }
  });

  it.each<readonly [string, PolicyRule, string, string]>([
    [
      'a spec that is none',
      { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'requests>>2' }] },
      'bad-spec',
      'requests>>2',
    ],
    [
      'a licence that is none',
      { type: 'licenses', list: 'deny', ids: ['MIT', 'Gpl3'], unknown: 'allow' },
      'unknown-license',
      'Gpl3',
    ],
    ['a status rule without a condition', { type: 'status', denied: [] }, 'empty-rule', ''],
    ['a platform rule without a condition', { type: 'platform', sdists: 'allow' }, 'empty-rule', ''],
    ['a label rule without a label', { type: 'labels', required: [], denied: [] }, 'empty-rule', ''],
  ])('is %s: an error at its rule', (_what, rule, code, text) => {
    const malware: PolicyRule = { type: 'malware', noFacts: 'allow' };
    expect(found([malware, rule])).toEqual([{ ruleNo: 1, level: 'error', code, text }]);
  });

  it('is not a licence with an exception, a pattern, or another spelling', () => {
    const ids = ['gpl-2.0', 'GPL-2.0-only with Classpath-exception-2.0', 'LGPL-*', 'LicenseRef-Acme'];
    const rule: PolicyRule = { type: 'licenses', list: 'allow', ids, unknown: 'deny' };
    expect(found([rule])).toEqual([]);
    expect(settledRule(rule)).toMatchObject({
      ids: ['GPL-2.0-only', 'GPL-2.0-only WITH Classpath-exception-2.0', 'LGPL-*', 'LicenseRef-Acme'],
    });
  });

  it('is said of a rule that stands twice, that a higher layer covers, and whose facts are missing', () => {
    const age: PolicyRule = { type: 'age', minDays: 7, unknown: 'deny' };
    expect(found([age, age])).toEqual([{ ruleNo: 1, level: 'warning', code: 'doubled', text: '1' }]);
    const higher = policy([{ type: 'age', minDays: 30, unknown: 'deny' }], {
      id: 'e' as Policy['id'],
      name: 'everywhere',
    });
    expect(found([age], [higher])).toEqual([
      { ruleNo: 0, level: 'warning', code: 'shadowed', text: 'everywhere' },
    ]);
    expect(found([{ type: 'malware', noFacts: 'deny' }], [], new Set())).toEqual([
      { ruleNo: 0, level: 'warning', code: 'no-facts', text: 'osv' },
    ]);
  });

  it('shows errors first, however many warnings there are', () => {
    const doubled = Array.from({ length: 63 }, (): PolicyRule => ({ type: 'malware', noFacts: 'deny' }));
    const wrong: PolicyRule = { type: 'labels', required: [], denied: [] };
    const problems = found([...doubled, wrong], [], new Set());
    expect(problems[0]).toMatchObject({ ruleNo: 63, level: 'error' });
    expect(problems.length).toBe(101);
  });
});
