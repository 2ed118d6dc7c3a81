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

const jwsShape = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

/** The payload of a line, without checking the signature. @throws Error when it is no such line */
export function readPayload(line: string): LinePayload {
  const part = jwsShape.exec(line)?.[1];
  if (part === undefined) throw new Error('not a signed line');
  return linePayload.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
}
