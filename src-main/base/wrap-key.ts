/**
 * Wrapping a key to somebody's X25519 key: JWE ECDH-ES + A256GCM in compact form, as vault grants are, by node:crypto
 * alone: for the gateway's process, which has no jose. Without key wrapping, as AES-KW does not exist in Electron.
 */
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { encodePart } from './compact.ts';
import type { Binding, Random } from './seal-text.ts';
import { compactOf, sortedBinding } from './seal-text.ts';

/** RFC 7518 §4.6.2: one round, no party names, and the key is the content's. */
function derivedKey(shared: Uint8Array): Buffer {
  const algorithm = Buffer.from('A256GCM', 'latin1');
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const hash = createHash('sha256').update(number(1)).update(shared);
  hash.update(number(algorithm.length)).update(algorithm);
  return hash.update(number(0)).update(number(0)).update(number(256)).digest();
}

/**
 * Wraps bytes; `binding` is authenticated in the header `lk`, as in `sealTextNow`.
 * @param x of the receiver's X25519 key, base64url
 * @throws Error when it is no such key
 */
export function wrapKeyNow(x: string, bytes: Uint8Array, binding: Binding, random: Random): string {
  const receiver = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  const own = generateKeyPairSync('x25519');
  const { x: ownX } = own.publicKey.export({ format: 'jwk' });
  const epk = { x: ownX, crv: 'X25519', kty: 'OKP' };
  const header = encodePart(
    JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM', lk: sortedBinding(binding), epk }),
  );
  const key = derivedKey(diffieHellman({ privateKey: own.privateKey, publicKey: receiver }));
  try {
    return compactOf(header, '', key, bytes, random);
  } finally {
    key.fill(0);
  }
}
