/**
 * One line of the log: a JWS over `{v, vault, seq, prev, epoch, atMs, clear, keys?, jwe}`, spelled as JCS. Invariant: a
 * line says which vault it belongs to, its place, and the hash of the line before; whoever holds the last hash holds the
 * whole log. These schemas are part of the format: strict and frozen.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import { operatorId } from '../../shared/model/ids.ts';
import { b64u32 } from '../base/compact.ts';
import { isJcs, jcs } from './jcs.ts';
import type { Binding } from '../base/seal-text.ts';

/** Most events on one line. */
export const maxEventsPerLine = 20_000;
/** Most operators that one line can grant a key to. */
const maxGrants = 10_000;

const idShape = /^[0-9A-Za-z_-]{1,64}$/;
const isId = (value: unknown): boolean => typeof value === 'string' && idShape.test(value);
/** Judged as a whole: a complaint about each of a million entries would fill the memory. */
const idList = (fits: (ids: readonly unknown[]) => boolean) =>
  z.custom<string[]>((value) => Array.isArray(value) && fits(value) && value.every(isId));
const hash = z.string().regex(b64u32);
const seqNo = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** What a JavaScript date holds (ECMA-262, 21.4.1.1). */
const maxAtMs = 8.64e15;
const atMs = z.int().min(0).max(maxAtMs);
const isAtMs = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= maxAtMs;
const publicKey = <C extends 'Ed25519' | 'X25519'>(crv: C) =>
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal(crv), x: hash });

const authority = z.strictObject({
  signer: operatorId,
  // Other kinds, removal and quorums come with their issue; until then such a line is void.
  kind: z.literal('operator'),
  keyNo: z.int().min(1).max(999_999_999),
  signKey: publicKey('Ed25519'),
  receiveKey: publicKey('X25519'),
  role: z.enum(['admin', 'lead', 'auditor']),
  teamIds: idList((ids) => ids.length <= maxEventsPerLine),
  removed: z.literal(false),
  adminQuorum: z.literal(1),
});
const denied = idList((ids) => ids.length > 0 && new Set(ids).size === ids.length);
const ends = z.custom<Record<string, number>>(
  (value) =>
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.entries(value).every(([id, endMs]) => isId(id) && isAtMs(endMs)),
);
const denies = z.strictObject({
  tokens: denied.exactOptional(),
  ends: ends.exactOptional(),
  environments: denied.exactOptional(),
  teams: denied.exactOptional(),
  channels: denied.exactOptional(),
});
/** A line with one of the last three says nothing else. */
const clear = z.union([
  z.strictObject({ denies: denies.exactOptional() }),
  z.strictObject({ authority }),
  z.strictObject({ format: z.strictObject({ to: z.int().min(2).max(1_000_000) }) }),
  z.strictObject({
    restored: z.strictObject({ fromSeq: seqNo, lostSeq: seqNo, lostHash: hash }),
  }),
]);

export const keyName = z.enum(['org', 'upstream']);
export type KeyName = z.infer<typeof keyName>;

const broughtKey = z.strictObject({
  name: keyName,
  // New epochs begin when somebody is removed, which comes with its issue.
  epoch: z.literal(0),
  commitment: hash,
  // Counted before they are looked at.
  grants: z
    .array(z.unknown())
    .min(1)
    .max(maxGrants)
    .pipe(z.array(z.strictObject({ operator: operatorId, jwe: z.string().min(1).max(2000) }))),
});
/** A key that a line brings: what it is, and one ciphertext for each who gets it. */
export type BroughtKey = Readonly<z.infer<typeof broughtKey>>;

const linePayload = z.strictObject({
  v: z.literal(1),
  vault: z.string(),
  seq: seqNo,
  prev: hash.nullable(),
  epoch: z.literal(0),
  atMs,
  clear,
  keys: z.array(broughtKey).min(1).max(2).exactOptional(),
  jwe: z.string(),
});
export type LinePayload = Readonly<z.infer<typeof linePayload>>;

/** SHA-256 of a line without its newline, base64url. */
export function hashLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('base64url');
}

/** The payload of an authentic line, or why the line is void. `parsed` is what JSON.parse made of `text`. */
export function parsePayload(
  text: string,
  parsed: unknown,
): { readonly ok: true; readonly payload: LinePayload } | { readonly ok: false; readonly why: string } {
  const result = linePayload.safeParse(parsed);
  if (!result.success) {
    const path = result.error.issues[0]?.path.join('.') ?? '';
    return {
      ok: false,
      why: `its payload has another form (${path === '' ? 'members' : path.slice(0, 60)})`,
    };
  }
  if (!isJcs(text, parsed)) return { ok: false, why: 'its payload is spelled in another way' };
  return { ok: true, payload: result.data };
}

export const payloadText = (payload: LinePayload): string => jcs(payload);

/** A signer that a line names, whether or not the line may. */
export type NamedSigner = { readonly signer: string; readonly keyNo: number; readonly signKey: OkpPublicKey };

const naming = z.object({
  clear: z.object({ authority: authority.pick({ signer: true, keyNo: true, signKey: true }).loose() }),
});

/** Whom a payload names, however wrong it is otherwise: lines of such a signer are recognised, and void. */
export function namedSigner(parsed: unknown): NamedSigner | undefined {
  const result = naming.safeParse(parsed);
  if (!result.success) return undefined;
  const { signer, keyNo, signKey } = result.data.clear.authority;
  return { signer, keyNo, signKey };
}

/** What the ciphertext of a line is bound to. */
export const contentBinding = (vaultId: string, seq: number, epoch: number): Binding => ({
  use: 'events',
  vault: vaultId,
  key: 'org',
  epoch,
  seq,
});
