/**
 * Tokens. Invariants: a digest belongs to one token for ever; a token ends after it began and never before its line; a
 * dead token never lives again; whatever gives more (issue, rotation, a change that widens) is judged by the policies
 * here, not only in the service; whatever takes away always passes.
 */
import { z } from 'zod';
import type { Token } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { tokenId } from '../../shared/model/ids.ts';
import type { LineContext } from '../vault/domain.ts';
import { isLive, requireEntry, requireNewId } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';
import {
  channelId,
  environmentId,
  holderId,
  idsOf,
  storedMs,
  storedNetworks,
  storedNote,
  storedReason,
  teamId,
} from './stored.ts';
import { requireChangeAllowed, requireIssueAllowed } from './token-rules.ts';

const issued = {
  id: tokenId,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  holderId,
  teamId,
  environmentId,
  channelIds: idsOf(channelId, 1),
  permission: z.literal('install'),
  notBeforeMs: storedMs.optional(),
  expiresAtMs: storedMs,
  networks: storedNetworks,
  note: storedNote,
};
const newToken = z.strictObject(issued);
export type NewToken = Readonly<z.infer<typeof newToken>>;

export const tokenEvents = {
  'token.issued': eventKind({
    schema: z.strictObject({ type: z.literal('token.issued'), token: newToken }),
    right: 'own-team',
    teamsOf: (_before, { token }) => [token.teamId],
    apply: (before, { token }, line) => add(before, token, line, undefined),
  }),
  /** The predecessor gets `rotatedTo` and an earlier end; the successor is a whole new token of the same scope. */
  'token.rotated': eventKind({
    schema: z.strictObject({
      type: z.literal('token.rotated'),
      predecessorId: tokenId,
      predecessorExpiresAtMs: storedMs,
      successor: newToken,
    }),
    right: 'own-team',
    teamsOf: (before, event) => {
      const predecessor = before.tokens.get(event.predecessorId);
      return [event.successor.teamId, ...(predecessor === undefined ? [] : [predecessor.teamId])];
    },
    clear: (before, event) => endClear(before, event.predecessorId, event.predecessorExpiresAtMs),
    apply: (before, event, line) => {
      const { successor } = event;
      const predecessor = requireLive(before, event.predecessorId, line);
      if (predecessor.rotatedTo !== undefined) throw new UnfitEvent('the token was rotated already');
      if (successor.teamId !== predecessor.teamId || successor.environmentId !== predecessor.environmentId) {
        throw new UnfitEvent('a successor has the team and the environment of its predecessor');
      }
      const after = add(before, successor, line, predecessor.id);
      const ended: Token = {
        ...predecessor,
        rotatedTo: successor.id,
        expiresAtMs: Math.min(predecessor.expiresAtMs, event.predecessorExpiresAtMs),
      };
      return { ...after, tokens: after.tokens.set(ended.id, ended) };
    },
  }),
  /** Holder, note, scope and end of a live token. Narrowing always passes; what widens is judged like an issue. */
  'token.changed': eventKind({
    schema: z.strictObject({
      type: z.literal('token.changed'),
      tokenId,
      holderId,
      channelIds: idsOf(channelId, 1),
      notBeforeMs: storedMs.optional(),
      expiresAtMs: storedMs,
      networks: storedNetworks,
      note: storedNote,
    }),
    right: 'own-team',
    teamsOf: (before, event) => teamOf(before, event.tokenId),
    clear: (before, event) => endClear(before, event.tokenId, event.expiresAtMs),
    apply: (before, { type: _type, tokenId: id, ...fields }, line) => {
      const token = requireLive(before, id, line);
      requireEntry(before.holders, fields.holderId, 'holder');
      const { notBeforeMs: _notBefore, ...kept } = token;
      const changed: Token = { ...kept, ...fields };
      requireChangeAllowed(before, token, changed);
      return { ...before, tokens: before.tokens.set(id, changed) };
    },
  }),
  'token.revoked': eventKind({
    schema: z.strictObject({
      type: z.literal('token.revoked'),
      tokenIds: idsOf(tokenId, 1),
      reason: storedReason,
    }),
    right: 'own-team',
    teamsOf: (before, event) => event.tokenIds.flatMap((id) => teamOf(before, id)),
    clear: (_before, event) => ({ denies: { tokens: event.tokenIds } }),
    apply: (before, { tokenIds, reason }, { atMs, signer }) => {
      let tokens = before.tokens;
      for (const id of tokenIds) {
        const token = requireEntry(tokens, id, 'token');
        // The first revocation stays: its time and reason are evidence.
        if (token.revoked === undefined) {
          tokens = tokens.set(id, { ...token, revoked: { atMs, by: signer, reason } });
        }
      }
      return { ...before, tokens };
    },
  }),
} as const;

function add(
  before: OrganizationState,
  token: NewToken,
  line: LineContext,
  rotatedFrom: TokenId | undefined,
): OrganizationState {
  requireNewId(before.tokens, token.id, 'token');
  if (before.digests.has(token.digest)) throw new UnfitEvent('this secret was issued before');
  requireEntry(before.holders, token.holderId, 'holder');
  requireEntry(before.teams, token.teamId, 'team');
  requireEntry(before.environments, token.environmentId, 'environment');
  requireIssueAllowed(before, token, line);
  const added: Token = {
    ...token,
    issuedAtMs: line.atMs,
    issuedBy: line.signer,
    ...(rotatedFrom === undefined ? {} : { rotatedFrom }),
  };
  return {
    ...before,
    tokens: before.tokens.set(token.id, added),
    digests: before.digests.set(token.digest, token.id),
  };
}

function requireLive(state: OrganizationState, id: TokenId, line: LineContext): Token {
  const token = requireEntry(state.tokens, id, 'token');
  if (token.revoked !== undefined) throw new UnfitEvent(`token lk-${id} is revoked`);
  if (!isLive(token, line)) throw new UnfitEvent(`token lk-${id} has expired`);
  return token;
}

function teamOf(state: OrganizationState, id: TokenId) {
  const token = state.tokens.get(id);
  return token === undefined ? [] : [token.teamId];
}

/** An end that comes earlier is a denial, and stands in clear. */
function endClear(before: OrganizationState, id: TokenId, expiresAtMs: number) {
  const token = before.tokens.get(id);
  return token !== undefined && expiresAtMs < token.expiresAtMs
    ? { denies: { ends: { [id]: expiresAtMs } } }
    : {};
}
