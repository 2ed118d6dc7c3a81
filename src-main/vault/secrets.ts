/**
 * Credentials of channels, sealed under `upstream`. Invariant: a secret opens only for the subject and the origin that it
 * was sealed for, so that pointing a channel elsewhere needs it entered again.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Keyring } from './keyring.ts';
import { firstEpoch } from './keyring.ts';
import type { Binding, Random } from '../base/seal-text.ts';
import { openTextNow, sealTextNow } from '../base/seal-text.ts';
import type { PrivateJwk } from './seal.ts';
import { unwrapKey } from './seal.ts';
import type { LogKeyPlace, SecretPlace } from './vault-api.ts';

const bindingOf = (vaultId: string, { subject, origin }: SecretPlace): Binding => ({
  use: 'secret',
  vault: vaultId,
  key: 'upstream',
  epoch: firstEpoch,
  subject,
  origin,
});

/** @throws LatchkeyError OPERATION_NOT_ALLOWED when the operator does not hold the key */
export function sealSecret(
  keyring: Keyring,
  vaultId: string,
  plaintext: string,
  place: SecretPlace,
  random: Random,
): string {
  return sealTextNow(upstreamKey(keyring), plaintext, bindingOf(vaultId, place), random);
}

/** @throws LatchkeyError OPERATION_NOT_ALLOWED, VAULT_CORRUPT when it does not open for this place */
export function unsealSecret(keyring: Keyring, vaultId: string, sealed: string, place: SecretPlace): string {
  const key = upstreamKey(keyring);
  try {
    return openTextNow(key, sealed, bindingOf(vaultId, place));
  } catch (cause) {
    throw new LatchkeyError('VAULT_CORRUPT', ['credentialsDamaged'], { cause });
  }
}

/** A key of a request log, by the operator's own key. @throws LatchkeyError VAULT_CORRUPT when it does not open */
export async function openLogKey(
  receiveKey: PrivateJwk,
  operator: { readonly id: string; readonly keyNo: number },
  sealed: string,
  { use, gateway, run, n }: LogKeyPlace,
): Promise<Uint8Array> {
  try {
    // As request-log/recipients.ts seals it.
    const place = { for: `log-${use}-key`, gateway, run, n, operator: operator.id, keyNo: operator.keyNo };
    return await unwrapKey(receiveKey, sealed, place);
  } catch (cause) {
    throw new LatchkeyError('VAULT_CORRUPT', ['logKeyDamaged'], { cause });
  }
}

function upstreamKey(keyring: Keyring): Uint8Array {
  const key = keyring.get('upstream');
  if (key !== undefined) return key;
  throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['credentialsNeedAdmin']);
}
