/** The gateway's signature at the end of a segment: a compact JWS of a type of its own, so that it passes for no other. */
import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign, verify } from 'node:crypto';
import { encodePart } from '../base/compact.ts';

const headerOf = (gateway: string): string =>
  encodePart(JSON.stringify({ alg: 'EdDSA', kid: gateway, typ: 'lk-segment' }));

export function signSegment(key: KeyObject, gateway: string, claim: string): string {
  const signed = `${headerOf(gateway)}.${encodePart(claim)}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), key).toString('base64url')}`;
}

/** Whether it is the gateway's signature of exactly that. @param x of its Ed25519 key */
export function isSegmentSignature(sig: string, x: string, gateway: string, claim: string): boolean {
  const signed = `${headerOf(gateway)}.${encodePart(claim)}`;
  if (!sig.startsWith(`${signed}.`)) return false;
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signature = Buffer.from(sig.slice(signed.length + 1), 'base64url');
    return verify(null, Buffer.from(signed, 'latin1'), key, signature);
  } catch {
    // It is no key.
    return false;
  }
}
