/** A policy as one plain English paragraph. Pure; the names are passed in, the words are the catalogue's. */
import type { ChannelId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.policyWords;

type Scope = 'all' | readonly string[];
export type PolicyNames = {
  readonly teams: Scope;
  readonly environments: Scope;
  readonly channel: (id: ChannelId) => string;
};

/**
 * @param names of the policy's teams, environments and channels
 * @returns e.g. `In prod, for all teams: tokens last at most 90 days. Packages are hidden if they are malware.`
 */
export function describePolicy(policy: Pick<Policy, 'mode' | 'style' | 'rules'>, names: PolicyNames): string {
  const demands = policy.rules.flatMap((rule) => (rule.type === 'tokens' ? words.demands(rule) : []));
  const denied = policy.rules.flatMap((rule) =>
    rule.type === 'tokens' ? [] : [words.condition({ rule, channels: channelNames(rule, names) })],
  );
  const parts = [
    ...(demands.length === 0 ? [] : [words.tokens(demands)]),
    ...(denied.length === 0 ? [] : [words.packages(denied, policy)]),
  ];
  return words.paragraph(words.scope(names.environments, names.teams), parts, policy.mode);
}

/** One rule as a part of a sentence. */
export function describeRule(rule: PolicyRule, names: Pick<PolicyNames, 'channel'>): string {
  if (rule.type !== 'tokens')
    return words.denied(words.condition({ rule, channels: channelNames(rule, names) }));
  const demands = words.demands(rule);
  return demands.length === 0 ? words.nothingOfTokens : words.tokens(demands);
}

const channelNames = (rule: PolicyRule, { channel }: Pick<PolicyNames, 'channel'>): readonly string[] =>
  'channelIds' in rule ? rule.channelIds.map(channel) : [];
