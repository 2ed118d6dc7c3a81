import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { NewToken } from '../organization/token.ts';
import type { OrganizationState } from '../organization/state.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import { findOrCreateHolder } from './holders.ts';
import {
  normalNetworks,
  requireAllowed,
  requireChangeAllowed,
  requireLiveToken,
  requireReach,
} from './token-checks.ts';
import { tokenBulk } from './token-bulk.ts';
import { changeEvent, tokenMaker } from './token-maker.ts';
import { queryTokens } from './token-query.ts';
import { tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';
import { dayMs } from '../../shared/model/time.ts';

/** Tokens: issue, find, change, rotate, revoke. A secret leaves this service once, in the answer to `issue` and `rotate`. */
export function tokensService(context: Context, usage: UsageStore): Handlers['tokens'] {
  const { freshToken, rotationOf } = tokenMaker(context);
  const view = (state: OrganizationState, id: Token['id']) =>
    tokenView(state, requireEntry(state.tokens, id, 'token'), context.now(), usage);

  return {
    list: async (query) => {
      usage.refresh();
      const state = context.vault().state();
      return queryTokens(context.indexes().tokens(), state, query, context.now(), usage);
    },

    get: async ({ id }) => {
      usage.refresh();
      return view(context.vault().state(), id);
    },

    issue: async ({ holder: choice, ttlDays, ...draft }) => {
      const networks = normalNetworks(draft.networks);
      const { result, state } = await context.commit((before, { atMs }) => {
        const { teamId, environmentId } = draft;
        requireEntry(before.teams, teamId, 'team');
        requireEntry(before.environments, environmentId, 'environment');
        requireReach(before, environmentId, draft.channelIds);
        requireAllowed(before, { teamId, environmentId, ttlMs: ttlDays * dayMs, networks });
        const holder = findOrCreateHolder(before, choice, context);
        const made = freshToken(before);
        const token: NewToken = {
          id: made.id,
          digest: made.digest,
          holderId: holder.id,
          teamId,
          environmentId,
          channelIds: [...new Set(draft.channelIds)],
          permission: 'install',
          expiresAtMs: atMs + ttlDays * dayMs,
          networks,
          note: draft.note,
        };
        return {
          events: [...holder.events, { type: 'token.issued', token }],
          result: { id: made.id, secret: made.token },
        };
      });
      return { token: view(state, result.id), secret: result.secret };
    },

    rotate: async ({ id, overlapHours, ttlDays }) => {
      const { result, state } = await context.commit((before, { atMs }) => {
        const predecessor = requireEntry(before.tokens, id, 'token');
        requireLiveToken(predecessor, atMs);
        requireNotRotated(predecessor);
        requireReach(before, predecessor.environmentId, predecessor.channelIds);
        const { teamId, environmentId, networks } = predecessor;
        requireAllowed(before, { teamId, environmentId, ttlMs: ttlDays * dayMs, networks });
        const { event, issued } = rotationOf(before, predecessor, { overlapHours, ttlDays }, atMs);
        return { events: [event], result: issued };
      });
      return { token: view(state, result.id), secret: result.secret };
    },

    change: async ({ id, holder: choice, ...draft }) => {
      const networks = draft.networks === undefined ? undefined : normalNetworks(draft.networks);
      const { state } = await context.commit((before, { atMs }) => {
        const token = requireEntry(before.tokens, id, 'token');
        requireLiveToken(token, atMs);
        const holder =
          choice === undefined
            ? { id: token.holderId, events: [] }
            : findOrCreateHolder(before, choice, context);
        const after: Token = {
          ...token,
          holderId: holder.id,
          note: draft.note ?? token.note,
          channelIds: draft.channelIds === undefined ? token.channelIds : [...new Set(draft.channelIds)],
          networks: networks ?? token.networks,
          expiresAtMs: draft.expiresAtMs ?? token.expiresAtMs,
        };
        requireChangeAllowed(before, token, after);
        if (isSame(token, after)) return { events: [], result: undefined };
        return { events: [...holder.events, changeEvent(after)], result: undefined };
      });
      return view(state, id);
    },

    revoke: async ({ ids, reason }) => {
      const { result } = await context.commit((state) => {
        const wanted = [...new Set(ids)].map((id) => requireEntry(state.tokens, id, 'token'));
        const alreadyRevoked = wanted.filter((token) => token.revoked !== undefined).map(({ id }) => id);
        const revoked = wanted.filter((token) => token.revoked === undefined).map(({ id }) => id);
        return {
          events: revoked.length === 0 ? [] : [{ type: 'token.revoked', tokenIds: revoked, reason }],
          result: { revoked, alreadyRevoked },
        };
      });
      return result;
    },

    ...tokenBulk(context, usage, rotationOf),
  };
}

function requireNotRotated(token: Token): void {
  if (token.rotatedTo === undefined) return;
  throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['tokenRotated', token.id, token.rotatedTo]);
}

/** Whether a change changes nothing; then nothing is written. */
function isSame(a: Token, b: Token): boolean {
  return (
    a.holderId === b.holderId &&
    a.note === b.note &&
    a.expiresAtMs === b.expiresAtMs &&
    a.channelIds.join() === b.channelIds.join() &&
    String(a.networks) === String(b.networks)
  );
}
