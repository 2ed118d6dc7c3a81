/** Tokens without digests; a secret stands in `issuedToken` alone. */
import { z } from 'zod';
import { holder, limits, note, token, tokenState } from '../model/domain.ts';
import { channelId, environmentId, holderId, teamId, tokenId } from '../model/ids.ts';
import { hoursPerDay } from '../model/time.ts';
import { atMs, count, policyUse } from './atoms.ts';
import { holderChoice } from './directory-views.ts';
import { tokenSortKeys } from '../model/token-list.ts';

export const tokenUsage = z.object({
  firstUsedAtMs: atMs,
  lastUsedAtMs: atMs,
  lastClient: z.string(),
  lastAddress: z.string(),
  allowed: count,
  denied: count,
  bytes: count,
  /** Clients and networks seen lately, newest first; during a rotation they tell who still uses the old token. */
  clients: z.array(z.object({ client: z.string(), address: z.string(), lastAtMs: atMs, requests: count })),
  /** What policies said to its requests, what spoke last first; also those that only observe. */
  policies: z.array(policyUse).max(60).optional(),
});
export type TokenUsage = z.infer<typeof tokenUsage>;

export const tokenView = token
  .unwrap()
  .omit({ digest: true, holderId: true })
  .extend({
    holder: holder.unwrap().pick({ id: true, kind: true, name: true }),
    state: tokenState,
    teamName: z.string(),
    environmentName: z.string(),
    channelNames: z.array(z.string()),
    issuedByName: z.string(),
    usage: tokenUsage.optional(),
  });
export type TokenView = Readonly<z.infer<typeof tokenView>>;

export const networkList = z.array(z.string().trim().min(1).max(64)).min(1).max(limits.networks);
const networksDraft = z.union([z.literal('anywhere'), networkList]);

export const issueDraft = z.object({
  /** One that there is, by its id, or by kind and name: made when there is none. */
  holder: holderChoice,
  teamId,
  environmentId,
  channelIds: z.array(channelId).min(1, 'choose at least one channel').max(200),
  ttlDays: z.number().int().min(1).max(limits.ttlDays),
  networks: networksDraft.default('anywhere'),
  note: note.default(''),
});

/** How long a token and its successor both work, hours. */
export const overlapHours = z
  .number()
  .int()
  .min(0)
  .max(limits.overlapDays * hoursPerDay);

/** What changes about a token; what is left out stays. Narrowing always passes, widening is judged like an issue. */
export const tokenChange = z.object({
  id: tokenId,
  holder: holderChoice.optional(),
  note: note.optional(),
  channelIds: z.array(channelId).min(1, 'choose at least one channel').max(200).optional(),
  networks: networksDraft.optional(),
  expiresAtMs: atMs.optional(),
});
export type TokenChange = z.input<typeof tokenChange>;

export const tokenSort = z.enum(tokenSortKeys);
export type TokenSort = z.infer<typeof tokenSort>;
export const tokenQuery = z.object({
  search: z.string().max(200).default(''),
  /** Only these; empty for all. */
  ids: z.array(tokenId).max(1000).default([]),
  holderIds: z.array(holderId).max(200).default([]),
  states: z.array(tokenState).max(5).default([]),
  teamIds: z.array(teamId).max(200).default([]),
  environmentIds: z.array(environmentId).max(200).default([]),
  channelIds: z.array(channelId).max(200).default([]),
  sort: tokenSort.default('issued'),
  descending: z.boolean().default(true),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(1000).default(200),
});

export const tokenPage = z.object({
  rows: z.array(tokenView),
  total: count,
  /** Over all tokens, whatever the filter: for the tiles above the table. */
  countByState: z.record(tokenState, count),
});
export type TokenPage = z.infer<typeof tokenPage>;

/** The one answer that carries a secret. The renderer holds it in component state only, and drops it on close. */
export const issuedToken = z.object({ token: tokenView, secret: z.string() });
export type IssuedToken = z.infer<typeof issuedToken>;
