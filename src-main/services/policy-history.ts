/** What policies were, and the way back. */
import type { PolicyVersionView } from '../../shared/contract/policy-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Policy, PolicyVersion } from '../../shared/model/policy.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { OrganizationState } from '../organization/state.ts';
import { describeRule } from '../policy/describe.ts';
import type { PolicyChange } from '../policy/diff.ts';
import { diffPolicies } from '../policy/diff.ts';
import { requireEntry, requireFreeName } from './checks.ts';
import type { Context } from './context.ts';
import { namesOf, policyNames, policyView } from './policy-views.ts';

const own = texts.policies.changes;

export function policyHistory(context: Context): Pick<Handlers['policies'], 'history' | 'rollback'> {
  return {
    history: async ({ id }) => {
      const state = context.vault().state();
      const versions = requireEntry(state.policyVersions, id, 'policy');
      return versions.map((entry, index) => versionView(state, entry, versions[index - 1])).toReversed();
    },

    rollback: async ({ id, version }) => {
      const { state } = await context.commit((before) => {
        const wanted = requireEntry(before.policyVersions, id, 'policy').find(
          (entry) => entry.version === version,
        );
        if (wanted?.policy === undefined)
          throw new LatchkeyError('NOT_FOUND', ['notFound', 'version'], { details: { what: 'version', id } });
        const { createdAtMs: _createdAtMs, ...policy } = wanted.policy;
        requireFreeName(before.policies.values(), policy.name, id, 'policy');
        requireNamed(before, policy);
        const type = before.policies.has(id) ? 'policy.changed' : 'policy.created';
        return { events: [{ type, policy }], result: undefined };
      });
      return policyView(state, requireEntry(state.policies, id, 'policy'));
    },
  };
}

/** A version may name what is gone. @throws LatchkeyError NOT_FOUND */
function requireNamed(
  state: OrganizationState,
  policy: Pick<Policy, 'teams' | 'environments' | 'rules'>,
): void {
  if (policy.teams !== 'all') for (const id of policy.teams) requireEntry(state.teams, id, 'team');
  if (policy.environments !== 'all')
    for (const id of policy.environments) requireEntry(state.environments, id, 'environment');
  for (const rule of policy.rules) {
    if (!('channelIds' in rule)) continue;
    for (const id of rule.channelIds) requireEntry(state.channels, id, 'channel');
  }
}

function versionView(
  state: OrganizationState,
  { version, atMs, by, policy }: PolicyVersion,
  before: PolicyVersion | undefined,
): PolicyVersionView {
  return {
    version,
    atMs,
    by: state.operators.get(by)?.name ?? by,
    ...(policy === undefined ? {} : { policy: policyView(state, policy, version) }),
    changes: [...changesBetween(state, before?.policy, policy)],
  };
}

/** What differs, in words. */
export function changesBetween(
  state: OrganizationState,
  before: Omit<Policy, 'id' | 'createdAtMs'> | undefined,
  after: Omit<Policy, 'id' | 'createdAtMs'> | undefined,
): readonly PolicyChange[] {
  const names = policyNames(state, { teams: 'all', environments: 'all' });
  return diffPolicies(before, after, {
    rule: (rule) => describeRule(rule, names),
    teams: (scope) => own.scope(namesOf(scope, state.teams)),
    environments: (scope) => own.scope(namesOf(scope, state.environments)),
    field: (field, from, to) => own.field(field, from, to),
  });
}
