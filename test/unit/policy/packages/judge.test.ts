/** What each rule says about a package, and how policies come together. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { CachedJudge } from '../../../../src-main/policy/packages/cached-judge.ts';
import type { AdvisoryFact, Knowledge, PackageFacts } from '../../../../src-main/policy/packages/facts.ts';
import { judgePackage, packageRules } from '../../../../src-main/policy/packages/judge.ts';

const nowMs = Date.UTC(2026, 10, 24);
const dayMs = 86_400_000;
const main = 'main' as ChannelId;

const advisory = (more: Partial<AdvisoryFact> = {}): AdvisoryFact => ({
  id: 'CVE-2026-1',
  ids: ['CVE-2026-1'],
  isMalware: false,
  isExploited: false,
  ...more,
});
const knows = (more: Partial<Knowledge> = {}): Knowledge => ({
  hasAdvisories: () => true,
  hasList: () => true,
  isAbout: () => true,
  advisories: () => [],
  labels: () => [],
  licenseExpression: () => undefined,
  ...more,
});
const wheel = (more: Partial<PackageFacts> = {}): PackageFacts => ({
  ecosystem: 'pypi',
  channelId: main,
  name: 'tool',
  version: '1.0',
  filename: 'tool-1.0-py3-none-any.whl',
  kind: 'wheel',
  platforms: ['any'],
  ...more,
});
const policy = (rules: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  id: 'p' as Policy['id'],
  name: 'P',
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules,
  createdAtMs: 0,
  ...more,
});
const judged = (rule: PolicyRule, facts: PackageFacts = wheel(), knowledge: Knowledge = knows()) =>
  judgePackage(packageRules([policy([rule])], knowledge), facts, nowMs);
const said = (rule: PolicyRule, facts?: PackageFacts, knowledge?: Knowledge) => {
  const [reason] = judged(rule, facts, knowledge).reasons;
  return reason === undefined ? 'nothing' : [reason.rule, reason.evidence];
};
const vulnerabilities = (more: object = {}): PolicyRule => ({
  type: 'vulnerabilities',
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
  ...more,
});
const listed = (...all: AdvisoryFact[]) => knows({ advisories: () => all });
const none = knows({ hasAdvisories: () => false });

describe('a rule about packages', () => {
  it.each<[string, unknown, PolicyRule, PackageFacts, Knowledge]>([
    [
      'another channel',
      ['package.channel', { channelId: main }],
      { type: 'channels', channelIds: ['x' as ChannelId] },
      wheel(),
      knows(),
    ],
    ['its channel', 'nothing', { type: 'channels', channelIds: [main] }, wheel(), knows()],
    [
      'a listed version',
      ['package.listed', { spec: 'tool<2' }],
      { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'tool<2' }] },
      wheel(),
      knows(),
    ],
    [
      'another version',
      'nothing',
      { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'tool>=2' }] },
      wheel(),
      knows(),
    ],
    [
      'the same name elsewhere',
      'nothing',
      { type: 'packages', list: 'deny', specs: [{ ecosystem: 'conda', spec: 'tool' }] },
      wheel(),
      knows(),
    ],
    [
      'what is on no closed list',
      ['package.not-listed', {}],
      { type: 'packages', list: 'allow', specs: [{ ecosystem: 'pypi', spec: 'other' }] },
      wheel(),
      knows(),
    ],
    [
      'what is on one',
      'nothing',
      { type: 'packages', list: 'allow', specs: [{ ecosystem: 'pypi', spec: 't*' }] },
      wheel(),
      knows(),
    ],
    [
      'a vulnerable one',
      ['package.vulnerable', { advisoryId: 'CVE-2026-1', score: 9.8, fixedIn: '1.1' }],
      vulnerabilities({ atLeast: 7 }),
      wheel(),
      listed(advisory({ score: 9.8, fixedIn: '1.1' })),
    ],
    ['a milder one', 'nothing', vulnerabilities({ atLeast: 9.9 }), wheel(), listed(advisory({ score: 9.8 }))],
    [
      'one without a score, where that is allowed',
      'nothing',
      vulnerabilities({ atLeast: 7 }),
      wheel(),
      listed(advisory()),
    ],
    [
      'one without a score, where that is denied',
      ['package.vulnerable', { advisoryId: 'CVE-2026-1' }],
      vulnerabilities({ atLeast: 7, unknown: 'deny' }),
      wheel(),
      listed(advisory()),
    ],
    [
      'the worst of several',
      ['package.vulnerable', { advisoryId: 'b', score: 9, others: 1 }],
      vulnerabilities(),
      wheel(),
      listed(advisory({ id: 'a', score: 5 }), advisory({ id: 'b', score: 9 })),
    ],
    [
      'one that nobody exploits',
      'nothing',
      vulnerabilities({ exploitedOnly: true }),
      wheel(),
      listed(advisory()),
    ],
    ['one without a fix', 'nothing', vulnerabilities({ fixedOnly: true }), wheel(), listed(advisory())],
    [
      'a less likely one',
      'nothing',
      vulnerabilities({ epssAtLeast: 0.5 }),
      wheel(),
      listed(advisory({ epss: 0.4 })),
    ],
    [
      'one that was cleared',
      'nothing',
      vulnerabilities({ liftedBy: ['cleared'] }),
      wheel(),
      listed(advisory({ status: 'cleared' })),
    ],
    [
      'one that is new',
      'nothing',
      vulnerabilities({ graceDays: 7 }),
      wheel(),
      listed(advisory({ publishedAtMs: nowMs - dayMs })),
    ],
    [
      'no facts, where that is denied',
      ['package.no-facts', { about: 'vulnerabilities' }],
      vulnerabilities({ noFacts: 'deny' }),
      wheel(),
      none,
    ],
    [
      'malware, which is another rule’s',
      'nothing',
      vulnerabilities(),
      wheel(),
      listed(advisory({ isMalware: true })),
    ],
    [
      'malware',
      ['package.malware', { advisoryId: 'MAL-1' }],
      { type: 'malware', noFacts: 'allow' },
      wheel(),
      listed(advisory({ id: 'MAL-1', isMalware: true })),
    ],
    [
      'a quarantined project, also without facts',
      ['package.quarantined', {}],
      { type: 'malware', noFacts: 'allow' },
      wheel({ projectStatus: 'quarantined' }),
      none,
    ],
    [
      'a license on no list',
      ['package.license', { license: 'GPL-3.0-only' }],
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
      wheel({ license: 'GPL-3.0-only' }),
      knows(),
    ],
    [
      'a choice of licenses',
      'nothing',
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' },
      wheel({ license: 'GPL-3.0-only OR MIT' }),
      knows(),
    ],
    [
      'no license',
      ['package.license', { isUnknown: true }],
      { type: 'licenses', list: 'deny', ids: ['MIT'], unknown: 'deny' },
      wheel(),
      knows(),
    ],
    [
      'a license by another name',
      'nothing',
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' },
      wheel({ license: 'like MIT' }),
      knows({ licenseExpression: (text) => (text === 'like MIT' ? 'MIT' : undefined) }),
    ],
    [
      'a license of which a part has another name',
      'nothing',
      { type: 'licenses', list: 'allow', ids: ['LicenseRef-MyCorp'], unknown: 'deny' },
      wheel({ license: 'GPL-3 OR MyCorp' }),
      knows({ licenseExpression: (text) => (text === 'MyCorp' ? 'LicenseRef-MyCorp' : undefined) }),
    ],
    [
      'a young one',
      ['package.too-young', { publishedAtMs: nowMs - dayMs, minDays: 7 }],
      { type: 'age', minDays: 7, unknown: 'allow' },
      wheel({ publishedAtMs: nowMs - dayMs }),
      knows(),
    ],
    [
      'one of the future',
      ['package.too-young', { publishedAtMs: nowMs + 9 * dayMs, minDays: 7 }],
      { type: 'age', minDays: 7, unknown: 'allow' },
      wheel({ publishedAtMs: nowMs + 9 * dayMs }),
      knows(),
    ],
    [
      'an old one',
      'nothing',
      { type: 'age', minDays: 7, unknown: 'deny' },
      wheel({ publishedAtMs: nowMs - 7 * dayMs }),
      knows(),
    ],
    [
      'one of unknown age',
      ['package.age-unknown', { minDays: 7 }],
      { type: 'age', minDays: 7, unknown: 'deny' },
      wheel(),
      knows(),
    ],
    [
      'a yanked one',
      ['package.status', { status: 'yanked', reason: 'broken' }],
      { type: 'status', denied: ['yanked'] },
      wheel({ yanked: 'broken' }),
      knows(),
    ],
    [
      'one yanked with an empty reason',
      ['package.status', { status: 'yanked' }],
      { type: 'status', denied: ['yanked'] },
      wheel({ yanked: '' }),
      knows(),
    ],
    [
      'an archived project',
      ['package.status', { status: 'archived' }],
      { type: 'status', denied: ['archived'] },
      wheel({ projectStatus: 'archived' }),
      knows(),
    ],
    [
      'a superseded one',
      ['package.superseded', { newest: '2.0', days: 30 }],
      { type: 'status', denied: [], supersededAfterDays: 30 },
      wheel({ publishedAtMs: nowMs - 30 * dayMs, newest: { version: '2.0', atMs: nowMs } }),
      knows(),
    ],
    [
      'a superseded one of unknown age',
      ['package.superseded', { newest: '2.0', days: 30 }],
      { type: 'status', denied: [], supersededAfterDays: 30 },
      wheel({ newest: { version: '2.0', atMs: nowMs - 30 * dayMs } }),
      knows(),
    ],
    [
      'a superseded one that is young',
      'nothing',
      { type: 'status', denied: [], supersededAfterDays: 30 },
      wheel({ publishedAtMs: nowMs - 29 * dayMs, newest: { version: '2.0', atMs: nowMs } }),
      knows(),
    ],
    [
      'a pre-release after the newest release',
      'nothing',
      { type: 'status', denied: [], supersededAfterDays: 30 },
      wheel({ version: '2.1rc1', publishedAtMs: 0, newest: { version: '2.0', atMs: 0 } }),
      knows(),
    ],
    [
      'the newest release in another spelling',
      'nothing',
      { type: 'status', denied: [], supersededAfterDays: 30 },
      wheel({ version: '2.0.0', publishedAtMs: 0, newest: { version: '2.0', atMs: 0 } }),
      knows(),
    ],
    [
      'a vulnerability while nobody knows what is exploited',
      ['package.vulnerable', { advisoryId: 'CVE-2026-1' }],
      vulnerabilities({ exploitedOnly: true, noFacts: 'deny' }),
      wheel(),
      knows({ advisories: () => [advisory()], hasList: () => false }),
    ],
    [
      'one that no list names as exploited',
      'nothing',
      vulnerabilities({ exploitedOnly: true, noFacts: 'deny' }),
      wheel(),
      knows({ advisories: () => [advisory()], hasList: (list) => list === 'kev' }),
    ],
    [
      'a vulnerability while there are no EPSS scores',
      ['package.vulnerable', { advisoryId: 'CVE-2026-1' }],
      vulnerabilities({ epssAtLeast: 0.1, noFacts: 'deny' }),
      wheel(),
      knows({ advisories: () => [advisory()], hasList: () => false }),
    ],
    [
      'one without an EPSS score, where that is allowed',
      'nothing',
      vulnerabilities({ epssAtLeast: 0.1 }),
      wheel(),
      knows({ advisories: () => [advisory()], hasList: () => false }),
    ],
    [
      'a silent project',
      ['package.silent', { newestAtMs: 0, years: 2 }],
      { type: 'status', denied: [], silentYears: 2 },
      wheel({ newest: { version: '1.0', atMs: 0 } }),
      knows(),
    ],
    [
      'another machine’s wheel',
      ['package.platform', { platform: 'win_amd64' }],
      { type: 'platform', wheelTags: ['any', 'manylinux*_x86_64'], sdists: 'allow' },
      wheel({ platforms: ['win_amd64'] }),
      knows(),
    ],
    [
      'a wheel for several',
      'nothing',
      { type: 'platform', wheelTags: ['manylinux*_x86_64'], sdists: 'allow' },
      wheel({ platforms: ['linux_x86_64', 'manylinux_2_17_x86_64'] }),
      knows(),
    ],
    [
      'an sdist',
      ['package.sdist', {}],
      { type: 'platform', wheelTags: ['any'], sdists: 'deny' },
      wheel({ kind: 'sdist', platforms: [] }),
      knows(),
    ],
    [
      'a label that is missing',
      ['package.label-missing', { label: 'good' }],
      { type: 'labels', required: ['good'], denied: [] },
      wheel(),
      knows(),
    ],
    [
      'a label that is denied',
      ['package.label-denied', { label: 'bad' }],
      { type: 'labels', required: ['good'], denied: ['bad'] },
      wheel(),
      knows({ labels: () => ['good', 'bad'] }),
    ],
    [
      'a reserved name from elsewhere',
      ['package.namespace', { pattern: 'to*' }],
      { type: 'namespace', names: ['to*'], channelIds: ['inside' as ChannelId] },
      wheel(),
      knows(),
    ],
    [
      'a reserved name from its channel',
      'nothing',
      { type: 'namespace', names: ['to*'], channelIds: [main] },
      wheel(),
      knows(),
    ],
    [
      'a file in no index, of which it wants to know more than the name',
      ['package.unlisted', {}],
      { type: 'age', minDays: 1, unknown: 'allow' },
      wheel({ kind: 'unlisted' }),
      knows(),
    ],
    [
      'a file that was taken out of its index',
      ['package.unlisted', { isRemoved: true }],
      { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
      wheel({ kind: 'unlisted', isRemoved: true }),
      knows(),
    ],
    [
      'a file that its index says otherwise of than its name',
      ['package.unlisted', { isUnusable: true }],
      { type: 'namespace', names: ['to*'], channelIds: [main] },
      wheel({ kind: 'unlisted', isUnusable: true }),
      knows(),
    ],
  ])('says what it has against %s', (_what, expected, rule, facts, knowledge) => {
    expect(said(rule, facts, knowledge)).toEqual(expected);
  });

  it('denies where it cannot be evaluated', () => {
    const broken = knows({
      labels: () => {
        throw new Error('a secret');
      },
    });
    expect(said({ type: 'labels', required: [], denied: ['bad'] }, wheel(), broken)).toEqual([
      'package.failed',
      { code: 'error' },
    ]);
  });

  it('tells when time alone changes what it says', () => {
    const young = judged(
      { type: 'age', minDays: 7, unknown: 'allow' },
      wheel({ publishedAtMs: nowMs - dayMs }),
    );
    expect(young.changesAtMs).toBe(nowMs + 6 * dayMs);
    const graced = judged(
      vulnerabilities({ graceDays: 7 }),
      wheel(),
      listed(advisory({ publishedAtMs: nowMs })),
    );
    expect([graced.effect, graced.changesAtMs]).toEqual(['allow', nowMs + 7 * dayMs]);
  });
});

describe('several policies', () => {
  const deny = (more: Partial<Policy>) => policy([{ type: 'labels', required: ['good'], denied: [] }], more);
  const verdict = (...policies: Policy[]) => judgePackage(packageRules(policies, knows()), wheel(), nowMs);

  it('deny where one does, whatever their order', () => {
    const allows = policy([{ type: 'labels', required: [], denied: ['bad'] }]);
    for (const policies of [
      [allows, deny({})],
      [deny({}), allows],
    ])
      expect(verdict(...policies).effect).toBe('deny');
    expect(verdict(allows).effect).toBe('allow');
  });

  it('that observe are told and decide nothing; those that deny come first', () => {
    const watch = deny({ mode: 'observe', name: 'Watch' });
    expect(verdict(watch)).toMatchObject({
      effect: 'allow',
      reasons: [{ mode: 'observe', policyName: 'Watch' }],
    });
    const both = verdict(watch, deny({ name: 'Rule' }));
    expect(both.reasons.map(({ policyName }) => policyName)).toEqual(['Rule', 'Watch']);
  });

  it('hide where one of those that deny hides', () => {
    expect(verdict(deny({ style: 'refuse' })).style).toBe('refuse');
    expect(verdict(deny({ style: 'refuse' }), deny({ style: 'hide' })).style).toBe('hide');
    expect(verdict(deny({ style: 'refuse' }), deny({ style: 'hide', mode: 'observe' })).style).toBe('refuse');
  });
});

const someRule: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({ type: fc.constant('channels' as const), channelIds: fc.constant([main]) }),
  fc.record({
    type: fc.constant('labels' as const),
    required: fc.constant([]),
    denied: fc.constantFrom(['a'], ['b']),
  }),
  fc.record({
    type: fc.constant('age' as const),
    minDays: fc.integer({ min: 1, max: 30 }),
    unknown: fc.constantFrom('allow' as const, 'deny' as const),
  }),
  fc.record({
    type: fc.constant('licenses' as const),
    list: fc.constantFrom('allow' as const, 'deny' as const),
    ids: fc.constant(['MIT']),
    unknown: fc.constantFrom('allow' as const, 'deny' as const),
  }),
  fc.record({
    type: fc.constant('malware' as const),
    noFacts: fc.constantFrom('allow' as const, 'deny' as const),
  }),
  fc.record({
    type: fc.constant('namespace' as const),
    names: fc.constantFrom(['a*'], ['b']),
    channelIds: fc.constant([main]),
  }),
  fc.record({
    type: fc.constant('packages' as const),
    list: fc.constantFrom('allow' as const, 'deny' as const),
    specs: fc.constantFrom(
      [{ ecosystem: 'pypi' as const, spec: 'a<2' }],
      [{ ecosystem: 'conda' as const, spec: 'b >=2' }],
    ),
  }),
  fc.record({
    type: fc.constant('platform' as const),
    wheelTags: fc.constant(['any']),
    sdists: fc.constantFrom('allow' as const, 'deny' as const),
  }),
  fc.record({
    type: fc.constant('status' as const),
    denied: fc.constantFrom(['yanked' as const], ['archived' as const]),
  }),
  fc.constantFrom(vulnerabilities(), vulnerabilities({ graceDays: 5 })),
);
const someFacts: fc.Arbitrary<PackageFacts> = fc.record({
  ecosystem: fc.constantFrom('conda' as const, 'pypi' as const),
  channelId: fc.constantFrom(main, 'other' as ChannelId),
  name: fc.constantFrom('a', 'b'),
  version: fc.constantFrom('1.0', '2.0'),
  filename: fc.constantFrom('x', 'y'),
  kind: fc.constantFrom('conda' as const, 'wheel' as const, 'sdist' as const, 'unlisted' as const),
  platforms: fc.constantFrom(['any'], ['win_amd64']),
  license: fc.constantFrom(undefined, 'MIT', 'GPL-3.0-only', '?'),
  publishedAtMs: fc.option(fc.integer({ min: nowMs - 40 * dayMs, max: nowMs }), { nil: undefined }),
  yanked: fc.constantFrom(undefined, false, true, 'why'),
  projectStatus: fc.constantFrom(undefined, 'archived' as const, 'quarantined' as const),
});
const some = knows({
  advisories: ({ name, version }) =>
    name === 'a' ? [advisory({ isMalware: version === '2.0', publishedAtMs: nowMs - dayMs })] : [],
  labels: ({ name, version }) => (version === '1.0' ? [name] : []),
});

describe('the judge of an index', () => {
  it('says of each package what is said of it alone, in the same order', () => {
    const somePolicy = fc.record({
      rules: fc.array(someRule, { maxLength: 3 }),
      mode: fc.constantFrom('enforce' as const, 'observe' as const),
      style: fc.constantFrom('hide' as const, 'refuse' as const),
    });
    fc.assert(
      fc.property(
        fc.array(somePolicy, { maxLength: 3 }),
        fc.array(someFacts, { minLength: 1, maxLength: 12 }),
        (policies, packages) => {
          const rules = packageRules(
            policies.map(({ rules: own, ...more }) => policy(own, more)),
            some,
          );
          const cached = new CachedJudge(rules, nowMs);
          let nextMs: number | undefined;
          for (const facts of packages) {
            const { changesAtMs, ...alone } = judgePackage(rules, facts, nowMs);
            const { changesAtMs: _all, ...together } = cached.judge(facts);
            expect(together).toEqual(alone);
            if (changesAtMs !== undefined) nextMs = Math.min(nextMs ?? changesAtMs, changesAtMs);
          }
          expect(cached.changesAtMs).toBe(nextMs);
        },
      ),
      { numRuns: 400 },
    );
  });
});
