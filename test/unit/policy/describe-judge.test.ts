/** A policy's read-back says what the evaluator does: no condition is left out, and each that is said decides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { PolicyRule, RuleOf } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { describePolicy, describeRule } from '../../../src-main/policy/describe.ts';
import type { AdvisoryFact, Knowledge, PackageFacts } from '../../../src-main/policy/packages/facts.ts';
import { judgePackage, packageRules } from '../../../src-main/policy/packages/judge.ts';
import { anyPolicy } from '../../support/any-policy.ts';

const { plural } = texts.grammar;
const nowMs = Date.UTC(2026, 10, 24);
const daysAgo = (days: number) => nowMs - days * 86_400_000;
const [own, other] = ['own', 'other'] as ChannelId[] as [ChannelId, ChannelId];
const names = { channel: (id: ChannelId) => `channel-${id}` };

/** Whether a text is to be found, and whether the rule says so. */
type Mention = readonly [isSet: boolean, text: string];

function mentionsOf(rule: PolicyRule): readonly Mention[] {
  switch (rule.type) {
    case 'tokens':
      return [
        [rule.maxTtlDays !== undefined, `at most ${plural(rule.maxTtlDays ?? 1, 'day')}`],
        [rule.networksRequired, 'must list the networks'],
      ];
    case 'channels':
      return [[true, 'other than'], ...rule.channelIds.map((id): Mention => [true, names.channel(id)])];
    case 'packages':
      return [
        [rule.list === 'allow', 'none of'],
        ...rule.specs.map(({ spec }): Mention => [true, spec]),
        ...(['conda', 'PyPI'] as const).map((name): Mention => [
          rule.specs.some(({ ecosystem }) => ecosystem === name.toLowerCase()),
          name === 'conda' ? 'conda' : 'PyPI',
        ]),
      ];
    case 'vulnerabilities':
      return [
        [rule.atLeast !== undefined, `rated ${rule.atLeast} or higher`],
        [rule.atLeast !== undefined && rule.unknown === 'deny', 'or not rated'],
        [rule.exploitedOnly, 'known to be exploited'],
        [rule.exploitedOnly && rule.noFacts === 'deny', 'no KEV list'],
        [
          rule.epssAtLeast !== undefined,
          `${Number(((rule.epssAtLeast ?? 0) * 100).toPrecision(12))} % or more (EPSS)`,
        ],
        [rule.epssAtLeast !== undefined && rule.noFacts === 'deny', 'no EPSS scores'],
        [rule.fixedOnly, 'is fixed in a later version'],
        [rule.graceDays > 0, `public for ${plural(rule.graceDays, 'day')} (or for an unknown time)`],
        ...(['reported', 'active', 'mitigated', 'cleared', 'disputed'] as const).map((status): Mention => [
          rule.liftedBy.includes(status),
          status,
        ]),
        [rule.noFacts === 'deny', 'while there are no advisories'],
      ];
    case 'malware':
      return [
        [true, 'malware or quarantined'],
        [rule.noFacts === 'deny', 'while there are no advisories'],
      ];
    case 'licenses':
      return [
        [rule.list === 'allow', 'cannot be used under'],
        [rule.list === 'deny', 'can only be used under'],
        ...rule.ids.map((id): Mention => [true, id]),
        [rule.unknown === 'deny', 'license is unknown'],
      ];
    case 'age':
      return [
        [true, `less than ${plural(rule.minDays, 'day')} ago`],
        [rule.unknown === 'deny', 'nobody knows when'],
      ];
    case 'status':
      return [
        ...(['yanked', 'removed', 'archived', 'deprecated'] as const).map((status): Mention => [
          rule.denied.includes(status),
          status,
        ]),
        [
          rule.supersededAfterDays !== undefined,
          `older than ${plural(rule.supersededAfterDays ?? 1, 'day')} while there is a newer version`,
        ],
        [rule.silentYears !== undefined, `no release for ${plural(rule.silentYears ?? 1, 'year')}`],
      ];
    case 'platform':
      return [
        [rule.subdirs !== undefined, 'conda packages for a platform other than'],
        ...(rule.subdirs ?? []).map((subdir): Mention => [true, subdir]),
        [rule.wheelTags !== undefined, 'wheels for a platform other than'],
        ...(rule.wheelTags ?? []).map((tag): Mention => [true, tag]),
        [rule.sdists === 'deny', 'source distributions'],
      ];
    case 'labels':
      return [
        ...[...rule.required, ...rule.denied].map((label): Mention => [true, label]),
        [rule.required.length === 1, 'not labelled'],
        [rule.required.length > 1, 'lack one of the labels'],
        [rule.denied.length > 0, 'are labelled'],
      ];
    case 'namespace':
      return [
        ...rule.names.map((name): Mention => [true, name]),
        ...rule.channelIds.map((id): Mention => [true, names.channel(id)]),
      ];
    case 'satisfiable':
      return [[true, 'with a dependency of which policies leave nothing']];
  }
}

describe('what a policy reads like', () => {
  it('mentions every condition that is set, and none that is not', () => {
    fc.assert(
      fc.property(anyPolicy, (draft) => {
        for (const rule of draft.rules) {
          const text = describeRule(rule, names);
          for (const [isSet, part] of mentionsOf(rule))
            expect(text.includes(part), `${isSet ? 'without' : 'with'} "${part}": ${text}`).toBe(isSet);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has all rules of the policy, whatever its mode and style', () => {
    fc.assert(
      fc.property(anyPolicy, (draft) => {
        const text = describePolicy(draft, { ...names, teams: 'all', environments: 'all' });
        for (const rule of draft.rules)
          for (const [isSet, part] of mentionsOf(rule))
            if (isSet) expect(text.toLowerCase()).toContain(part.toLowerCase());
        const speaks = draft.rules.some(({ type }) => type !== 'tokens');
        expect(text.includes('only recorded')).toBe(draft.mode === 'observe');
        if (speaks) expect(text.includes('refused at download')).toBe(draft.style === 'refuse');
      }),
      { numRuns: 60 },
    );
  });
});

const wheel: PackageFacts = {
  ecosystem: 'pypi',
  channelId: own,
  name: 'tool',
  version: '1.0',
  filename: 'tool-1.0-py3-none-any.whl',
  kind: 'wheel',
  platforms: ['any'],
  license: 'MIT',
  publishedAtMs: daysAgo(1000),
};
const conda: PackageFacts = {
  ...wheel,
  ecosystem: 'conda',
  kind: 'conda',
  platforms: ['linux-64'],
  filename: 'tool-1.0-0.conda',
};
const known: AdvisoryFact = {
  id: 'CVE-2026-1',
  ids: ['CVE-2026-1'],
  isMalware: false,
  isExploited: true,
  score: 9,
  epss: 0.5,
  fixedIn: '2.0',
  publishedAtMs: daysAgo(30),
};
type World = {
  readonly advisory?: Partial<AdvisoryFact>;
  readonly labels?: readonly string[];
  readonly facts?: Partial<PackageFacts>;
  readonly conda?: true;
  readonly without?: 'osv' | 'kev' | 'epss';
};

function isDenied(rule: PolicyRule, { advisory, labels, facts, without, ...world }: World): boolean {
  const knowledge: Knowledge = {
    hasAdvisories: () => without !== 'osv',
    hasList: (list) => list !== without,
    advisories: () => (advisory === undefined ? [] : [{ ...known, ...advisory }]),
    labels: () => labels ?? [],
    isAbout: () => true,
    licenseExpression: () => undefined,
  };
  const policy = {
    id: 'p',
    name: 'p',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [rule],
    createdAtMs: 0,
  } as unknown as Policy;
  const judged = { ...(world.conda ? conda : wheel), ...facts };
  return judgePackage(packageRules([policy], knowledge), judged, nowMs).effect === 'deny';
}

const vulnerable = (more: Partial<RuleOf<'vulnerabilities'>>): PolicyRule => ({
  type: 'vulnerabilities',
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
  ...more,
});
/** Each condition that the text says, with what it denies and what it lets pass. */
const table: readonly (readonly [
  says: string,
  rule: PolicyRule,
  denies: readonly World[],
  allows: readonly World[],
])[] = [
  [
    'come from a channel other than channel-own',
    { type: 'channels', channelIds: [own] },
    [{ facts: { channelId: other } }],
    [{}],
  ],
  [
    'are PyPI packages that match tool<2',
    { type: 'packages', list: 'deny', specs: [{ ecosystem: 'pypi', spec: 'tool<2' }] },
    [{}],
    [{ facts: { version: '2.0' } }, { conda: true }],
  ],
  [
    'are conda packages that match none of numpy',
    { type: 'packages', list: 'allow', specs: [{ ecosystem: 'conda', spec: 'numpy' }] },
    [{ conda: true }],
    [{ conda: true, facts: { name: 'numpy' } }, {}],
  ],
  [
    'have any known vulnerability',
    vulnerable({}),
    [{ advisory: {} }, { advisory: { score: undefined } }],
    [{}, { without: 'osv' }],
  ],
  [
    'is rated 7 or higher',
    vulnerable({ atLeast: 7 }),
    [{ advisory: { score: 7 } }],
    [{ advisory: { score: 6.9 } }, { advisory: { score: undefined } }],
  ],
  [
    'is rated 7 or higher or not rated',
    vulnerable({ atLeast: 7, unknown: 'deny' }),
    [{ advisory: { score: undefined } }],
    [{ advisory: { score: 1 } }],
  ],
  [
    'is known to be exploited',
    vulnerable({ exploitedOnly: true }),
    [{ advisory: {} }],
    [{ advisory: { isExploited: false } }],
  ],
  [
    'or, while there is no KEV list, may be',
    vulnerable({ exploitedOnly: true, noFacts: 'deny' }),
    [{ advisory: { isExploited: false }, without: 'kev' }],
    [{ advisory: { isExploited: false } }],
  ],
  [
    'is exploited with a probability of 10 % or more (EPSS)',
    vulnerable({ epssAtLeast: 0.1 }),
    [{ advisory: { epss: 0.1 } }],
    [{ advisory: { epss: 0.09 } }, { advisory: { epss: undefined } }],
  ],
  [
    'is fixed in a later version',
    vulnerable({ fixedOnly: true }),
    [{ advisory: {} }],
    [{ advisory: { fixedIn: undefined } }],
  ],
  [
    'has been public for 7 days (or for an unknown time)',
    vulnerable({ graceDays: 7 }),
    [{ advisory: { publishedAtMs: daysAgo(7) } }, { advisory: { publishedAtMs: undefined } }],
    [{ advisory: { publishedAtMs: daysAgo(6) } }],
  ],
  [
    'unless it was assessed as mitigated or cleared',
    vulnerable({ liftedBy: ['mitigated', 'cleared'] }),
    [{ advisory: { status: 'active' } }, { advisory: {} }],
    [{ advisory: { status: 'cleared' } }, { advisory: { status: 'mitigated' } }],
  ],
  ['(also while there are no advisories)', vulnerable({ noFacts: 'deny' }), [{ without: 'osv' }], [{}]],
  [
    'are malware or quarantined by their index',
    { type: 'malware', noFacts: 'allow' },
    [{ advisory: { isMalware: true } }, { facts: { projectStatus: 'quarantined' } }],
    [{ advisory: {} }, { without: 'osv' }],
  ],
  ['(also while there are no advisories)', { type: 'malware', noFacts: 'deny' }, [{ without: 'osv' }], [{}]],
  [
    'cannot be used under MIT',
    { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'allow' },
    [{ facts: { license: 'Apache-2.0' } }, { facts: { license: 'MIT AND GPL-3.0-only' } }],
    [{}, { facts: { license: 'GPL-3.0-only OR MIT' } }, { facts: { license: undefined } }],
  ],
  [
    'can only be used under GPL-3.0-only (also if their license is unknown)',
    { type: 'licenses', list: 'deny', ids: ['GPL-3.0-only'], unknown: 'deny' },
    [{ facts: { license: 'GPL-3.0-only' } }, { facts: { license: undefined } }],
    [{}, { facts: { license: 'GPL-3.0-only OR MIT' } }],
  ],
  [
    'were published less than 7 days ago',
    { type: 'age', minDays: 7, unknown: 'allow' },
    [{ facts: { publishedAtMs: daysAgo(6) } }],
    [{ facts: { publishedAtMs: daysAgo(7) } }, { facts: { publishedAtMs: undefined } }],
  ],
  [
    '(also if nobody knows when)',
    { type: 'age', minDays: 7, unknown: 'deny' },
    [{ facts: { publishedAtMs: undefined } }],
    [{}],
  ],
  [
    'are yanked, removed or archived',
    { type: 'status', denied: ['yanked', 'removed', 'archived'] },
    [{ facts: { yanked: 'bad' } }, { facts: { isRemoved: true } }, { facts: { projectStatus: 'archived' } }],
    [{}, { facts: { projectStatus: 'deprecated' } }],
  ],
  [
    'are older than 30 days while there is a newer version',
    { type: 'status', denied: [], supersededAfterDays: 30 },
    [{ facts: { newest: { version: '2.0', atMs: daysAgo(1) } } }],
    [
      { facts: { newest: { version: '1.0', atMs: daysAgo(1000) } } },
      { facts: { publishedAtMs: daysAgo(29), newest: { version: '2.0', atMs: daysAgo(1) } } },
    ],
  ],
  [
    'have had no release for 2 years',
    { type: 'status', denied: [], silentYears: 2 },
    [{ facts: { newest: { version: '1.0', atMs: daysAgo(731) } } }],
    [{ facts: { newest: { version: '1.0', atMs: daysAgo(700) } } }],
  ],
  [
    'are conda packages for a platform other than noarch',
    { type: 'platform', subdirs: ['noarch'], sdists: 'allow' },
    [{ conda: true }],
    [{}, { conda: true, facts: { platforms: ['noarch'] } }],
  ],
  [
    'are wheels for a platform other than manylinux*_x86_64',
    { type: 'platform', wheelTags: ['manylinux*_x86_64'], sdists: 'allow' },
    [{}],
    [
      { conda: true },
      { facts: { platforms: ['manylinux_2_28_x86_64'] } },
      { facts: { kind: 'sdist', platforms: [] } },
    ],
  ],
  [
    'are source distributions',
    { type: 'platform', sdists: 'deny' },
    [{ facts: { kind: 'sdist', platforms: [] } }],
    [{}],
  ],
  [
    'are labelled banned or worse',
    { type: 'labels', required: [], denied: ['banned', 'worse'] },
    [{ labels: ['worse'] }],
    [{}, { labels: ['core'] }],
  ],
  [
    'are not labelled approved',
    { type: 'labels', required: ['approved'], denied: [] },
    [{}],
    [{ labels: ['approved'] }],
  ],
  [
    'lack one of the labels approved and core',
    { type: 'labels', required: ['approved', 'core'], denied: [] },
    [{ labels: ['core'] }],
    [{ labels: ['approved', 'core'] }],
  ],
  [
    'are named to* and come from a channel other than channel-own',
    { type: 'namespace', names: ['to*'], channelIds: [own] },
    [{ facts: { channelId: other } }],
    [{}, { facts: { channelId: other, name: 'else' } }],
  ],
];

describe('each condition as it reads', () => {
  it.each(table)('%s', (says, rule, denies, allows) => {
    expect(describeRule(rule, names)).toContain(says);
    for (const world of denies) expect(isDenied(rule, world), JSON.stringify(world)).toBe(true);
    for (const world of allows) expect(isDenied(rule, world), JSON.stringify(world)).toBe(false);
  });
});
