/**
 * The nouns of the product (DESIGN: Names) as zod schemas, from which the readonly types derive. Shared by the services,
 * the contract and the renderer; what the log stores has schemas of its own (src-main/organization), so that a form may
 * change without changing what old logs mean. Times are milliseconds since the epoch (…AtMs).
 */
import { z } from 'zod';
import { channelId, environmentId, holderId, operatorId, teamId, tokenId } from './ids.ts';
import { lineProblem } from './text.ts';
import { tokenStates } from './token-list.ts';

/** Longest texts that the app accepts; generous for people, tight for attackers. */
export const limits = {
  nameChars: 64,
  noteChars: 500,
  reasonChars: 200,
  urlChars: 2048,
  pathChars: 4096,
  networks: 64,
  privateHosts: 64,
  /** Longest lifetime of a token, days; ten years. */
  ttlDays: 3650,
  /** Longest time that a token still works beside its successor, days. */
  overlapDays: 90,
} as const;

/** What is proposed where nobody said otherwise, days. */
export const usual = {
  /** Long enough not to annoy, short enough that a forgotten token dies. */
  ttlDays: 90,
  /** One working week and a weekend for everybody to change over. */
  overlapDays: 7,
} as const;

export const atMs = z.number().int().nonnegative().max(8.64e15);
/** Free text of one line: it cannot forge a log line or a header, nor hide what it says (text.ts). */
const oneLine = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => lineProblem(text) === undefined, {
      error: ({ input }) => lineProblem(String(input)),
    });
/** A text that people see: trimmed, not empty. */
export const displayName = oneLine(limits.nameChars).trim().min(1, 'must not be empty');
/** A name that becomes a part of a URL: lower case, digits, `-`, `_`, `.`; starts and ends with a letter or digit. */
export const slug = z
  .string()
  .min(1)
  .max(limits.nameChars)
  .regex(/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/, 'use lower-case letters, digits, "-", "_" and "."');
export const note = oneLine(limits.noteChars).trim();
export const reason = oneLine(limits.reasonChars).trim().min(1, 'a reason is needed');

export const operatorRole = z.enum(['admin', 'lead', 'auditor']);
export type OperatorRole = z.infer<typeof operatorRole>;

/** A public key as JWK (RFC 8037 OKP): x is base64url of the 32 bytes. */
export const okpPublicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.enum(['Ed25519', 'X25519']),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type OkpPublicKey = Readonly<z.infer<typeof okpPublicKey>>;

export const operator = z
  .object({
    id: operatorId,
    name: displayName,
    role: operatorRole,
    teamIds: z.array(teamId).readonly(),
    /** Which of the operator's key pairs these are; grows when the operator gets new ones. */
    keyNo: z.number().int().min(1),
    signKey: okpPublicKey,
    receiveKey: okpPublicKey,
    addedAtMs: atMs,
  })
  .readonly();
export type Operator = z.infer<typeof operator>;

export const team = z.object({ id: teamId, name: slug, description: note, createdAtMs: atMs }).readonly();
export type Team = z.infer<typeof team>;

export const environment = z
  .object({
    id: environmentId,
    name: slug,
    /** Orders environments from least to most trusted: dev 10, staging 20, prod 30. */
    rank: z.number().int().min(0).max(1000),
    isProtected: z.boolean(),
    createdAtMs: atMs,
  })
  .readonly();
export type Environment = z.infer<typeof environment>;

export const channelKind = z.enum(['conda', 'pypi']);
export type ChannelKind = z.infer<typeof channelKind>;

export const httpUrl = oneLine(limits.urlChars)
  .refine((value) => {
    try {
      const url = new URL(value);
      return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
    } catch {
      return false;
    }
  }, 'must be an http:// or https:// URL')
  .refine((value) => {
    try {
      const url = new URL(value);
      return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    } catch {
      return false;
    }
  }, 'must have no user name, password, query or fragment; give credentials in their own fields');

/** Where a channel's packages come from. The URL is the index's base, whatever its path (PyTorch's is not /simple/). */
export const upstream = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url'), url: httpUrl }).readonly(),
  /** A label; each computer keeps for itself which folder it means. */
  z.object({ type: z.literal('folder'), label: slug }).readonly(),
]);
export type Upstream = z.infer<typeof upstream>;

/** How the gateway signs in at an upstream. Sealed in the vault; never leaves main. */
export const upstreamCredentials = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('basic'), username: oneLine(256).min(1), password: oneLine(4096).min(1) })
    .readonly(),
  z.object({ type: z.literal('bearer'), token: oneLine(4096).min(1) }).readonly(),
  z
    .object({
      type: z.literal('conda-token'),
      token: z.string().regex(/^[A-Za-z0-9_-]{1,512}$/),
      /** The part of the URL's path behind which `/t/<token>` is put, e.g. `/api/repo`; absent: at the root. */
      path: z
        .string()
        .max(limits.urlChars)
        .regex(/^(?:\/[^/?#\s]+)+$/)
        .optional(),
    })
    .readonly(),
]);
export type UpstreamCredentials = z.infer<typeof upstreamCredentials>;

/** `t` is where conda's URLs say that a token follows: `/conda/t/<token>/<channel>`. */
export const channelName = slug.refine(
  (name) => name !== 't',
  'choose another name: "t" stands before a token in conda’s URLs',
);

export const channel = z
  .object({
    id: channelId,
    name: channelName,
    kind: channelKind,
    upstream,
    /** In which environments this channel may be used. */
    environmentIds: z.array(environmentId).readonly(),
    note,
    createdAtMs: atMs,
    /** Compact JWE under the vault's `upstream` key; absent when the upstream needs no credentials. */
    sealedCredentials: z.string().max(20_000).optional(),
    /** `host:port` or blocks of the local network that its upstream may be or lead to; absent for none. */
    privateHosts: z.array(z.string().max(264)).min(1).max(256).readonly().optional(),
  })
  .readonly();
export type Channel = z.infer<typeof channel>;

export const holderKind = z.enum(['person', 'service', 'agent']);
export type HolderKind = z.infer<typeof holderKind>;
/** Who or what uses tokens. The name is unique among holders of its kind. */
export const holder = z
  .object({ id: holderId, kind: holderKind, name: displayName, note, createdAtMs: atMs })
  .readonly();
export type Holder = z.infer<typeof holder>;

/** Everything there is and will be: a value of its own, so that removing the last of a list never widens a right. */
export const everything = z.literal('all');
/** CIDR blocks from which a token may be used, or anywhere. */
export const networks = z.union([
  z.literal('anywhere'),
  z.array(z.string().max(64)).min(1).max(limits.networks).readonly(),
]);
export type Networks = z.infer<typeof networks>;

export const token = z
  .object({
    id: tokenId,
    /** SHA-256 of the whole token, hex. The secret itself is never stored. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    holderId,
    teamId,
    environmentId,
    channelIds: z.array(channelId).min(1).readonly(),
    permission: z.enum(['install']),
    issuedAtMs: atMs,
    issuedBy: operatorId,
    expiresAtMs: atMs,
    notBeforeMs: atMs.optional(),
    networks,
    note,
    revoked: z.object({ atMs, by: operatorId, reason }).readonly().optional(),
    rotatedFrom: tokenId.optional(),
    /** The successor after a rotation; from then on expiresAtMs is at most the end of the overlap. */
    rotatedTo: tokenId.optional(),
  })
  .readonly();
export type Token = z.infer<typeof token>;

export const tokenState = z.enum(tokenStates);
export type TokenState = z.infer<typeof tokenState>;
