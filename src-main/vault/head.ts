/**
 * The head: a signed statement of the last line by whoever appended it. Invariant: it says nothing that the line does not
 * say too, except that it was the last; so it can only reveal that lines are missing, never allow anything.
 */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { b64u32, FormError } from '../base/compact.ts';
import { isJcs, jcs } from './jcs.ts';
import type { PrivateJwk } from './seal.ts';
import { isSignedBy, objectOf, readClaim, signText } from './sign.ts';
import type { OperatorId } from '../../shared/model/ids.ts';

const headPayload = z.strictObject({
  vault: z.string(),
  /** Place of the last line, from 0. */
  seq: z.int().min(0),
  hash: z.string().regex(b64u32),
  atMs: z.int().min(0).max(8.64e15),
});
export type Head = Readonly<z.infer<typeof headPayload>>;

/** A head as it stands there: what it claims, and who. */
export type StoredHead = Head & { readonly jws: string; readonly kid: string; readonly signer: OperatorId };

export function signHead(signKey: PrivateJwk, kid: string, head: Head): string {
  return signText(signKey, 'lk-head', kid, jcs(head));
}

/** What a stored head claims; undefined when it is none of this vault. Its signature is not checked yet. */
export function readHead(jws: string, vaultId: string): StoredHead | undefined {
  try {
    const claim = readClaim(jws, 'lk-head');
    const parsed = objectOf(claim.payload, 'its payload');
    const result = headPayload.safeParse(parsed);
    if (!claim.isPlainHeader || !result.success || !isJcs(claim.payload, parsed)) return undefined;
    if (result.data.vault !== vaultId) return undefined;
    return { ...result.data, jws, kid: claim.kid, signer: claim.signer };
  } catch (error) {
    if (error instanceof FormError) return undefined;
    throw error;
  }
}

export const headHolds = (head: StoredHead, key: KeyObject): boolean => isSignedBy(key, head.jws);
