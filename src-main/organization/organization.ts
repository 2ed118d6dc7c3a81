/** The organization itself: its beginning and its name. */
import { z } from 'zod';
import { eventKind, UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import { tableById, tableOf } from '../base/table.ts';
import { operatorId, storedName, storedReceiveKey, storedSignKey } from './stored.ts';
import type { LineContext } from '../vault/domain.ts';

/** Always and only the first event of a log; brings the first operator, an admin, who signs it. */
export const organizationCreated = z.strictObject({
  type: z.literal('organization.created'),
  name: storedName,
  operator: z.strictObject({
    id: operatorId,
    name: storedName,
    signKey: storedSignKey,
    receiveKey: storedReceiveKey,
  }),
});
export type OrganizationCreated = Readonly<z.infer<typeof organizationCreated>>;

/** How long request logs are kept until an admin says otherwise: a part of the format, days. */
const firstRetention = { rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830 };

/** The first state. */
export function createOrganization(event: OrganizationCreated, line: LineContext): OrganizationState {
  return {
    organizationName: event.name,
    createdAtMs: line.atMs,
    operators: tableById([
      { ...event.operator, role: 'admin' as const, teamIds: [], keyNo: 1, addedAtMs: line.atMs },
    ]),
    holders: tableOf(),
    teams: tableOf(),
    environments: tableOf(),
    channels: tableOf(),
    policies: tableOf(),
    tokens: tableOf(),
    policyVersions: tableOf(),
    labels: tableOf(),
    assessments: tableOf(),
    nameMap: tableOf(),
    licenseAliases: tableOf(),
    feeds: tableOf(),
    anchors: tableOf(),
    retention: firstRetention,
    digests: tableOf(),
    holdersByName: tableOf(),
  };
}

export const organizationEvents = {
  'organization.created': eventKind({
    schema: organizationCreated,
    right: 'admin',
    isAlone: true,
    clear: (_before, { operator }) => ({
      authority: {
        signer: operator.id,
        kind: 'operator',
        keyNo: 1,
        signKey: operator.signKey,
        receiveKey: operator.receiveKey,
        role: 'admin',
        teamIds: [],
        removed: false,
        adminQuorum: 1,
      },
    }),
    apply: () => {
      throw new UnfitEvent('the organization exists already');
    },
  }),
  'organization.renamed': eventKind({
    schema: z.strictObject({ type: z.literal('organization.renamed'), name: storedName }),
    right: 'admin',
    apply: (before, { name }) => ({ ...before, organizationName: name }),
  }),
} as const;
