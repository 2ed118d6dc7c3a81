/**
 * The token's text: `lk-<id>-<secret>`. Invariant: letters, digits and hyphens only, because conda takes a token out of
 * a URL with `/t/([a-zA-Z0-9-]*)` and would cut it at anything else, leaking the rest into its logs. The id (8
 * characters) may be shown; the secret is 32 random base62 characters (190.5 bits) and a 6-character base62 CRC-32 of
 * all that stands before it, so that a scanner can tell a token from a lookalike offline. Not a MAC: it proves nothing.
 */
import { createHash } from 'node:crypto';
import type { TokenId } from '../../shared/model/ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idChars = 8;
const randomChars = 32;
const checksumChars = 6;
export const tokenChars = 3 + idChars + 1 + randomChars + checksumChars;
const shape = /^[0-9A-Za-z]+$/;

export type ParsedToken =
  | { readonly ok: true; readonly id: TokenId }
  | { readonly ok: false; readonly reason: 'length' | 'prefix' | 'alphabet' | 'checksum' };

/**
 * Makes a new token.
 * @param randomBytes a cryptographic source; called until enough unbiased characters are drawn
 * @returns the public id, and the whole token: the only time that it exists in the open
 */
export function newToken(randomBytes: (count: number) => Uint8Array): { id: TokenId; token: string } {
  const id = randomBase62(randomBytes, idChars);
  const body = `lk-${id}-${randomBase62(randomBytes, randomChars)}`;
  return { id: id as TokenId, token: body + checksumOf(body) };
}

/** Whether a text is a well-formed token, with its id or the first thing that is wrong. Says nothing about validity. */
export function parseToken(text: string): ParsedToken {
  if (text.length !== tokenChars) return { ok: false, reason: 'length' };
  if (!text.startsWith('lk-') || text[3 + idChars] !== '-') return { ok: false, reason: 'prefix' };
  const id = text.slice(3, 3 + idChars);
  const secret = text.slice(4 + idChars);
  if (!shape.test(id) || !shape.test(secret)) return { ok: false, reason: 'alphabet' };
  const body = text.slice(0, -checksumChars);
  return text.endsWith(checksumOf(body))
    ? { ok: true, id: id as TokenId }
    : { ok: false, reason: 'checksum' };
}

/** A text without the secrets of tokens: of whatever looks like one of ours only the id stays. */
export function redactTokens(text: string): string {
  return text.replace(/lk-([0-9a-z]{8})-?[0-9a-z]*/gi, 'lk-$1-***');
}

/** SHA-256 of the whole token, hex: what is stored. A fast hash is enough for 190 bits of entropy. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'latin1').digest('hex');
}

/** Rejection sampling: 248 is the largest multiple of 62 below 256; larger bytes would favour some characters. */
function randomBase62(randomBytes: (count: number) => Uint8Array, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

function checksumOf(body: string): string {
  let value = crc32(body);
  let text = '';
  for (let index = 0; index < checksumChars; index += 1) {
    text = alphabet.charAt(value % 62) + text;
    value = Math.floor(value / 62);
  }
  return text;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as in IEEE 802.3 (zlib's), of ASCII text. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc = (crcTable[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
