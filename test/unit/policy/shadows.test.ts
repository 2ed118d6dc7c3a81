import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { covers, shadowedBy } from '../../../src-main/policy/shadows.ts';

const vulnerable = {
  type: 'vulnerabilities',
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
} as const;
const [c1, c2] = ['c1', 'c2'] as ChannelId[] as [ChannelId, ChannelId];
const spec = (text: string) => ({ ecosystem: 'conda' as const, spec: text });

/** Of each pair the first denies all that the second denies, and not the other way round. */
const pairs: readonly (readonly [PolicyRule, PolicyRule])[] = [
  [
    { type: 'tokens', maxTtlDays: 7, networksRequired: true },
    { type: 'tokens', maxTtlDays: 30, networksRequired: false },
  ],
  [
    { type: 'channels', channelIds: [c1] },
    { type: 'channels', channelIds: [c1, c2] },
  ],
  [
    { type: 'packages', list: 'deny', specs: [spec('a'), spec('b')] },
    { type: 'packages', list: 'deny', specs: [spec('a')] },
  ],
  [
    { type: 'packages', list: 'allow', specs: [spec('a')] },
    { type: 'packages', list: 'allow', specs: [spec('a'), spec('b')] },
  ],
  [vulnerable, { ...vulnerable, atLeast: 7 }],
  [vulnerable, { ...vulnerable, atLeast: 7, unknown: 'deny' }],
  [
    { ...vulnerable, atLeast: 4, unknown: 'deny' },
    {
      ...vulnerable,
      atLeast: 7,
      unknown: 'allow',
      exploitedOnly: true,
      epssAtLeast: 0.5,
      liftedBy: ['cleared'],
    },
  ],
  [
    { type: 'malware', noFacts: 'deny' },
    { type: 'malware', noFacts: 'allow' },
  ],
  [
    { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' },
    { type: 'licenses', list: 'allow', ids: ['MIT', 'ISC'], unknown: 'allow' },
  ],
  [
    { type: 'age', minDays: 30, unknown: 'deny' },
    { type: 'age', minDays: 7, unknown: 'deny' },
  ],
  [
    { type: 'status', denied: ['yanked', 'removed'], silentYears: 2 },
    { type: 'status', denied: ['yanked'], silentYears: 5 },
  ],
  [
    { type: 'platform', subdirs: ['noarch'], sdists: 'deny' },
    { type: 'platform', subdirs: ['noarch', 'linux-64'], sdists: 'allow' },
  ],
  [
    { type: 'labels', required: ['approved'], denied: ['banned'] },
    { type: 'labels', required: ['approved'], denied: [] },
  ],
  [
    { type: 'namespace', names: ['a-*', 'b-*'], channelIds: [c1] },
    { type: 'namespace', names: ['a-*'], channelIds: [c1, c2] },
  ],
];

describe('whether a rule covers another', () => {
  it.each(pairs)(
    '%#: the stricter covers the weaker, itself, and never the other way round',
    (strict, weak) => {
      expect([covers(strict, weak), covers(weak, strict)]).toEqual([true, false]);
      expect([covers(strict, strict), covers(weak, weak)]).toEqual([true, true]);
    },
  );

  it('is never so between rules of different types', () => {
    const covering = pairs.flatMap(([one]) =>
      pairs.filter(([other]) => one.type !== other.type && covers(one, other)),
    );
    expect(covering).toEqual([]);
  });

  it('is not so where unrated advisories would slip through', () => {
    const strict = { ...vulnerable, atLeast: 4 };
    expect(covers(strict, { ...vulnerable, atLeast: 7, unknown: 'deny' })).toBe(false);
    expect(covers(strict, vulnerable)).toBe(false);
  });
});

describe('a rule that has no effect', () => {
  const age: PolicyRule = { type: 'age', minDays: 7, unknown: 'deny' };
  const policy = (name: string, more: Partial<Policy>): Policy => ({
    id: name as Policy['id'],
    name,
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [age],
    createdAtMs: 0,
    ...more,
  });
  const ofTeam = policy('of-team', { teams: ['core'] as never });
  it.each<readonly [string, Policy, string | undefined]>([
    ['of a higher layer', policy('organization', {}), 'organization'],
    ['of the layer between', policy('environment', { environments: ['prod'] as never }), 'environment'],
    ['of the same layer', policy('other', { teams: ['core'] as never }), undefined],
    ['that only observes', policy('watching', { mode: 'observe' }), undefined],
    ['itself', ofTeam, undefined],
  ])('is told by the policy %s', (_what, other, name) => {
    expect(shadowedBy(age, ofTeam, [other])?.name).toBe(name);
  });
});
