import type { PolicyView } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import type { Policy } from '../../shared/model/domain.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { describePolicy } from '../policy/describe.ts';
import { mustBeFree, mustFind } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';

/** Policies: rules that apply to teams × environments. */
export function policiesService(context: Context): Handlers['policies'] {
  const view = (state: VaultState, policy: Policy): PolicyView => ({
    ...policy,
    readsAs: describePolicy(policy, {
      teams: policy.teamIds.map((id) => state.teams.get(id)?.name ?? 'a removed team'),
      environments: policy.environmentIds.map(
        (id) => state.environments.get(id)?.name ?? 'a removed environment',
      ),
    }),
  });

  return {
    list: async () => {
      const state = context.vault().state();
      return [...state.policies.values()]
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map((policy) => view(state, policy));
    },

    save: async ({ id, ...draft }) => {
      const policy = await context.vault().transact((state) => {
        mustBeFree(state.policies.values(), draft.name, id, 'policy');
        for (const team of draft.teamIds) mustFind(state.teams, team, 'team');
        for (const entry of draft.environmentIds) mustFind(state.environments, entry, 'environment');
        const before = id === undefined ? undefined : mustFind(state.policies, id, 'policy');
        const after: Policy = {
          ...draft,
          id: before?.id ?? policyId.parse(newId(context)),
          createdAtMs: before?.createdAtMs ?? context.now(),
        };
        return { events: [{ type: 'policy.changed', atMs: context.now(), policy: after }], result: after };
      });
      return view(context.vault().state(), policy);
    },

    remove: async ({ id }) => {
      await context.vault().transact((state) => {
        mustFind(state.policies, id, 'policy');
        return { events: [{ type: 'policy.removed', atMs: context.now(), policyId: id }], result: undefined };
      });
      return {};
    },
  };
}
