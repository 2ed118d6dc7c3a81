/**
 * A policy read back in plain English. What a rule says about packages goes on after `if they`; what may look like a gap
 * (nothing is known) stands in parentheses behind it, because it is what people wonder about when something is denied.
 */
import { assertNever } from '../../assert-never.ts';
import type { PolicyStyle } from '../../model/policy.ts';
import type { PolicyRule, RuleOf } from '../../model/policy-rules.ts';
import type { PackageSpec } from '../../model/packages.ts';
import { either, listed, plural } from './grammar.ts';

type Scope = 'all' | readonly string[];
type Mode = 'enforce' | 'observe';
/** A rule about packages, and the names of the channels that it names. */
type Named = { readonly rule: Exclude<PolicyRule, RuleOf<'tokens'>>; readonly channels: readonly string[] };

/** Of a longer list so many are named. */
const namedEntries = 5;

export const policyWords = {
  /** `In prod, for all teams: tokens last at most 90 days. Packages are hidden if they are malware.` */
  paragraph: (scope: string, parts: readonly string[], mode: Mode): string => {
    const [first = 'no limits yet', ...rest] = parts;
    const sentences = [`${scope}: ${first}.`, ...rest.map((part) => `${capital(part)}.`)];
    return [...sentences, ...(mode === 'observe' ? [observed] : [])].join(' ');
  },
  scope: (environments: Scope, teams: Scope): string => {
    const where = environments === 'all' ? 'all environments' : listed(environments);
    const who = teams === 'all' ? 'all teams' : `the team${teams.length > 1 ? 's' : ''} ${listed(teams)}`;
    return `In ${where}, for ${who}`;
  },
  tokens: (demands: readonly string[]): string => listed(demands),
  /** What a rule asks of tokens, one part each. */
  demands: ({ maxTtlDays, networksRequired }: RuleOf<'tokens'>): readonly string[] => [
    ...(maxTtlDays === undefined ? [] : [`tokens last at most ${plural(maxTtlDays, 'day')}`]),
    ...(networksRequired
      ? [`${maxTtlDays === undefined ? 'tokens ' : ''}must list the networks they may be used from`]
      : []),
  ],
  nothingOfTokens: 'no limits on tokens yet',
  packages: (denied: readonly string[], { mode, style }: { mode: Mode; style: PolicyStyle }): string => {
    const act = style === 'hide' ? 'hidden' : 'refused at download';
    return `packages ${mode === 'observe' ? 'would be' : 'are'} ${act} if they ${chained(denied)}`;
  },
  /** A rule on its own. */
  denied: (condition: string): string => `packages are denied if they ${condition}`,
  condition,
};

const observed = 'Violations are only recorded, not refused.';

/** The last one is told from the others, which may have commas of their own. */
const chained = (parts: readonly string[]): string =>
  parts
    .map((part, index) => (index === 0 ? part : `${index === parts.length - 1 ? 'or ' : ''}if they ${part}`))
    .join('; ');

function condition({ rule, channels }: Named): string {
  switch (rule.type) {
    case 'channels':
      return `come from a channel other than ${some(channels)}`;
    case 'packages':
      return packages(rule);
    case 'vulnerabilities':
      return vulnerable(rule);
    case 'malware':
      return `are malware or quarantined by their index${also(rule.noFacts, noAdvisories)}`;
    case 'licenses': {
      const ids = some(rule.ids);
      const held = rule.list === 'deny' ? `can only be used under ${ids}` : `cannot be used under ${ids}`;
      return `${held}${also(rule.unknown, 'if their license is unknown')}`;
    }
    case 'age': {
      const unknown = also(rule.unknown, 'if nobody knows when');
      return `were published less than ${plural(rule.minDays, 'day')} ago${unknown}`;
    }
    case 'status':
      return status(rule);
    case 'platform':
      return platform(rule);
    case 'labels': {
      const parts = [
        ...(rule.denied.length === 0 ? [] : [`are labelled ${either(rule.denied)}`]),
        ...(rule.required.length === 0 ? [] : [lacking(rule.required)]),
      ];
      return parts.length === 0 ? 'carry a denied label (none is named yet)' : either(parts);
    }
    case 'namespace':
      return `are named ${some(rule.names)} and come from a channel other than ${some(channels)}`;
    case 'satisfiable':
      return 'are conda packages with a dependency of which policies leave nothing in their channel';
    default:
      return assertNever(rule);
  }
}

const ecosystemNames = { conda: 'conda', pypi: 'PyPI' } as const;

/** A closed list speaks about the ecosystems that it names. */
function packages({ list, specs }: RuleOf<'packages'>): string {
  const ecosystems = [...new Set(specs.map(({ ecosystem }) => ecosystemNames[ecosystem]))];
  const [only] = ecosystems;
  const textOf = ({ ecosystem, spec }: PackageSpec): string =>
    ecosystems.length === 1 ? spec : `${spec} (${ecosystemNames[ecosystem]})`;
  const names = specs.map(textOf);
  const of = ecosystems.length === 1 ? `are ${only ?? ''} packages that` : '';
  return list === 'deny'
    ? `${of} match ${some(names)}`.trim()
    : `${of === '' ? '' : `${of} `}match none of ${all(names)}`;
}

const noAdvisories = 'while there are no advisories';

function vulnerable(rule: RuleOf<'vulnerabilities'>): string {
  const conditions = [
    ...(rule.atLeast === undefined
      ? []
      : [`is rated ${rule.atLeast} or higher${rule.unknown === 'deny' ? ' or not rated' : ''}`]),
    ...(rule.exploitedOnly
      ? [
          `is known to be exploited${rule.noFacts === 'deny' ? ' or, while there is no KEV list, may be' : ''}`,
        ]
      : []),
    ...(rule.epssAtLeast === undefined
      ? []
      : [
          `is exploited with a probability of ${percent(rule.epssAtLeast)} or more (EPSS)${rule.noFacts === 'deny' ? ' or, while there are no EPSS scores, may be' : ''}`,
        ]),
    ...(rule.fixedOnly ? ['is fixed in a later version'] : []),
    ...(rule.graceDays === 0
      ? []
      : [`has been public for ${plural(rule.graceDays, 'day')} (or for an unknown time)`]),
  ];
  const found =
    conditions.length === 0
      ? 'have any known vulnerability'
      : `have a vulnerability that ${listed(conditions)}`;
  const lifted = rule.liftedBy.length === 0 ? '' : `, unless it was assessed as ${either(rule.liftedBy)}`;
  return `${found}${lifted}${also(rule.noFacts, noAdvisories)}`;
}

/** All of them are asked for: one that is missing is enough. */
const lacking = (labels: readonly string[]): string =>
  labels.length === 1 ? `are not labelled ${listed(labels)}` : `lack one of the labels ${listed(labels)}`;

/** All digits that were given: `0.05 %` is not nothing, and `99.99 %` not all. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(12))} %`;

function status({ denied, supersededAfterDays, silentYears }: RuleOf<'status'>): string {
  const parts = [
    ...(denied.length === 0 ? [] : [`are ${either(denied)}`]),
    ...(supersededAfterDays === undefined
      ? []
      : [`are older than ${plural(supersededAfterDays, 'day')} while there is a newer version`]),
    ...(silentYears === undefined ? [] : [`have had no release for ${plural(silentYears, 'year')}`]),
  ];
  return parts.length === 0 ? 'have a denied status (none is named yet)' : either(parts);
}

function platform({ subdirs, wheelTags, sdists }: RuleOf<'platform'>): string {
  const parts = [
    ...(subdirs === undefined ? [] : [`are conda packages for a platform other than ${some(subdirs)}`]),
    ...(wheelTags === undefined ? [] : [`are wheels for a platform other than ${some(wheelTags)}`]),
    ...(sdists === 'allow' ? [] : ['are source distributions']),
  ];
  return parts.length === 0 ? 'are for a denied platform (none is named yet)' : either(parts);
}

const also = (decides: 'allow' | 'deny', when: string): string =>
  decides === 'deny' ? ` (also ${when})` : '';
const cut = (items: readonly string[]): readonly string[] =>
  items.length <= namedEntries
    ? items
    : [...items.slice(0, namedEntries - 1), `${items.length - namedEntries + 1} more`];
const some = (items: readonly string[]): string => either(cut(items));
const all = (items: readonly string[]): string => listed(cut(items));
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
