/** Several tokens at once: which ones, what is done with them, and what that would change. */
import { z } from 'zod';
import { limits, note, reason } from '../model/domain.ts';
import { channelId, tokenId } from '../model/ids.ts';
import { issuedToken, networkList, overlapHours, tokenQuery, tokenView } from './token-views.ts';

/** Which tokens are meant, without an order or a page. */
export const tokenFilter = tokenQuery.omit({ sort: true, descending: true, offset: true, limit: true });
export type TokenFilter = z.input<typeof tokenFilter>;

/** Tokens that were picked, or all that match a filter but some. */
export const tokenSelection = z.discriminatedUnion('by', [
  z.object({ by: z.literal('ids'), ids: z.array(tokenId).min(1).max(10_000) }),
  z.object({
    by: z.literal('filter'),
    filter: tokenFilter.prefault({}),
    except: z.array(tokenId).max(10_000).default([]),
  }),
]);
export type TokenSelection = z.input<typeof tokenSelection>;

const rotate = z.object({
  type: z.literal('rotate'),
  overlapHours,
  ttlDays: z.number().int().min(1).max(limits.ttlDays),
});
/** Only ever takes away: what a token does not have stays as it is. */
const narrow = z.object({
  type: z.literal('narrow'),
  removeChannelIds: z.array(channelId).max(200).default([]),
  /** From nowhere else any more; a token that is limited already keeps what both have in common. */
  networks: networkList.optional(),
  /** The latest end. */
  expiresAtMs: z.number().int().nonnegative().optional(),
});
const renote = z.object({ type: z.literal('note'), note });

/** What may be done with several tokens. */
export const bulkAct = z.discriminatedUnion('type', [
  z.object({ type: z.literal('revoke'), reason }),
  rotate,
  narrow,
  renote,
]);
export type BulkAct = z.input<typeof bulkAct>;
/** The same before a reason was given. */
export const bulkQuestion = z.discriminatedUnion('type', [
  z.object({ type: z.literal('revoke') }),
  rotate,
  narrow,
  renote,
]);
export type BulkQuestion = z.input<typeof bulkQuestion>;

/** Why a token of the selection stays as it is. */
export const bulkSkip = z.enum([
  'gone',
  'revoked',
  'expired',
  'replaced',
  'same',
  'no-channel-left',
  'no-network-left',
  'too-many-networks',
  'ends-before-begin',
  'policy',
  'channel',
]);
export type BulkSkip = z.infer<typeof bulkSkip>;

const count = z.number().int().nonnegative();
const plan = z.string().regex(/^[0-9a-f]{64}$/);

/** What an act would come to now. */
export const bulkPlan = z.object({
  /** How many tokens the selection has. */
  selected: count,
  /** How many of them the act would change. */
  changes: count,
  /** The others, by the reason why they stay as they are, most frequent first. */
  skipped: z.array(z.object({ why: bulkSkip, count })),
  /** The first of those that would change. */
  sample: z.array(tokenView),
  /** How many tokens one such act may change. */
  most: count,
  /** Names exactly the tokens that would change. */
  plan,
});
export type BulkPlan = Readonly<z.infer<typeof bulkPlan>>;

export const bulkQuestionInput = z.object({ selection: tokenSelection, act: bulkQuestion });
/** `plan` is that of the preview: if other tokens would change by now, nothing happens. */
export const bulkInput = z.object({ selection: tokenSelection, act: bulkAct, plan });
export const bulkOutcome = z.object({
  changed: count,
  /** After a rotation: the new tokens, each with its secret, once. */
  issued: z.array(issuedToken.extend({ replaces: tokenId })),
});
export type BulkOutcome = z.infer<typeof bulkOutcome>;
