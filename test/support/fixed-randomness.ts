/** Randomness that comes out the same each time: for vectors, and for nothing else. */
import crypto, { createHash, createPrivateKey } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { PrivateJwk } from '../../src-main/vault/seal.ts';

let drawn = 0;

/** The next bytes: SHA-256 of a counter. */
export function fixedBytes(count: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let made = 0; made < count; made += 32) {
    drawn += 1;
    blocks.push(createHash('sha256').update(`vault-v1 ${drawn}`).digest());
  }
  return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
}

/** Beginning of a private OKP key in PKCS #8 (RFC 8410), before its 32 bytes. */
const pkcs8 = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' };

/** A key pair of the next 32 bytes. */
export function fixedKeyPair<C extends 'Ed25519' | 'X25519'>(crv: C): PrivateJwk & { readonly crv: C } {
  const key = Buffer.concat([Buffer.from(pkcs8[crv], 'hex'), fixedBytes(32)]);
  const { x, d } = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  if (x === undefined || d === undefined) throw new Error('a private OKP key has x and d');
  return { kty: 'OKP', crv, x, d };
}

/** Lets node:crypto and WebCrypto draw from the same bytes, in this process, until it ends. */
export function fixRandomness(): void {
  const { subtle, webcrypto } = crypto;
  Object.assign(crypto, { randomBytes: (count: number) => Buffer.from(fixedBytes(count)) });
  syncBuiltinESMExports();
  webcrypto.getRandomValues = (view) => {
    const { buffer, byteOffset, byteLength } = view as Uint8Array;
    new Uint8Array(buffer, byteOffset, byteLength).set(fixedBytes(byteLength));
    return view;
  };
  // The one key pair that is made on the way: the sender's half of a grant.
  const generateKey = async () => {
    const { kty, crv, x, d } = fixedKeyPair('X25519');
    const [privateKey, publicKey] = await Promise.all([
      subtle.importKey('jwk', { kty, crv, x, d }, { name: crv }, true, ['deriveBits']),
      subtle.importKey('jwk', { kty, crv, x }, { name: crv }, true, []),
    ]);
    return { privateKey, publicKey };
  };
  Object.assign(subtle, { generateKey });
}
