/** A policy as one plain English paragraph. Pure; the names are passed in. */
import type { Policy } from '../../shared/model/policy.ts';

type Scope = 'all' | readonly string[];

/**
 * @param names names of the policy's teams and environments
 * @returns e.g. `In prod, for all teams: tokens live at most 90 days and must name source networks.`
 */
export function describePolicy(
  policy: Pick<Policy, 'mode' | 'rules'>,
  names: { readonly teams: Scope; readonly environments: Scope },
): string {
  const where = names.environments === 'all' ? 'all environments' : listOf(names.environments);
  const who =
    names.teams === 'all'
      ? 'all teams'
      : `the team${names.teams.length > 1 ? 's' : ''} ${listOf(names.teams)}`;
  const demands = policy.rules.flatMap((rule) => [
    ...(rule.maxTtlDays === undefined
      ? []
      : [`tokens live at most ${rule.maxTtlDays} day${rule.maxTtlDays === 1 ? '' : 's'}`]),
    ...(rule.networksRequired ? ['tokens must name the networks they may be used from'] : []),
  ]);
  const body = demands.length === 0 ? 'nothing is demanded yet' : listOf(demands);
  const effect = policy.mode === 'observe' ? ' Violations are only reported, not refused.' : '';
  return `In ${where}, for ${who}: ${body}.${effect}`;
}

function listOf(items: readonly string[]): string {
  return items.length <= 1 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
