/** What an operator does with the own key slot while the vault is open. */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Session } from './session.ts';
import { assertLong, openSlot, sealKeychain, sealSlot } from './slots.ts';
import type { KeySlot } from './vault-file.ts';

type AnySession = Session<unknown, unknown>;

/** @throws LatchkeyError VAULT_WRONG_PASSPHRASE, after the KDF's cost */
export async function verifyPassphrase(session: AnySession, passphrase: string): Promise<void> {
  await openSlot(session.parts, storedSlot(session), passphrase);
}

/** The keys stay the same. @throws LatchkeyError VAULT_WRONG_PASSPHRASE, PASSPHRASE_TOO_WEAK, VAULT_UNAVAILABLE */
export async function changePassphrase(session: AnySession, current: string, next: string): Promise<void> {
  assertLong(next);
  const { parts, slot, content } = session;
  const { operatorId, operatorName } = slot;
  await openSlot(parts, storedSlot(session), current);
  const sealed = await sealSlot(parts, { operatorId, operatorName }, content, next);
  await changeSlot(session, (stored) => ({ ...stored, kdf: sealed.kdf, sealed: sealed.sealed }));
}

/** Seals the same keys under a secret that the operating system's keychain keeps. */
export async function setKeychainSlot(session: AnySession, secret: Uint8Array): Promise<void> {
  const keychain = await sealKeychain(session.slot, session.content, secret);
  await changeSlot(session, (slot) => ({ ...slot, keychain }));
}

export async function removeKeychainSlot(session: AnySession): Promise<void> {
  await changeSlot(session, ({ keychain: _keychain, ...slot }) => slot);
}

/** The slot as it is on the disk: another process may have changed the passphrase meanwhile. */
export function storedSlot({ parts, slot }: AnySession): KeySlot {
  return parts.keyStore.read()?.file.slots.find(({ operatorId }) => operatorId === slot.operatorId) ?? slot;
}

async function changeSlot(session: AnySession, change: (slot: KeySlot) => KeySlot): Promise<void> {
  const { parts, slot: own, alarms } = session;
  const { warnings } = await parts.keyStore.update((file) => {
    if (!file.slots.some(({ operatorId }) => operatorId === own.operatorId)) {
      throw new LatchkeyError('VAULT_UNAVAILABLE', ['noSlot']);
    }
    return {
      ...file,
      slots: file.slots.map((slot) => (slot.operatorId === own.operatorId ? change(slot) : slot)),
    };
  });
  for (const why of warnings) alarms.raise({ kind: 'key-file', why });
}
