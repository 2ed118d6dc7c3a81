/** A policy as one plain sentence. Pure; the names are passed in. */
import type { Policy } from '../../shared/model/domain.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.policies.inWords;

type Scope = 'all' | readonly string[];

/**
 * @param names names of the policy's teams and environments
 * @returns e.g. `In prod, for all teams: tokens last at most 90 days and must list their networks.`
 */
export function describePolicy(
  policy: Pick<Policy, 'mode' | 'rules'>,
  names: { readonly teams: Scope; readonly environments: Scope },
): string {
  const demands = policy.rules.flatMap((rule) => [
    ...(rule.maxTtlDays === undefined ? [] : [words.lifetime(rule.maxTtlDays)]),
    ...(rule.networksRequired ? [words.networks] : []),
  ]);
  return words.whole(words.environments(names.environments), words.teams(names.teams), demands, policy.mode);
}
