import type { Handlers } from '../../shared/contract/types.ts';
import type { PolicyView } from '../../shared/contract/policy-views.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { OrganizationState } from '../organization/state.ts';
import { describePolicy } from '../policy/describe.ts';
import { effectiveTokenRules } from '../policy/token-rules.ts';
import { requireEntry, requireFreeName } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';

/** Policies: rules that apply to teams × environments. */
export function policiesService(context: Context): Handlers['policies'] {
  const view = (state: OrganizationState, policy: Policy): PolicyView => ({
    ...policy,
    readsAs: describePolicy(policy, {
      teams: namesOf(policy.teams, state.teams),
      environments: namesOf(policy.environments, state.environments),
      channel: (id) => state.channels.get(id)?.name ?? '',
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
      const { result, state } = await context.commit((before) => {
        requireFreeName(before.policies.values(), draft.name, id, 'policy');
        if (id !== undefined) requireEntry(before.policies, id, 'policy');
        const policy = {
          ...draft,
          id: id ?? policyId.parse(newId(context)),
          teams: scopeIn(before.teams, draft.teams, 'team'),
          environments: scopeIn(before.environments, draft.environments, 'environment'),
        };
        const type = id === undefined ? 'policy.created' : 'policy.changed';
        return { events: [{ type, policy }], result: policy.id };
      });
      return view(state, requireEntry(state.policies, result, 'policy'));
    },

    remove: async ({ id }) => {
      await context.commit((state) => {
        requireEntry(state.policies, id, 'policy');
        return { events: [{ type: 'policy.removed', policyId: id }], result: undefined };
      });
      return {};
    },

    effective: async ({ teamId, environmentId }) => {
      const state = context.vault().state();
      requireEntry(state.teams, teamId, 'team');
      requireEntry(state.environments, environmentId, 'environment');
      const { sources, ...limits } = effectiveTokenRules(state.policies.values(), { teamId, environmentId });
      return { ...limits, sources: [...sources] };
    },
  };
}

type Named<K> = { get(id: K): { readonly name: string } | undefined };

/** Each id once, and only such as there are. @throws LatchkeyError NOT_FOUND */
function scopeIn<K extends string>(table: Named<K>, scope: 'all' | readonly K[], what: string) {
  if (scope === 'all') return scope;
  const ids = [...new Set(scope)];
  for (const id of ids) requireEntry(table, id, what);
  return ids;
}

function namesOf<K>(scope: 'all' | readonly K[], table: Named<K>): 'all' | readonly string[] {
  return scope === 'all' ? scope : scope.map((id) => table.get(id)?.name ?? '');
}
