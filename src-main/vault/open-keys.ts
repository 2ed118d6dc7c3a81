/**
 * From a passphrase (or the keychain's secret) to the keys in a slot. Invariant: a damaged vault.json beside a whole copy
 * never costs the vault, and never looks like a wrong passphrase; a copy that is older than vault.json opens nothing, as
 * it holds what was changed on purpose.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { operatorId } from '../../shared/model/ids.ts';
import type { SlotContent, SlotDeps } from './slots.ts';
import { openKeychain, openSlot, slotContent } from './slots.ts';
import type { KeySlot, KeyStore, VaultFile } from './vault-file.ts';

/** What opens a slot. */
export type UnlockBy =
  | { readonly passphrase: string }
  | { readonly keychainSecret: Uint8Array }
  /** What another process of this operator opened by passphrase, and handed over. */
  | { readonly opened: OpenedSlot };

/** An operator's keys, out of their slot. Goes over an inherited pipe and nowhere else. */
export const openedSlot = z.strictObject({ operatorId, content: slotContent });
export type OpenedSlot = Readonly<z.infer<typeof openedSlot>>;

export type OpenKeys = {
  readonly slot: KeySlot;
  readonly content: SlotContent;
  /** vault.json was damaged, and is now what its copy was. */
  readonly restoredKeyFile: boolean;
  /** What could not be repaired, as sentences. */
  readonly warnings: readonly string[];
};

/** With these a slot is as good as not there, and the copy's may open. */
const damagedOrWrong: ReadonlySet<string> = new Set([
  'VAULT_WRONG_PASSPHRASE',
  'VAULT_KDF_OUT_OF_BOUNDS',
  'VAULT_KEYCHAIN_REFUSED',
  'VAULT_CORRUPT',
]);

/**
 * Opens the first slot of vault.json, or that of its copy when it does not open; then repairs whichever is damaged.
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, VAULT_KEYCHAIN_REFUSED, VAULT_KDF_OUT_OF_BOUNDS,
 * VAULT_CORRUPT, VAULT_NEEDS_NEWER_VERSION, VAULT_UNAVAILABLE
 */
export async function openKeys(
  deps: Pick<SlotDeps, 'deriveKey'> & { readonly keyStore: KeyStore },
  by: UnlockBy,
): Promise<OpenKeys> {
  const found = deps.keyStore.read();
  if (found === undefined) {
    throw new LatchkeyError('VAULT_NOT_FOUND', ['noVault']);
  }
  const { from, slot, content } = await openEither(deps, found, by);
  const { restored, warnings } = await deps.keyStore.confirm(from);
  return { slot, content, restoredKeyFile: restored, warnings };
}

type Opened = { readonly from: 'main' | 'copy'; readonly slot: KeySlot; readonly content: SlotContent };

async function openEither(
  deps: Pick<SlotDeps, 'deriveKey'>,
  found: { readonly file: VaultFile; readonly from: 'main' | 'copy'; readonly copy?: VaultFile },
  by: UnlockBy,
): Promise<Opened> {
  try {
    return { from: found.from, ...(await openFirst(deps, found.file, by)) };
  } catch (error) {
    if (!(error instanceof LatchkeyError) || !damagedOrWrong.has(error.code)) throw error;
    if (found.copy === undefined || isSameKey(found.file, found.copy, by)) throw error;
    try {
      return { from: 'copy', ...(await openFirst(deps, found.copy, by)) };
    } catch (second) {
      if (!(second instanceof LatchkeyError) || !damagedOrWrong.has(second.code)) throw second;
      // Of two refusals, "wrong passphrase" is the one that the operator can do something about.
      throw second.code === 'VAULT_WRONG_PASSPHRASE' ? second : error;
    }
  }
}

async function openFirst(
  deps: Pick<SlotDeps, 'deriveKey'>,
  file: VaultFile,
  by: UnlockBy,
): Promise<{ readonly slot: KeySlot; readonly content: SlotContent }> {
  const slot = firstSlot(file);
  const content = await contentOf(deps, slot, by);
  if (content.vaultId !== file.vaultId) {
    throw new LatchkeyError('VAULT_CORRUPT', ['otherKeys']);
  }
  return { slot, content };
}

async function contentOf(
  deps: Pick<SlotDeps, 'deriveKey'>,
  slot: KeySlot,
  by: UnlockBy,
): Promise<SlotContent> {
  if ('passphrase' in by) return openSlot(deps, slot, by.passphrase);
  if ('keychainSecret' in by) return openKeychain(slot, by.keychainSecret);
  if (by.opened.operatorId === slot.operatorId) return by.opened.content;
  throw new LatchkeyError('VAULT_CORRUPT', 'vault.json names another operator than it did a moment ago.');
}

/** Whether the copy could only give the same answer: then the key derivation need not be paid twice. */
function isSameKey(file: VaultFile, copy: VaultFile, by: UnlockBy): boolean {
  const [one, other] = [firstSlot(file), firstSlot(copy)];
  const keyOf = (of: VaultFile, slot: KeySlot) =>
    'passphrase' in by
      ? [of.vaultId, slot.operatorId, slot.kdf, slot.sealed]
      : [of.vaultId, slot.operatorId, slot.keychain];
  return isDeepStrictEqual(keyOf(file, one), keyOf(copy, other));
}

function firstSlot(file: VaultFile): KeySlot {
  const [slot] = file.slots;
  // The schema asks for one.
  if (slot === undefined) throw new Error('a vault file without a slot');
  return slot;
}
