import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import type { TokenFacts } from '../../../src-main/policy/token-rules.ts';
import { describePolicy } from '../../../src-main/policy/describe.ts';
import { effectiveTokenRules, evaluateTokenRules } from '../../../src-main/policy/token-rules.ts';

const [science, web] = ['science', 'web'] as TeamId[] as [TeamId, TeamId];
const [dev, prod] = ['dev', 'prod'] as EnvironmentId[] as [EnvironmentId, EnvironmentId];
type Rule = { maxTtlDays?: number; networksRequired?: boolean };
const policy = (name: string, rule: Rule, more: Partial<Policy> = {}): Policy => ({
  id: name as Policy['id'],
  name,
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules: [{ type: 'tokens', networksRequired: false, ...rule }],
  createdAtMs: 0,
  ...more,
});
const dayMs = 86_400_000;
const facts = {
  teamId: science,
  environmentId: prod,
  ttlMs: 90 * dayMs,
  networks: 'anywhere',
} satisfies TokenFacts;

describe('a token that is asked for', () => {
  it.each<[string, Policy[], 'allow' | 'deny', string[]]>([
    ['without a policy', [], 'allow', []],
    ['at the longest lifetime', [policy('a', { maxTtlDays: 90 })], 'allow', []],
    ['over the longest lifetime', [policy('a', { maxTtlDays: 89 })], 'deny', ['a']],
    ['without the required networks', [policy('a', { networksRequired: true })], 'deny', ['a']],
    ['for another team', [policy('a', { maxTtlDays: 1 }, { teams: [web] })], 'allow', []],
    ['for another environment', [policy('a', { maxTtlDays: 1 }, { environments: [dev] })], 'allow', []],
    [
      'for a named team and environment',
      [policy('a', { maxTtlDays: 1 }, { teams: [web, science], environments: [prod] })],
      'deny',
      ['a'],
    ],
    [
      'for the team, but not the environment',
      [policy('a', { maxTtlDays: 1 }, { teams: [science], environments: [dev] })],
      'allow',
      [],
    ],
    [
      'under a policy that only observes',
      [policy('a', { maxTtlDays: 1 }, { mode: 'observe' })],
      'allow',
      ['a'],
    ],
    [
      'that one of two denies',
      [policy('a', { maxTtlDays: 365 }), policy('b', { maxTtlDays: 30 })],
      'deny',
      ['b'],
    ],
    [
      'that both deny',
      [policy('a', { maxTtlDays: 7 }), policy('b', { maxTtlDays: 30, networksRequired: true })],
      'deny',
      ['a', 'b', 'b'],
    ],
    ['with a policy without rules', [policy('a', {}, { rules: [] })], 'allow', []],
  ])('%s', (_, policies, effect, names) => {
    const decision = evaluateTokenRules(policies, facts);
    expect(decision.effect).toBe(effect);
    expect(decision.reasons.map((reason) => reason.policyName)).toEqual(names);
  });

  it('is told the policy, the rule, the mode and both numbers', () => {
    expect(evaluateTokenRules([policy('short-lived', { maxTtlDays: 30 })], facts).reasons).toEqual([
      {
        policyId: 'short-lived',
        policyName: 'short-lived',
        rule: 'tokens.lifetime',
        mode: 'enforce',
        evidence: { ttlDays: 90, maxTtlDays: 30 },
      },
    ]);
  });

  it('may have any networks where networks are required', () => {
    const decision = evaluateTokenRules([policy('a', { networksRequired: true })], {
      ...facts,
      networks: ['10.0.0.0/8'],
    });
    expect(decision).toEqual({ effect: 'allow', reasons: [] });
  });

  const anyPolicy = fc
    .record({
      maxTtlDays: fc.integer({ min: 1, max: 400 }),
      networksRequired: fc.boolean(),
      observe: fc.boolean(),
    })
    .map(({ observe, ...rule }) => policy('p', rule, { mode: observe ? 'observe' : 'enforce' }));

  it('is never allowed by one more policy where it was denied, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyPolicy, { maxLength: 6 }), anyPolicy, (policies, extra) => {
        const before = evaluateTokenRules(policies, facts).effect;
        const after = evaluateTokenRules([...policies, extra], facts).effect;
        expect(evaluateTokenRules([extra, ...policies].reverse(), facts).effect).toBe(after);
        expect(before === 'deny' && after === 'allow').toBe(false);
      }),
    );
  });

  it('is allowed at exactly the longest lifetime that the policies leave', () => {
    fc.assert(
      fc.property(fc.array(anyPolicy, { maxLength: 6 }), (policies) => {
        const { maxTtlDays } = effectiveTokenRules(policies, facts);
        const at = (days: number) =>
          evaluateTokenRules(policies, { ...facts, ttlMs: days * dayMs, networks: ['::/0'] }).effect;
        expect(at(maxTtlDays ?? 3650)).toBe('allow');
        expect(maxTtlDays === undefined ? 'deny' : at(maxTtlDays + 1)).toBe('deny');
      }),
    );
  });
});

describe('what all policies together ask', () => {
  const policies = [
    policy('a', { maxTtlDays: 90 }),
    policy('b', { maxTtlDays: 30 }),
    policy('c', { maxTtlDays: 7, networksRequired: true }, { environments: [dev] }),
    policy('d', { maxTtlDays: 1 }, { mode: 'observe' }),
    policy('e', {}),
  ];

  it('is the strictest of the enforced ones that apply', () => {
    const inProd = effectiveTokenRules(policies, { teamId: science, environmentId: prod });
    expect(inProd).toMatchObject({ maxTtlDays: 30, networksRequired: false });
    const inDev = effectiveTokenRules(policies, { teamId: science, environmentId: dev });
    expect(inDev).toMatchObject({ maxTtlDays: 7, networksRequired: true });
  });

  it('names the policies that say something, enforced ones first', () => {
    const { sources } = effectiveTokenRules(policies, { teamId: science, environmentId: dev });
    expect(sources.map(({ policyName, mode }) => [policyName, mode])).toEqual([
      ['a', 'enforce'],
      ['b', 'enforce'],
      ['c', 'enforce'],
      ['d', 'observe'],
    ]);
  });

  it('has no longest lifetime where no policy sets one', () => {
    expect(effectiveTokenRules([policy('a', { networksRequired: true })], facts)).not.toHaveProperty(
      'maxTtlDays',
    );
  });
});

describe('a policy in plain English', () => {
  it.each<[Policy, 'all' | string[], 'all' | string[], string]>([
    [
      policy('a', { maxTtlDays: 90 }),
      'all',
      'all',
      'In all environments, for all teams: tokens last at most 90 days.',
    ],
    [
      policy('a', { maxTtlDays: 1 }),
      ['web'],
      ['prod'],
      'In prod, for the team web: tokens last at most 1 day.',
    ],
    [
      policy('a', { maxTtlDays: 30, networksRequired: true }, { mode: 'observe' }),
      ['science', 'web'],
      ['dev', 'staging', 'prod'],
      'In dev, staging and prod, for the teams science and web: tokens last at most 30 days and must list the networks they may be used from. Violations are only recorded, not refused.',
    ],
    [policy('a', {}, { rules: [] }), 'all', 'all', 'In all environments, for all teams: no limits yet.'],
  ])('%#', (subject, teams, environments, text) => {
    expect(describePolicy(subject, { teams, environments, channel: (id) => id })).toBe(text);
  });
});
