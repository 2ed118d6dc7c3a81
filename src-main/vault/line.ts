/**
 * One line of the log: a JWS over `{v, vault, seq, prev, epoch, jwe, grants?, operators?}`. Invariant: a line says which
 * vault it belongs to, its place, and the hash of the line before; whoever holds the last hash holds the whole log.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { grant, publicOperator } from './types.ts';

export const linePayload = z.strictObject({
  v: z.literal(1),
  vault: z.string(),
  seq: z.number().int().min(0),
  prev: z.string().nullable(),
  epoch: z.number().int().min(0),
  jwe: z.string(),
  grants: z.array(grant).max(10_000).optional(),
  operators: z.array(publicOperator).max(1000).optional(),
});
export type LinePayload = Readonly<z.infer<typeof linePayload>>;

/** SHA-256 of a line without its newline, base64url. */
export function hashLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('base64url');
}

const jwsShape = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
/** Base64url has several spellings of the same bytes (unused last bits); a line has one, so that its hash has one. */
const isCanonical = (part: string) => Buffer.from(part, 'base64url').toString('base64url') === part;

/** The payload of a line, without checking the signature. @throws Error when it is no such line */
export function readPayload(line: string): LinePayload {
  const [, header, payload, signature] = jwsShape.exec(line) ?? [];
  if (header === undefined || payload === undefined || signature === undefined)
    throw new Error('not a signed line');
  if (![header, payload, signature].every(isCanonical)) throw new Error('not canonical base64url');
  return linePayload.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}
