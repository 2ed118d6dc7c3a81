/** The vault in the data folder, with what this computer remembers of it in the user's state folder. */
import { organizationDomain } from '../organization/domain.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { openCheckpoints } from '../vault/checkpoint-files.ts';
import { createVault } from '../vault/create-vault.ts';
import { openFileBackend } from '../vault/file-backend.ts';
import { clearHalfMade, vaultPresence } from '../vault/half-made.ts';
import { openHeadCopies } from '../vault/head-copy-file.ts';
import { openKeyStore } from '../vault/key-store.ts';
import type { AcceptRestored, VaultParts } from '../vault/vault-api.ts';
import { openVault } from '../vault/vault.ts';
import { PublicWatch } from '../vault/watch-public.ts';
import { denyAgain } from './deny-again.ts';
import type { VaultDoor } from './vault-door.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.vaultService;

export type FileVaultOptions = {
  readonly dataDir: string;
  readonly stateDir: string;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Says something to the operator. */
  readonly tell: (message: string) => void;
};

export function fileVault(options: FileVaultOptions): VaultDoor {
  const { dataDir, stateDir, now, randomBytes, tell } = options;
  const keyStore = openKeyStore(dataDir);
  const parts: VaultParts<OrganizationState, DomainEvent> = {
    domain: organizationDomain,
    now,
    randomBytes,
    keyStore,
    openBackend: () => openFileBackend(dataDir),
    headCopies: openHeadCopies(stateDir),
    checkpoints: openCheckpoints(dataDir),
  };

  return {
    exists: () => {
      const found = vaultPresence(dataDir, keyStore);
      return found === 'half-made' ? 'none' : found;
    },
    create: async ({ organizationName, operatorName, passphrase }) => {
      // What a full disk left of an earlier attempt.
      const aside = await clearHalfMade(dataDir, keyStore);
      if (aside.length > 0) {
        tell(words.putAside(aside.join(', ')));
      }
      const { vault } = await createVault(parts, {
        operatorName,
        passphrase,
        firstEvent: (operator): DomainEvent => ({
          type: 'organization.created',
          name: organizationName,
          operator,
        }),
      });
      return vault;
    },
    followPublic: (from, events) => {
      const backend = openFileBackend(dataDir);
      const watch = new PublicWatch(backend, from, organizationDomain.supportedFormat, events);
      return () => watch.stop();
    },
    open: (by, acceptRestored) => openVault(parts, by, acceptRestored ? accept : undefined),
  };
}

/** How an admin takes a log that lost lines. */
const accept: AcceptRestored<OrganizationState, DomainEvent> = {
  restored: (lost) => ({ type: 'log.restored', ...lost }),
  denyAgain,
};
