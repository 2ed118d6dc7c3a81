import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { describePolicy, describeRule } from '../../../src-main/policy/describe.ts';
import { policyTemplates } from '../../../src-main/policy/templates.ts';

const names = {
  teams: 'all' as const,
  environments: ['prod'],
  channel: (id: ChannelId) => ({ c1: 'internal', c2: 'main' })[id as string] ?? id,
};
const read = (rules: readonly PolicyRule[], more: object = {}) =>
  describePolicy({ mode: 'enforce', style: 'hide', rules, ...more }, names);
const vulnerable = {
  type: 'vulnerabilities',
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
} as const;
const channelIds = ['c1', 'c2'] as ChannelId[];

describe('a rule in plain English', () => {
  it.each<readonly [PolicyRule, string]>([
    [{ type: 'tokens', networksRequired: false }, 'no limits on tokens yet'],
    [{ type: 'channels', channelIds }, 'come from a channel other than internal or main'],
    [
      { type: 'packages', list: 'deny', specs: [{ ecosystem: 'conda', spec: 'openssl <3' }] },
      'are conda packages that match openssl <3',
    ],
    [
      {
        type: 'packages',
        list: 'deny',
        specs: [
          { ecosystem: 'conda', spec: 'openssl <3' },
          { ecosystem: 'pypi', spec: 'requests<2.32' },
        ],
      },
      'match openssl <3 (conda) or requests<2.32 (PyPI)',
    ],
    [
      {
        type: 'packages',
        list: 'allow',
        specs: ['numpy', 'scipy', 'pandas', 'a', 'b', 'c'].map((spec) => ({ ecosystem: 'pypi', spec })),
      },
      'are PyPI packages that match none of numpy, scipy, pandas, a and 2 more',
    ],
    [vulnerable, 'have any known vulnerability'],
    [
      { ...vulnerable, atLeast: 7, unknown: 'deny', liftedBy: ['mitigated', 'cleared'], noFacts: 'deny' },
      'have a vulnerability that is rated 7 or higher or not rated, unless it was assessed as mitigated or cleared (also while there are no advisories)',
    ],
    [
      { ...vulnerable, exploitedOnly: true, epssAtLeast: 0.105, fixedOnly: true, graceDays: 1 },
      'have a vulnerability that is known to be exploited, is exploited with a probability of 10.5 % or more (EPSS), is fixed in a later version and has been public for 1 day (or for an unknown time)',
    ],
    [{ type: 'malware', noFacts: 'allow' }, 'are malware or quarantined by their index'],
    [
      { type: 'licenses', list: 'allow', ids: ['MIT', 'Apache-2.0'], unknown: 'deny' },
      'cannot be used under MIT or Apache-2.0 (also if their license is unknown)',
    ],
    [{ type: 'licenses', list: 'deny', ids: ['GPL-*'], unknown: 'allow' }, 'can only be used under GPL-*'],
    [
      { type: 'age', minDays: 7, unknown: 'deny' },
      'were published less than 7 days ago (also if nobody knows when)',
    ],
    [
      { type: 'status', denied: ['yanked', 'removed'], supersededAfterDays: 365, silentYears: 1 },
      'are yanked or removed, are older than 365 days while there is a newer version or have had no release for 1 year',
    ],
    [
      { type: 'platform', subdirs: ['linux-64', 'noarch'], sdists: 'deny' },
      'are conda packages for a platform other than linux-64 or noarch or are source distributions',
    ],
    [
      { type: 'labels', required: ['approved', 'reviewed'], denied: ['banned'] },
      'are labelled banned or lack one of the labels approved and reviewed',
    ],
    [
      { type: 'namespace', names: ['acme-*'], channelIds: channelIds.slice(0, 1) },
      'are named acme-* and come from a channel other than internal',
    ],
  ])('%#', (rule, text) => {
    const start = rule.type === 'tokens' ? '' : 'packages are denied if they ';
    expect(describeRule(rule, names)).toBe(`${start}${text}`);
  });
});

describe('a policy in plain English', () => {
  const malware: PolicyRule = { type: 'malware', noFacts: 'allow' };
  it('says about tokens and packages a sentence each', () => {
    const rules: PolicyRule[] = [malware, { type: 'tokens', maxTtlDays: 7, networksRequired: false }];
    expect(read(rules)).toBe(
      'In prod, for all teams: tokens last at most 7 days. Packages are hidden if they are malware or quarantined by their index.',
    );
  });

  it('joins rules by "or", and tells observing from enforcing', () => {
    expect(read([malware, { type: 'age', minDays: 1, unknown: 'allow' }], { style: 'refuse' })).toBe(
      'In prod, for all teams: packages are refused at download if they are malware or quarantined by their index; or if they were published less than 1 day ago.',
    );
    expect(read([malware], { mode: 'observe' })).toBe(
      'In prod, for all teams: packages would be hidden if they are malware or quarantined by their index. Violations are only recorded, not refused.',
    );
  });

  it('reads every template as whole sentences', () => {
    for (const { drafts } of policyTemplates) {
      for (const draft of drafts) {
        const text = describePolicy(draft, { ...names, environments: 'all' });
        expect(text).toMatch(/^In all environments, for all teams: [^.].*\.$/);
        expect(text).not.toMatch(/undefined|none is named|NaN|\s\s|\[object/);
      }
    }
  });
});
