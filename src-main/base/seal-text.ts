/**
 * Sealing texts under a key: JWE `dir` + A256GCM in compact form, by node:crypto. Invariant: every ciphertext names the
 * place where it belongs in its protected header, spelled as JCS; a reader computes that header and takes no other.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeCanonical, decodeUtf8, encodePart, FormError, splitCompact } from './compact.ts';

/** Names and numbers that are authenticated with a ciphertext, so that it cannot be used in another place. */
export type Binding = Readonly<Record<string, string | number>>;
/** A test may know what comes. */
export type Random = (count: number) => Uint8Array;

export const ivBytes = 12;
export const tagBytes = 16;

/** The binding with its members in the order of JCS. */
export const sortedBinding = (binding: Binding): Binding =>
  Object.fromEntries(Object.entries(binding).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const headerOf = (binding: Binding) => ({ alg: 'dir', enc: 'A256GCM', lk: sortedBinding(binding) });

/**
 * Seals a text; `binding` is stored in the clear in the header `lk`, and authenticated.
 * @param random gives the nonce: 96 random bits for each text
 */
export function sealTextNow(
  key: Uint8Array | KeyObject,
  text: string,
  binding: Binding,
  random: Random,
): string {
  const header = encodePart(JSON.stringify(headerOf(binding)));
  const bytes = Buffer.from(text, 'utf8');
  try {
    return compactOf(header, '', key, bytes, random);
  } finally {
    // It may be keys, and memory that is given back is not wiped.
    bytes.fill(0);
  }
}

/** A compact JWE of a header and a wrapped key that are made already. */
export function compactOf(
  header: string,
  wrapped: string,
  key: Uint8Array | KeyObject,
  bytes: Uint8Array,
  random: Random,
): string {
  const iv = random(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const parts = [Buffer.from(iv), sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, wrapped, ...parts].join('.');
}

/** Opens a text. @throws Error when the key, the ciphertext or the binding is another */
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
