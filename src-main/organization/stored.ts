/**
 * The parts of stored events. Invariant: these schemas are strict and frozen. Nothing unknown is stripped, no bound is
 * ever tightened, and none follows the forms in `shared`: what a log may hold is part of the vault's format.
 */
import { z } from 'zod';
import {
  channelId,
  environmentId,
  holderId,
  operatorId,
  policyId,
  teamId,
  tokenId,
} from '../../shared/model/ids.ts';

/** Milliseconds since the epoch, within what a JavaScript date holds (ECMA-262, 21.4.1.1). */
export const storedMs = z.int().min(0).max(8.64e15);

/** One line without control characters (C0, DEL, C1) and without halves of surrogate pairs, which JSON cannot carry safely. */
const oneLine = (minChars: number, maxChars: number) =>
  z
    .string()
    .min(minChars)
    .max(maxChars)
    // eslint-disable-next-line no-control-regex
    .regex(/^[^\u0000-\u001f\u007f-\u009f\p{Surrogate}]*$/u);
/** Names of organization, operators and holders. Wider than any form asks for. */
export const storedName = oneLine(1, 256);
export const storedNote = oneLine(0, 4096);
export const storedReason = oneLine(1, 1024);
/** A name that stands in URLs and in commands. Linear: each character is looked at once. */
export const storedSlug = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-z0-9._-]+$/)
  .regex(/^[a-z0-9]/)
  .regex(/[a-z0-9]$/);

/** How an upstream's URL begins, and what cannot stand in it; the fold asks the URL parser for the rest. */
export const storedHttpUrl = z
  .string()
  .max(4096)
  // eslint-disable-next-line no-control-regex
  .regex(/^https?:\/\/[^\s\\\u0000-\u001f\u007f-\u009f\p{Surrogate}]+$/u);

/** 32 bytes as base64url in their one spelling: the two bits that the last character has too many are zero. */
export const stored32Bytes = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);

/** A public key as JWK (RFC 8037). */
const publicKeyOf = (crv: 'Ed25519' | 'X25519') =>
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal(crv),
    x: stored32Bytes,
  });
export const storedSignKey = publicKeyOf('Ed25519');
export const storedReceiveKey = publicKeyOf('X25519');

export const storedRole = z.enum(['admin', 'lead', 'auditor']);

/** Most ids of one kind in one event, and most entries of any list. */
export const maxIds = 20_000;
/** A list of ids without doubles, so that one list has few spellings and no id counts twice. */
export const idsOf = <S extends z.ZodType<string>>(id: S, least: 0 | 1) =>
  z
    .array(id)
    .min(least)
    .max(maxIds)
    .refine((ids) => new Set(ids).size === ids.length, 'names an id twice')
    .readonly();

/** All that there is and will be, or a list that is never empty: an empty list is not "all". */
const allOr = <S extends z.ZodType<string>>(id: S) => z.union([z.literal('all'), idsOf(id, 1)]);
export const storedTeamScope = allOr(teamId);
export const storedEnvironmentScope = allOr(environmentId);
/** Blocks in the one spelling that `parseNetworks` gives; the fold checks that. */
export const storedNetworks = z.union([
  z.literal('anywhere'),
  z.array(z.string().min(1).max(64)).min(1).max(256).readonly(),
]);

/** `host:port` or blocks, each in the one spelling that `parsePrivateHosts` gives; the fold checks that. */
export const storedPrivateHosts = z
  .array(z.string().min(1).max(264))
  .min(1)
  .max(256)
  .refine((hosts) => new Set(hosts).size === hosts.length, 'names a host twice')
  .readonly();

export { channelId, environmentId, holderId, operatorId, policyId, teamId, tokenId };
