import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Vault } from '../vault/vault-api.ts';

/** The vault as the services know it: open, and about an organization. */
export type OrganizationVault = Vault<OrganizationState, DomainEvent>;
