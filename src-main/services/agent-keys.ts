/** What `latchkey unlock` hands to the agent's process, so that this one alone has seen the passphrase. */
import { defaultStateDir } from '../vault/state-dir.ts';
import { openKeyStore } from '../vault/key-store.ts';
import type { OpenedSlot } from '../vault/open-keys.ts';
import { openKeys, openedSlot } from '../vault/open-keys.ts';

/**
 * The operator's keys, out of their slot.
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_CORRUPT, VAULT_UNAVAILABLE
 */
export async function keysToHandOver(dataDir: string, passphrase: string): Promise<OpenedSlot> {
  const { slot, content } = await openKeys({ keyStore: openKeyStore(dataDir) }, { passphrase });
  return { operatorId: slot.operatorId, content };
}

/** Where this user's agents say where they are. */
export const agentStateDir = (): string => defaultStateDir();

/** What came over the pipe. @throws Error when it is something else */
export function handedOver(value: unknown): OpenedSlot {
  return openedSlot.parse(value);
}

/** Which vault is in a folder, read without a key; undefined when there is none. @throws LatchkeyError VAULT_CORRUPT */
export function vaultIdIn(dataDir: string): string | undefined {
  return openKeyStore(dataDir).read()?.file.vaultId;
}
