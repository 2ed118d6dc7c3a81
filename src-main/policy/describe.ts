/** A policy as one plain English paragraph. Pure; the names are passed in. */
import { assertNever } from '../../shared/assert-never.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule, RuleOf } from '../../shared/model/policy-rules.ts';
import type { ChannelId } from '../../shared/model/ids.ts';

type Scope = 'all' | readonly string[];
export type PolicyNames = {
  readonly teams: Scope;
  readonly environments: Scope;
  readonly channel: (id: ChannelId) => string;
};

/** At most so many entries of a list are named. */
const namedEntries = 5;

/**
 * @param names of the policy's teams, environments and channels
 * @returns e.g. `In prod, for all teams: tokens live at most 90 days; packages are hidden if they are malware.`
 */
export function describePolicy(
  policy: Pick<Policy, 'mode' | 'style' | 'rules'>,
  names: PolicyNames,
): string {
  const where = names.environments === 'all' ? 'all environments' : listOf(names.environments);
  const who =
    names.teams === 'all'
      ? 'all teams'
      : `the team${names.teams.length > 1 ? 's' : ''} ${listOf(names.teams)}`;
  const tokens = policy.rules.flatMap((rule) => (rule.type === 'tokens' ? tokenDemands(rule) : []));
  const packages = policy.rules.flatMap((rule) => (rule.type === 'tokens' ? [] : [deniedBy(rule, names)]));
  const act = policy.style === 'hide' ? 'hidden' : 'refused at download';
  const parts = [
    ...(tokens.length === 0 ? [] : [listOf(tokens)]),
    ...(packages.length === 0 ? [] : [`packages are ${act} if they ${packages.join(', or if they ')}`]),
  ];
  const body = parts.length === 0 ? 'nothing is demanded yet' : parts.join('; ');
  const effect = policy.mode === 'observe' ? ' Violations are only reported, not refused.' : '';
  return `In ${where}, for ${who}: ${body}.${effect}`;
}

/** One rule as a part of a sentence. */
export function describeRule(rule: PolicyRule, names: Pick<PolicyNames, 'channel'>): string {
  return rule.type === 'tokens'
    ? listOf(tokenDemands(rule)) || 'nothing is demanded of tokens'
    : `packages are denied if they ${deniedBy(rule, names)}`;
}

function tokenDemands({ maxTtlDays, networksRequired }: RuleOf<'tokens'>): readonly string[] {
  return [
    ...(maxTtlDays === undefined ? [] : [`tokens live at most ${daysOf(maxTtlDays)}`]),
    ...(networksRequired ? ['tokens must name the networks they may be used from'] : []),
  ];
}

/** Goes on after `if they`. */
function deniedBy(rule: Exclude<PolicyRule, RuleOf<'tokens'>>, { channel }: Pick<PolicyNames, 'channel'>): string {
  switch (rule.type) {
    case 'channels':
      return `come from any channel but ${short(rule.channelIds.map(channel))}`;
    case 'packages': {
      const specs = short(rule.specs.map(({ spec }) => spec));
      return rule.list === 'deny' ? `match ${specs}` : `are not among ${specs}`;
    }
    case 'vulnerabilities':
      return vulnerable(rule);
    case 'malware':
      return `are malware${unless(rule.noFacts, 'no advisories are there')}`;
    case 'licenses': {
      const ids = short(rule.ids);
      const known =
        rule.list === 'deny' ? `cannot be used without ${ids}` : `cannot be used under ${ids} alone`;
      return `${known}${unless(rule.unknown, 'their license is unknown')}`;
    }
    case 'age':
      return `were published less than ${daysOf(rule.minDays)} ago${unless(rule.unknown, 'that is unknown')}`;
    case 'status':
      return statuses(rule);
    case 'platform': {
      const parts = [
        ...(rule.subdirs === undefined ? [] : [`are conda packages for anything but ${short(rule.subdirs)}`]),
        ...(rule.wheelTags === undefined ? [] : [`are wheels for anything but ${short(rule.wheelTags)}`]),
        ...(rule.sdists === 'allow' ? [] : ['are source distributions']),
      ];
      return parts.length === 0 ? 'are for a platform that is not allowed (none is named)' : eitherOf(parts);
    }
    case 'labels': {
      const parts = [
        ...rule.required.map((label) => `are not labelled ${label}`),
        ...(rule.denied.length === 0 ? [] : [`are labelled ${eitherOf(rule.denied)}`]),
      ];
      return parts.length === 0 ? 'have a denied label (none is named)' : eitherOf(parts);
    }
    case 'namespace':
      return `are named ${eitherOf(rule.names.slice(0, namedEntries))} and come from any channel but ${short(rule.channelIds.map(channel))}`;
    default:
      return assertNever(rule);
  }
}

function vulnerable(rule: RuleOf<'vulnerabilities'>): string {
  const score =
    rule.atLeast === undefined
      ? ''
      : ` with a score of ${rule.atLeast} or more${rule.unknown === 'deny' ? ' or without one' : ''}`;
  const conditions = [
    ...(rule.exploitedOnly ? ['is known to be exploited'] : []),
    ...(rule.epssAtLeast === undefined
      ? []
      : [`is likely to be exploited (EPSS ${Math.round(rule.epssAtLeast * 100)} % or more)`]),
    ...(rule.fixedOnly ? ['is fixed in a newer version'] : []),
    ...(rule.graceDays === 0 ? [] : [`has been public for ${daysOf(rule.graceDays)}`]),
    ...(rule.liftedBy.length === 0 ? [] : [`was not marked ${eitherOf(rule.liftedBy)}`]),
  ];
  const that = conditions.length === 0 ? '' : ` that ${listOf(conditions)}`;
  return `have a vulnerability${score}${that}${unless(rule.noFacts, 'no advisories are there')}`;
}

function statuses({ denied, supersededAfterDays, silentYears }: RuleOf<'status'>): string {
  const parts = [
    ...(denied.length === 0 ? [] : [`are ${eitherOf(denied)}`]),
    ...(supersededAfterDays === undefined ? [] : [`were replaced more than ${daysOf(supersededAfterDays)} ago`]),
    ...(silentYears === undefined
      ? []
      : [`had no release for ${silentYears} ${silentYears === 1 ? 'year' : 'years'}`]),
  ];
  return parts.length === 0 ? 'have a denied status (none is named)' : eitherOf(parts);
}

const unless = (decides: 'allow' | 'deny', what: string): string => (decides === 'deny' ? `, or ${what}` : '');
const daysOf = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

function short(items: readonly string[]): string {
  return items.length <= namedEntries
    ? eitherOf(items)
    : `${items.slice(0, namedEntries).join(', ')} or ${items.length - namedEntries} more`;
}
const eitherOf = (items: readonly string[]): string => joined(items, 'or');
const listOf = (items: readonly string[]): string => joined(items, 'and');
function joined(items: readonly string[], word: string): string {
  return items.length <= 1 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}
