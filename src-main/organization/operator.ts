/**
 * Operators: who may sign. Their ids, keys, roles and teams stand in clear too, so that a reader without keys knows the
 * same signers; only their names need the content. Removing one, and more than one admin at a time, come with issue 9.
 */
import { z } from 'zod';
import type { Operator } from '../../shared/model/domain.ts';
import type { Clear } from '../vault/domain.ts';
import { requireEntry, requireNewId } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import {
  idsOf,
  operatorId,
  storedName,
  storedReceiveKey,
  storedRole,
  storedSignKey,
  teamId,
} from './stored.ts';

const clearOf = (operator: Omit<Operator, 'name' | 'addedAtMs'>): Clear => ({
  authority: {
    signer: operator.id,
    kind: 'operator',
    keyNo: operator.keyNo,
    signKey: operator.signKey,
    receiveKey: operator.receiveKey,
    role: operator.role,
    teamIds: operator.teamIds,
    removed: false,
    adminQuorum: 1,
  },
});

export const operatorEvents = {
  'operator.added': eventKind({
    schema: z.strictObject({
      type: z.literal('operator.added'),
      operator: z.strictObject({
        id: operatorId,
        name: storedName,
        role: storedRole,
        teamIds: idsOf(teamId, 0),
        signKey: storedSignKey,
        receiveKey: storedReceiveKey,
      }),
    }),
    right: 'admin',
    isAlone: true,
    clear: (_before, { operator }) => clearOf({ ...operator, keyNo: 1 }),
    apply: (before, { operator }, { atMs }) => {
      requireNewId(before.operators, operator.id, 'operator');
      const added: Operator = { ...operator, keyNo: 1, addedAtMs: atMs };
      return { ...before, operators: before.operators.set(operator.id, added) };
    },
  }),
  'operator.changed': eventKind({
    schema: z.strictObject({
      type: z.literal('operator.changed'),
      operatorId,
      name: storedName,
      role: storedRole,
      teamIds: idsOf(teamId, 0),
    }),
    right: 'admin',
    isAlone: true,
    clear: (before, { operatorId: id, role, teamIds }) => {
      const operator = before.operators.get(id);
      return operator === undefined ? {} : clearOf({ ...operator, role, teamIds });
    },
    apply: (before, { operatorId: id, name, role, teamIds }) => {
      const operator = requireEntry(before.operators, id, 'operator');
      const operators = before.operators.set(id, { ...operator, name, role, teamIds });
      requireAdmin({ ...before, operators });
      return { ...before, operators };
    },
  }),
} as const;

/** @throws UnfitEvent when nobody could change the organization any more */
function requireAdmin(state: OrganizationState): void {
  for (const operator of state.operators.values()) if (operator.role === 'admin') return;
  throw new UnfitEvent('the last admin must stay one');
}
