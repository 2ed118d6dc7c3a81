/**
 * How the two ends of the agent's socket prove themselves: each by an HMAC, under the key of this start, over both
 * nonces, its role and the vault. Invariant: the server proves first, so that nobody else is ever told anything; a proof
 * is worth nothing on another connection, in the other direction, or for another vault.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export const nonceBytes = 32;
const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Client → server. */
export const hello = z.strictObject({ latchkeyAgent: z.literal(1), nonce: digest });
/** Server → client. */
export const welcome = z.strictObject({ nonce: digest, proof: digest });
/** Client → server. */
export const answer = z.strictObject({ proof: digest });

export type Handshake = {
  readonly vaultId: string;
  readonly clientNonce: string;
  readonly serverNonce: string;
};
export type Role = 'server' | 'client';

/** The proof of one side, base64url. */
export function proofOf(
  key: Uint8Array,
  role: Role,
  { vaultId, clientNonce, serverNonce }: Handshake,
): string {
  // JSON of a list: no two different sets of parts give the same text.
  const text = JSON.stringify(['latchkey agent 1', role, vaultId, clientNonce, serverNonce]);
  return createHmac('sha256', key).update(text).digest('base64url');
}

export function isProof(key: Uint8Array, role: Role, handshake: Handshake, offered: string): boolean {
  const expected = Buffer.from(proofOf(key, role, handshake));
  const given = Buffer.from(offered);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
