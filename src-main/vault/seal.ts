/**
 * Sealing and opening: under a key (JWE `dir` + A256GCM), and to an operator (JWE ECDH-ES + A256GCM, one per recipient,
 * without key wrapping: AES-KW does not exist in Electron's main process). Invariant: every ciphertext names the place
 * where it belongs in its protected header, spelled as JCS; a reader computes that header and takes no other. Symmetric
 * ciphertexts are made and read by node:crypto, of which replays need a hundred thousand; the rest is jose's.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { compactDecrypt, CompactEncrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import { decodeCanonical, decodeUtf8, encodePart, FormError, splitCompact } from './compact.ts';
import { jcs } from './jcs.ts';

export type PrivateJwk = OkpPublicKey & { readonly d: string };
/** Names and numbers that are authenticated with a ciphertext, so that it cannot be used in another place. */
export type Binding = Readonly<Record<string, string | number>>;

const ivBytes = 12;
const tagBytes = 16;

/** The binding with its members in the order of JCS. */
const sorted = (binding: Binding): Binding =>
  Object.fromEntries(Object.entries(binding).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const headerOf = (binding: Binding) => ({ alg: 'dir', enc: 'A256GCM', lk: sorted(binding) });

/** As in `VaultParts`: a test may know what comes. */
export type Random = (count: number) => Uint8Array;

/** Seals a text; `binding` is stored in the clear in the header `lk`, and authenticated. */
export async function sealText(key: Uint8Array, text: string, binding: Binding): Promise<string> {
  return sealTextNow(key, text, binding, randomBytes);
}

/** The same at once, with the caller's randomness: a nonce of 96 random bits for each text. */
export function sealTextNow(
  key: Uint8Array | KeyObject,
  text: string,
  binding: Binding,
  random: Random,
): string {
  const header = encodePart(JSON.stringify(headerOf(binding)));
  const iv = random(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [Buffer.from(iv), sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, '', ...parts].join('.');
}

/** Opens a text. @throws Error when the key, the ciphertext or the binding is another */
export async function openText(key: Uint8Array, jwe: string, binding: Binding): Promise<string> {
  return openTextNow(key, jwe, binding);
}

/** The same at once: for replays, which open a hundred thousand of them. */
export function openTextNow(key: Uint8Array | KeyObject, jwe: string, binding: Binding): string {
  const parts = splitCompact(jwe, 5);
  if (parts === undefined) throw new FormError('it is no ciphertext');
  const [header = '', wrapped, ...rest] = parts;
  if (header !== encodePart(JSON.stringify(headerOf(binding))))
    throw new FormError('the ciphertext belongs to another place');
  const [iv, text, tag] = rest.map(decodeCanonical);
  if (wrapped !== '' || iv === undefined || text === undefined || tag === undefined)
    throw new FormError('the ciphertext is spelled in another way');
  if (iv.length !== ivBytes || tag.length !== tagBytes)
    throw new FormError('the ciphertext has another form');
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(header, 'latin1'));
  decipher.setAuthTag(tag);
  return decodeUtf8(Buffer.concat([decipher.update(text), decipher.final()]));
}

/** Wraps 32 bytes to an operator's X25519 key. */
export async function wrapKey(receiver: OkpPublicKey, bytes: Uint8Array, binding: Binding): Promise<string> {
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', lk: sorted(binding) })
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
