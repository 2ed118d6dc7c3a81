/** Environments, ordered by rank from least to most trusted. */
import { z } from 'zod';
import { requireEntry, requireFreeName, requireNewId, requireNoLiveToken } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import { environmentId, storedSlug } from './stored.ts';

const fields = {
  id: environmentId,
  name: storedSlug,
  rank: z.int().min(0).max(1_000_000),
  isProtected: z.boolean(),
};

export const environmentEvents = {
  'environment.created': eventKind({
    schema: z.strictObject({
      type: z.literal('environment.created'),
      environment: z.strictObject(fields),
    }),
    right: 'admin',
    apply: (before, { environment }, { atMs }) => {
      requireNewId(before.environments, environment.id, 'environment');
      requireFreeName(before.environments, environment.name, environment.id, 'environment');
      const created = { ...environment, createdAtMs: atMs };
      return { ...before, environments: before.environments.set(environment.id, created) };
    },
  }),
  'environment.changed': eventKind({
    schema: z.strictObject({
      type: z.literal('environment.changed'),
      environment: z.strictObject(fields),
    }),
    right: 'admin',
    apply: (before, { environment }) => {
      const { createdAtMs } = requireEntry(before.environments, environment.id, 'environment');
      requireFreeName(before.environments, environment.name, environment.id, 'environment');
      const changed = { ...environment, createdAtMs };
      return { ...before, environments: before.environments.set(environment.id, changed) };
    },
  }),
  'environment.removed': eventKind({
    schema: z.strictObject({ type: z.literal('environment.removed'), environmentId }),
    right: 'admin',
    clear: (_before, { environmentId: id }) => ({ denies: { environments: [id] } }),
    apply: (before, { environmentId: id }, line) => {
      requireEntry(before.environments, id, 'environment');
      requireNoLiveToken(before, line, (token) => token.environmentId === id, 'environment');
      for (const policy of before.policies.values()) {
        if (policy.environments !== 'all' && policy.environments.includes(id)) {
          throw new UnfitEvent(`policy "${policy.name}" still names the environment`);
        }
      }
      for (const channel of before.channels.values()) {
        if (channel.environmentIds.includes(id)) {
          throw new UnfitEvent(`channel "${channel.name}" is still open to the environment`);
        }
      }
      return { ...before, environments: before.environments.delete(id) };
    },
  }),
} as const;
