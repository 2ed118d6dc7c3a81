/** Ed25519 keys from their raw seeds, as a gateway's identity keeps one. */
import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey } from 'node:crypto';

/** DER of an Ed25519 private key in front of its seed (RFC 8410). */
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed 32 bytes, base64url. @throws Error when it is no seed */
export function keyOfSeed(seed: string): KeyObject {
  const der = Buffer.concat([seedPrefix, Buffer.from(seed, 'base64url')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** x of its public key, base64url. */
export function publicX(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an OKP key has x');
  return x;
}
