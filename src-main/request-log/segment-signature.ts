/** Signatures of the gateway in its log: compact JWS of types of their own, so that none passes for another. */
import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign, verify } from 'node:crypto';
import { encodePart } from '../base/compact.ts';

/** The end of a segment; a line that says that it was taken away. */
export type LogSignatureType = 'lk-segment' | 'lk-retired';

const headerOf = (gateway: string, typ: LogSignatureType): string =>
  encodePart(JSON.stringify({ alg: 'EdDSA', kid: gateway, typ }));

export function signSegment(
  key: KeyObject,
  gateway: string,
  claim: string,
  typ: LogSignatureType = 'lk-segment',
): string {
  const signed = `${headerOf(gateway, typ)}.${encodePart(claim)}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), key).toString('base64url')}`;
}

/** Whether it is the gateway's signature of exactly that. @param x of its Ed25519 key */
export function isSegmentSignature(
  sig: string,
  x: string,
  gateway: string,
  claim: string,
  typ: LogSignatureType = 'lk-segment',
): boolean {
  const signed = `${headerOf(gateway, typ)}.${encodePart(claim)}`;
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
