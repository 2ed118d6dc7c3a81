/** How the session gets at the vault: the one place of the services that opens and makes one; a fake in tests. */
import type { OpenReport } from '../vault/vault-api.ts';
import type { OpenedSlot } from '../vault/open-keys.ts';
import type { PublicPlace } from '../vault/chain-place.ts';
import type { PublicWatchEvents } from '../vault/watch-public.ts';
import type { OrganizationVault } from './organization-vault.ts';

export type Unlock =
  { readonly passphrase: string } | { readonly keychainSecret: Uint8Array } | { readonly opened: OpenedSlot };

export interface VaultDoor {
  /** Whether there is a vault, without opening it. One whose making was interrupted before its first line is none. */
  exists(): 'none' | 'present' | 'damaged';
  /**
   * A vault with its first line.
   * @throws LatchkeyError VAULT_EXISTS, PASSPHRASE_TOO_WEAK, VAULT_UNAVAILABLE
   */
  create(first: {
    readonly organizationName: string;
    readonly operatorName: string;
    readonly passphrase: string;
  }): Promise<OrganizationVault>;
  /**
   * @param acceptRestored whether an admin takes a log that lost lines this computer has read
   * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_ROLLED_BACK and all else that opening can meet
   */
  open(
    by: Unlock,
    acceptRestored: boolean,
  ): Promise<{ readonly vault: OrganizationVault; readonly report: OpenReport }>;
  /** Follows the log from there without keys, for as long as the vault is locked. @returns the function that ends it */
  followPublic(from: PublicPlace, events: PublicWatchEvents): () => Promise<void>;
}
