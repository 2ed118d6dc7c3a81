import type { Handlers } from '../../shared/contract/types.ts';
import type { PolicyDraft } from '../../shared/contract/policy-views.ts';
import type { PolicyId } from '../../shared/model/ids.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { layerOf, policyLayers } from '../../shared/model/policy-rules.ts';
import type { OrganizationState } from '../organization/state.ts';
import { describeRule } from '../policy/describe.ts';
import { problemsOf } from '../policy/lint.ts';
import { shadowedBy } from '../policy/shadows.ts';
import { policyTemplates } from '../policy/templates.ts';
import { settledRule } from '../policy/settled.ts';
import { applies, effectiveTokenRules } from '../policy/token-rules.ts';
import { requireEntry, requireFreeName } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { feedKindsOf, invalidPolicy } from './policies-in-force.ts';
import { policyHistory } from './policy-history.ts';
import { policyText } from './policy-text.ts';
import { policyNames, policyView, readBack } from './policy-views.ts';

/** Policies: rules that apply to teams × environments. */
export function policiesService(context: Context): Handlers['policies'] {
  return {
    list: async () => {
      const state = context.vault().state();
      return [...state.policies.values()]
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map((policy) => policyView(state, policy));
    },

    save: async ({ id, ...draft }) => {
      const { result, state } = await context.commit((before) => {
        requireFreeName(before.policies.values(), draft.name, id, 'policy');
        if (id !== undefined) requireEntry(before.policies, id, 'policy');
        requireSound(before, draft, id);
        const policy = { ...inState(before, draft), id: id ?? policyId.parse(newId(context)) };
        const type = id === undefined ? 'policy.created' : 'policy.changed';
        return { events: [{ type, policy }], result: policy.id };
      });
      return policyView(state, requireEntry(state.policies, result, 'policy'));
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
      requireWhere(state, { teamId, environmentId });
      const { sources, ...limits } = effectiveTokenRules(state.policies.values(), { teamId, environmentId });
      return { ...limits, sources: [...sources] };
    },

    preview: async ({ id, ...draft }) => {
      const state = context.vault().state();
      const others = [...state.policies.values()].filter((policy) => policy.id !== id);
      return {
        readsAs: readBack(state, draft),
        layer: layerOf(draft),
        problems: [...problemsOf(draft, others, feedKindsOf(state))],
      };
    },

    templates: async () => {
      const state = context.vault().state();
      return policyTemplates.flatMap(({ key, drafts }) =>
        drafts.map((draft) => ({ key, draft, readsAs: readBack(state, draft) })),
      );
    },

    stack: async (where) => {
      const state = context.vault().state();
      requireWhere(state, where);
      const inForce = [...state.policies.values()]
        .filter((policy) => applies(policy, where))
        .toSorted(byLayer);
      return inForce.map((policy) => ({
        layer: layerOf(policy),
        policyId: policy.id,
        policyName: policy.name,
        mode: policy.mode,
        style: policy.style,
        rules: policy.rules.map((rule) => {
          const shadow = shadowedBy(rule, policy, inForce);
          return {
            rule,
            readsAs: describeRule(rule, policyNames(state, policy)),
            ...(shadow === undefined ? {} : { shadowedBy: shadow.name }),
          };
        }),
      }));
    },

    ...policyHistory(context),
    ...policyText(context),
  };
}

const byLayer = (a: Policy, b: Policy): number =>
  policyLayers.indexOf(layerOf(a)) - policyLayers.indexOf(layerOf(b)) || (a.name < b.name ? -1 : 1);

/** @throws LatchkeyError NOT_FOUND */
function requireWhere(
  state: OrganizationState,
  { teamId, environmentId }: Parameters<Handlers['policies']['stack']>[0],
): void {
  requireEntry(state.teams, teamId, 'team');
  requireEntry(state.environments, environmentId, 'environment');
}

/** @throws LatchkeyError POLICY_INVALID by the first rule that is wrong */
function requireSound(state: OrganizationState, draft: PolicyDraft, id: PolicyId | undefined): void {
  const others = [...state.policies.values()].filter((policy) => policy.id !== id);
  const [problem] = problemsOf(draft, others, feedKindsOf(state));
  if (problem?.level === 'error') throw invalidPolicy(draft.name, problem);
}

/** A draft with each id once, and only such as there are. @throws LatchkeyError NOT_FOUND */
export function inState(state: OrganizationState, draft: PolicyDraft): PolicyDraft {
  for (const rule of draft.rules) {
    if ('channelIds' in rule) for (const id of rule.channelIds) requireEntry(state.channels, id, 'channel');
  }
  return {
    ...draft,
    rules: draft.rules.map(settledRule),
    teams: scopeIn(state.teams, draft.teams, 'team'),
    environments: scopeIn(state.environments, draft.environments, 'environment'),
  };
}

type Named<K> = { get(id: K): { readonly name: string } | undefined };

function scopeIn<K extends string>(table: Named<K>, scope: 'all' | readonly K[], what: string) {
  if (scope === 'all') return scope;
  const ids = [...new Set(scope)];
  for (const id of ids) requireEntry(table, id, what);
  return ids;
}
