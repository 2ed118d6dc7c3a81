/** What a new organization begins with. */
import { environmentId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import type { OrganizationVault } from './organization-vault.ts';

/** `prod` is protected. */
const starterEnvironments = [
  { name: 'dev', rank: 10, isProtected: false },
  { name: 'staging', rank: 20, isProtected: false },
  { name: 'prod', rank: 30, isProtected: true },
] as const;

/** Whether only the first line is there: the rest of the beginning was interrupted, by a full disk for example. */
export const isHalfMade = (vault: Pick<OrganizationVault, 'seq'>): boolean => vault.seq() === 1;

/**
 * Writes what belongs to a beginning and is not there yet.
 * @param name of the organization, where it is known again
 */
export async function completeOrganization(
  vault: Pick<OrganizationVault, 'commit'>,
  context: Pick<Context, 'randomBytes'>,
  name?: string,
): Promise<void> {
  await vault.commit((state) => {
    const events: DomainEvent[] = [];
    if (name !== undefined && name !== state.organizationName) {
      events.push({ type: 'organization.renamed', name });
    }
    if (state.environments.size === 0) {
      for (const entry of starterEnvironments) {
        const environment = { ...entry, id: environmentId.parse(newId(context)) };
        events.push({ type: 'environment.created', environment });
      }
    }
    return { events, result: undefined };
  });
}
