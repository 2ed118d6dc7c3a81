/**
 * Rules that have no effect because another one denies all that they deny. Pure, and careful: where it is not plain that
 * one rule covers another, it does not.
 */
import { assertNever } from '../../shared/assert-never.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { layerOf, policyLayers } from '../../shared/model/policy-rules.ts';
import { canonicalText } from './diff.ts';

/**
 * The policy of a higher layer that denies all that a rule denies.
 * @param policy whose rule it is
 * @param inForce all that apply to the same team and environment
 */
export function shadowedBy(rule: PolicyRule, policy: Policy, inForce: Iterable<Policy>): Policy | undefined {
  const own = policyLayers.indexOf(layerOf(policy));
  for (const other of inForce) {
    if (other.id === policy.id || policyLayers.indexOf(layerOf(other)) >= own) continue;
    if (other.mode !== 'enforce') continue;
    if (other.rules.some((higher) => covers(higher, rule))) return other;
  }
  return undefined;
}

/** Whether `higher` denies all that `rule` denies. */
export function covers(higher: PolicyRule, rule: PolicyRule): boolean {
  switch (rule.type) {
    case 'tokens':
      return (
        higher.type === 'tokens' &&
        isWithin(rule.maxTtlDays, higher.maxTtlDays) &&
        (higher.networksRequired || !rule.networksRequired)
      );
    case 'channels':
      return higher.type === 'channels' && isSubset(higher.channelIds, rule.channelIds);
    case 'packages':
      return (
        higher.type === 'packages' &&
        higher.list === rule.list &&
        (rule.list === 'deny'
          ? isSubset(rule.specs.map(canonicalText), higher.specs.map(canonicalText))
          : isSubset(higher.specs.map(canonicalText), rule.specs.map(canonicalText)))
      );
    case 'vulnerabilities':
      return (
        higher.type === 'vulnerabilities' &&
        (higher.atLeast === undefined || (rule.atLeast !== undefined && higher.atLeast <= rule.atLeast)) &&
        (higher.atLeast === undefined || isAsStrict(higher.unknown, rule.unknown)) &&
        (!higher.exploitedOnly || rule.exploitedOnly) &&
        (higher.epssAtLeast === undefined ||
          (rule.epssAtLeast !== undefined && higher.epssAtLeast <= rule.epssAtLeast)) &&
        isSubset(higher.liftedBy, rule.liftedBy) &&
        (!higher.fixedOnly || rule.fixedOnly) &&
        higher.graceDays <= rule.graceDays &&
        isAsStrict(higher.noFacts, rule.noFacts)
      );
    case 'malware':
      return higher.type === 'malware' && isAsStrict(higher.noFacts, rule.noFacts);
    case 'licenses':
      return (
        higher.type === 'licenses' &&
        higher.list === rule.list &&
        isAsStrict(higher.unknown, rule.unknown) &&
        (rule.list === 'deny' ? isSubset(rule.ids, higher.ids) : isSubset(higher.ids, rule.ids))
      );
    case 'age':
      return (
        higher.type === 'age' && higher.minDays >= rule.minDays && isAsStrict(higher.unknown, rule.unknown)
      );
    case 'status':
      return (
        higher.type === 'status' &&
        isSubset(rule.denied, higher.denied) &&
        isWithin(rule.supersededAfterDays, higher.supersededAfterDays) &&
        isWithin(rule.silentYears, higher.silentYears)
      );
    case 'platform':
      return (
        higher.type === 'platform' &&
        isNarrower(higher.subdirs, rule.subdirs) &&
        isNarrower(higher.wheelTags, rule.wheelTags) &&
        isAsStrict(higher.sdists, rule.sdists)
      );
    case 'labels':
      return (
        higher.type === 'labels' &&
        isSubset(rule.required, higher.required) &&
        isSubset(rule.denied, higher.denied)
      );
    case 'namespace':
      return (
        higher.type === 'namespace' &&
        isSubset(rule.names, higher.names) &&
        isSubset(higher.channelIds, rule.channelIds)
      );
    case 'satisfiable':
      return higher.type === 'satisfiable';
    default:
      return assertNever(rule);
  }
}

function isSubset<T>(part: readonly T[], whole: readonly T[]): boolean {
  const all = new Set(whole);
  return part.every((entry) => all.has(entry));
}
/** A limit that is not asked for denies nothing; a smaller one denies more. */
const isWithin = (limit: number | undefined, higher: number | undefined): boolean =>
  limit === undefined || (higher !== undefined && higher <= limit);
const isAsStrict = (higher: 'allow' | 'deny', own: 'allow' | 'deny'): boolean =>
  higher === 'deny' || own === 'allow';
/** Of lists of what is allowed, of which an absent one allows all. */
const isNarrower = (higher: readonly string[] | undefined, own: readonly string[] | undefined): boolean =>
  own === undefined || (higher !== undefined && isSubset(higher, own));
