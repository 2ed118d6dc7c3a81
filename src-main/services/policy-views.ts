/** Policies as the contract shows them: with names instead of ids, and in words. */
import type { PolicyView } from '../../shared/contract/policy-views.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { layerOf } from '../../shared/model/policy-rules.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { PolicyNames } from '../policy/describe.ts';
import { describePolicy } from '../policy/describe.ts';

/** The names that a policy's words need. What is gone is shown by its id. */
export function policyNames(
  state: OrganizationState,
  { teams, environments }: Pick<Policy, 'teams' | 'environments'>,
): PolicyNames {
  return {
    teams: namesOf(teams, state.teams),
    environments: namesOf(environments, state.environments),
    channel: (id) => state.channels.get(id)?.name ?? id,
  };
}

/** A policy in words. */
export const readBack = (
  state: OrganizationState,
  policy: Pick<Policy, 'mode' | 'style' | 'rules' | 'teams' | 'environments'>,
): string => describePolicy(policy, policyNames(state, policy));

/** @param version absent: the newest */
export function policyView(state: OrganizationState, policy: Policy, version?: number): PolicyView {
  return {
    ...policy,
    readsAs: readBack(state, policy),
    layer: layerOf(policy),
    version: version ?? state.policyVersions.get(policy.id)?.at(-1)?.version ?? 1,
  };
}

export function namesOf<K extends string>(
  scope: 'all' | readonly K[],
  table: { get(id: K): { readonly name: string } | undefined },
): 'all' | readonly string[] {
  return scope === 'all' ? scope : scope.map((id) => table.get(id)?.name ?? id);
}
