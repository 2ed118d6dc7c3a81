/** Policies: rules for teams × environments. Invariant: what a policy names is there, so that none goes silent. */
import { z } from 'zod';
import { requireEntry, requireFreeName, requireNewId } from './checks.ts';
import { eventKind } from './event-kind.ts';
import type { PolicyId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { LineContext } from '../vault/domain.ts';
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
    apply: (before, event, line) => {
      requireNewId(before.policies, event.policy.id, 'policy');
      return put(before, event.policy, line.atMs, line);
    },
  }),
  'policy.changed': eventKind({
    schema: z.strictObject({ type: z.literal('policy.changed'), policy }),
    right: 'admin',
    apply: (before, event, line) =>
      put(before, event.policy, requireEntry(before.policies, event.policy.id, 'policy').createdAtMs, line),
  }),
  'policy.removed': eventKind({
    schema: z.strictObject({ type: z.literal('policy.removed'), policyId }),
    right: 'admin',
    apply: (before, { policyId: id }, line) => {
      requireEntry(before.policies, id, 'policy');
      return {
        ...before,
        policies: before.policies.delete(id),
        policyVersions: withVersion(before, id, undefined, line),
      };
    },
  }),
} as const;

function put(
  before: OrganizationState,
  stored: StoredPolicy,
  createdAtMs: number,
  line: LineContext,
): OrganizationState {
  requireFreeName(before.policies, stored.name, stored.id, 'policy');
  if (stored.teams !== 'all') for (const id of stored.teams) requireEntry(before.teams, id, 'team');
  if (stored.environments !== 'all') {
    for (const id of stored.environments) requireEntry(before.environments, id, 'environment');
  }
  for (const rule of stored.rules) {
    for (const id of channelsOf(rule)) requireEntry(before.channels, id, 'channel');
  }
  const policyAfter = { ...stored, createdAtMs };
  return {
    ...before,
    policies: before.policies.set(stored.id, policyAfter),
    policyVersions: withVersion(before, stored.id, policyAfter, line),
  };
}

/** Enough to look back and to go back; the log has all. */
const maxVersions = 50;

function withVersion(
  { policyVersions }: OrganizationState,
  id: PolicyId,
  policyAfter: Policy | undefined,
  { atMs, signer }: LineContext,
): OrganizationState['policyVersions'] {
  const known = policyVersions.get(id) ?? [];
  const next = {
    version: (known.at(-1)?.version ?? 0) + 1,
    atMs,
    by: signer,
    ...(policyAfter === undefined ? {} : { policy: policyAfter }),
  };
  return policyVersions.set(id, [...known, next].slice(-maxVersions));
}
