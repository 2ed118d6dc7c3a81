/** A rule as it is kept: each entry of a list once, licenses in the spelling of SPDX. Pure. */
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { licenseEntry } from './license-entries.ts';

/** @returns the rule, saying the same */
export function settledRule(rule: PolicyRule): PolicyRule {
  switch (rule.type) {
    case 'channels':
      return { ...rule, channelIds: once(rule.channelIds) };
    case 'packages':
      return { ...rule, specs: onceBy(rule.specs, ({ ecosystem, spec }) => `${ecosystem} ${spec}`) };
    case 'vulnerabilities':
      return { ...rule, liftedBy: once(rule.liftedBy) };
    case 'licenses':
      return { ...rule, ids: once(rule.ids.map((id) => licenseEntry(id) ?? id)) };
    case 'status':
      return { ...rule, denied: once(rule.denied) };
    case 'platform':
      return {
        ...rule,
        ...(rule.subdirs === undefined ? {} : { subdirs: once(rule.subdirs) }),
        ...(rule.wheelTags === undefined ? {} : { wheelTags: once(rule.wheelTags) }),
      };
    case 'labels':
      return { ...rule, required: once(rule.required), denied: once(rule.denied) };
    case 'namespace':
      return { ...rule, names: once(rule.names), channelIds: once(rule.channelIds) };
    case 'tokens':
    case 'malware':
    case 'age':
    case 'satisfiable':
      return rule;
  }
}

const once = <T>(entries: readonly T[]): readonly T[] => [...new Set(entries)];
const onceBy = <T>(entries: readonly T[], keyOf: (entry: T) => string): readonly T[] => [
  ...new Map(entries.map((entry) => [keyOf(entry), entry])).values(),
];
