/**
 * Sealing and opening: under a key (base/seal-text.ts), and to an operator (JWE ECDH-ES + A256GCM, one per recipient,
 * without key wrapping: AES-KW does not exist in Electron's main process). Invariant: every ciphertext names the place
 * where it belongs in its protected header, spelled as JCS; a reader computes that header and takes no other. Symmetric
 * ciphertexts are made and read by node:crypto, of which replays need a hundred thousand; the rest is jose's.
 */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { compactDecrypt, CompactEncrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import { FormError } from '../base/compact.ts';
import type { Binding } from '../base/seal-text.ts';
import { openTextNow, sealTextNow, sortedBinding } from '../base/seal-text.ts';
import { jcs } from './jcs.ts';

export type PrivateJwk = OkpPublicKey & { readonly d: string };

/** Seals a text; `binding` is stored in the clear in the header `lk`, and authenticated. */
export async function sealText(key: Uint8Array, text: string, binding: Binding): Promise<string> {
  return sealTextNow(key, text, binding, randomBytes);
}

/** Opens a text. @throws Error when the key, the ciphertext or the binding is another */
export async function openText(key: Uint8Array, jwe: string, binding: Binding): Promise<string> {
  return openTextNow(key, jwe, binding);
}

/** Wraps 32 bytes to an operator's X25519 key. */
export async function wrapKey(receiver: OkpPublicKey, bytes: Uint8Array, binding: Binding): Promise<string> {
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', lk: sortedBinding(binding) })
    .encrypt(await importJWK({ ...receiver }, 'ECDH-ES'));
}

/** @throws Error when it was wrapped to somebody else, or for another place */
export async function unwrapKey(receiver: PrivateJwk, jwe: string, binding: Binding): Promise<Uint8Array> {
  const key = await importJWK({ ...receiver }, 'ECDH-ES');
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  if (jcs(protectedHeader['lk'] ?? null) !== jcs(binding))
    throw new FormError('the key belongs to another place');
  return plaintext;
}

/** A public key of one curve. */
export type PublicKeyOf<C extends OkpPublicKey['crv']> = {
  readonly kty: 'OKP';
  readonly crv: C;
  readonly x: string;
};

/** A new key pair as JWKs. Ed25519 signs, X25519 receives. */
export async function newKeyPair<C extends OkpPublicKey['crv']>(
  crv: C,
): Promise<{ publicJwk: PublicKeyOf<C>; privateJwk: PublicKeyOf<C> & { readonly d: string } }> {
  const alg = crv === 'Ed25519' ? 'EdDSA' : 'ECDH-ES';
  const pair = await generateKeyPair(alg, { crv, extractable: true });
  const jwk: JWK = await exportJWK(pair.privateKey);
  if (jwk.x === undefined || jwk.d === undefined) throw new Error('a private OKP key has x and d');
  const publicJwk: PublicKeyOf<C> = { kty: 'OKP', crv, x: jwk.x };
  return { publicJwk, privateJwk: { ...publicJwk, d: jwk.d } };
}
