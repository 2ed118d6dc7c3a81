/**
 * Holders: who or what uses tokens. Tokens name a holder's id; no rule of the fold reads a personal field but the name,
 * which is unique within its kind.
 */
import { z } from 'zod';
import type { Holder } from '../../shared/model/domain.ts';
import { requireEntry, requireNewId } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import { holderKey } from './state.ts';
import { holderId, storedName, storedNote } from './stored.ts';

const kind = z.enum(['person', 'service', 'agent']);

export const holderEvents = {
  'holder.created': eventKind({
    schema: z.strictObject({
      type: z.literal('holder.created'),
      holder: z.strictObject({ id: holderId, kind, name: storedName, note: storedNote }),
    }),
    right: 'any-lead',
    apply: (before, { holder }, { atMs }) => {
      requireNewId(before.holders, holder.id, 'holder');
      return put(before, { ...holder, createdAtMs: atMs });
    },
  }),
  /** The kind of a holder stays. Only an admin changes one: leads of several teams may have issued tokens for it. */
  'holder.changed': eventKind({
    schema: z.strictObject({
      type: z.literal('holder.changed'),
      holder: z.strictObject({ id: holderId, name: storedName, note: storedNote }),
    }),
    right: 'admin',
    apply: (before, { holder }) => {
      const old = requireEntry(before.holders, holder.id, 'holder');
      const freed = { ...before, holdersByName: before.holdersByName.delete(holderKey(old)) };
      return put(freed, { ...old, ...holder });
    },
  }),
} as const;

function put(state: OrganizationState, holder: Holder): OrganizationState {
  const key = holderKey(holder);
  if (state.holdersByName.has(key)) {
    throw new UnfitEvent(`there is a ${holder.kind} named "${holder.name}" already`);
  }
  return {
    ...state,
    holders: state.holders.set(holder.id, holder),
    holdersByName: state.holdersByName.set(key, holder.id),
  };
}
