/** Policies: rules for teams × environments. Invariant: what a policy names is there, so that none goes silent. */
import { z } from 'zod';
import { requireEntry, requireFreeName, requireNewId } from './checks.ts';
import { eventKind } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import { channelsOf, storedRule } from './policy-rules.ts';
import { policyId, storedEnvironmentScope, storedSlug, storedTeamScope } from './stored.ts';

const policy = z.strictObject({
  id: policyId,
  name: storedSlug,
  mode: z.enum(['enforce', 'observe']),
  style: z.enum(['hide', 'refuse']),
  teams: storedTeamScope,
  environments: storedEnvironmentScope,
  rules: z.array(storedRule).max(256).readonly(),
});
type StoredPolicy = z.infer<typeof policy>;

export const policyEvents = {
  'policy.created': eventKind({
    schema: z.strictObject({ type: z.literal('policy.created'), policy }),
    right: 'admin',
    apply: (before, event, { atMs }) => {
      requireNewId(before.policies, event.policy.id, 'policy');
      return put(before, event.policy, atMs);
    },
  }),
  'policy.changed': eventKind({
    schema: z.strictObject({ type: z.literal('policy.changed'), policy }),
    right: 'admin',
    apply: (before, event) =>
      put(before, event.policy, requireEntry(before.policies, event.policy.id, 'policy').createdAtMs),
  }),
  'policy.removed': eventKind({
    schema: z.strictObject({ type: z.literal('policy.removed'), policyId }),
    right: 'admin',
    apply: (before, { policyId: id }) => {
      requireEntry(before.policies, id, 'policy');
      return { ...before, policies: before.policies.delete(id) };
    },
  }),
} as const;

function put(before: OrganizationState, stored: StoredPolicy, createdAtMs: number): OrganizationState {
  requireFreeName(before.policies, stored.name, stored.id, 'policy');
  if (stored.teams !== 'all') for (const id of stored.teams) requireEntry(before.teams, id, 'team');
  if (stored.environments !== 'all') {
    for (const id of stored.environments) requireEntry(before.environments, id, 'environment');
  }
  for (const rule of stored.rules) {
    for (const id of channelsOf(rule)) requireEntry(before.channels, id, 'channel');
  }
  return { ...before, policies: before.policies.set(stored.id, { ...stored, createdAtMs }) };
}
