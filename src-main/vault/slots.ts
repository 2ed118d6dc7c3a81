/**
 * An operator's slot: private keys sealed by a passphrase, and if wished a second time by a secret of the operating
 * system's keychain. Invariant: the sealed part names the vault and the hash of its first line, so that a slot opens
 * only the log it was made for; the costs of the KDF are authenticated with the ciphertext.
 */
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { okpPublicKey } from '../../shared/model/domain.ts';
import { minPassphraseChars } from '../../shared/passphrase/min-chars.ts';
import type { DeriveKey } from './kdf.ts';
import { defaultKdf, deriveKey, assertCostsBounded } from './kdf.ts';
import type { Binding } from '../base/seal-text.ts';
import { openText, sealText } from './seal.ts';
import type { KdfParameters, KeySlot } from './vault-file.ts';

/** What making and opening a slot takes. */
export type SlotDeps = {
  readonly randomBytes: (count: number) => Uint8Array;
  /** Costs for new slots; tests lower them within the bounds. */
  readonly kdf?: KdfParameters;
  /** Argon2id unless a test counts the calls. */
  readonly deriveKey?: DeriveKey;
};

const privateJwk = okpPublicKey.extend({ d: z.string() });

/** What a slot holds when it is open. */
export const slotContent = z.object({
  vaultId: z.string(),
  /** Hash of the log's first line: the anchor of trust. */
  genesis: z.string(),
  signKey: privateJwk,
  receiveKey: privateJwk,
  /** For this operator's checkpoint, base64url. */
  checkpointKey: z.string(),
});
export type SlotContent = Readonly<z.infer<typeof slotContent>>;

const kdfBinding = (slot: Pick<KeySlot, 'operatorId' | 'kdf'>): Binding => ({
  use: 'slot',
  operator: slot.operatorId,
  memoryKiB: slot.kdf.memoryKiB,
  passes: slot.kdf.passes,
  parallelism: slot.kdf.parallelism,
  salt: slot.kdf.salt,
});
const keychainBinding = (slot: Pick<KeySlot, 'operatorId'>): Binding => ({
  use: 'keychain',
  operator: slot.operatorId,
});

/** Seals an operator's keys under a passphrase, with a new salt. */
export async function sealSlot(
  deps: SlotDeps,
  who: Pick<KeySlot, 'operatorId' | 'operatorName'>,
  content: SlotContent,
  passphrase: string,
): Promise<KeySlot> {
  const salt = deps.randomBytes(16);
  const costs = deps.kdf ?? defaultKdf;
  const kdf = { alg: 'argon2id' as const, ...costs, salt: Buffer.from(salt).toString('base64url') };
  const open = { ...who, kdf };
  assertCostsBounded(costs);
  const key = await (deps.deriveKey ?? deriveKey)(passphrase, salt, costs);
  return { ...open, sealed: await sealText(key, JSON.stringify(content), kdfBinding(open)) };
}

/** @throws LatchkeyError VAULT_WRONG_PASSPHRASE (after the KDF's cost), VAULT_KDF_OUT_OF_BOUNDS (before any) */
export async function openSlot(
  deps: Pick<SlotDeps, 'deriveKey'>,
  slot: KeySlot,
  passphrase: string,
): Promise<SlotContent> {
  assertCostsBounded(slot.kdf);
  const wrong = (cause?: unknown) =>
    new LatchkeyError('VAULT_WRONG_PASSPHRASE', ['wrongPassphrase'], {
      cause,
    });
  // No slot was ever made with an empty one: not a guess, and the KDF does not take it.
  if (passphrase === '') throw wrong();
  const salt = new Uint8Array(Buffer.from(slot.kdf.salt, 'base64url'));
  const key = await (deps.deriveKey ?? deriveKey)(passphrase, salt, slot.kdf);
  try {
    return slotContent.parse(JSON.parse(await openText(key, slot.sealed, kdfBinding(slot))));
  } catch (cause) {
    throw wrong(cause);
  }
}

/** The keychain's way into a slot: the same content under 32 random bytes. */
export async function sealKeychain(
  slot: Pick<KeySlot, 'operatorId'>,
  content: SlotContent,
  secret: Uint8Array,
): Promise<NonNullable<KeySlot['keychain']>> {
  assertKey(secret);
  return { sealed: await sealText(secret, JSON.stringify(content), keychainBinding(slot)) };
}

/** @throws LatchkeyError VAULT_KEYCHAIN_REFUSED when there is no such way in, or the secret is another */
export async function openKeychain(slot: KeySlot, secret: Uint8Array): Promise<SlotContent> {
  const refused = (cause?: unknown) =>
    new LatchkeyError('VAULT_KEYCHAIN_REFUSED', ['keychainRefused'], { cause });
  if (slot.keychain === undefined) throw refused();
  try {
    assertKey(secret);
    return slotContent.parse(JSON.parse(await openText(secret, slot.keychain.sealed, keychainBinding(slot))));
  } catch (cause) {
    throw refused(cause);
  }
}

function assertKey(secret: Uint8Array): void {
  if (secret.length !== 32) throw new Error('a keychain secret has 32 bytes');
}

/** @throws LatchkeyError PASSPHRASE_TOO_WEAK */
export function assertLong(passphrase: string): void {
  const missingChars = minPassphraseChars - Array.from(passphrase).length;
  if (missingChars <= 0) return;
  const lack = { kind: 'too-short', missingChars } as const;
  throw new LatchkeyError('PASSPHRASE_TOO_WEAK', ['passphraseTooWeak', lack], { details: { lack } });
}
