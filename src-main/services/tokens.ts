import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { DomainEvent } from '../../shared/model/events.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { reasonText } from '../../shared/texts/reason-text.ts';
import { evaluateTokenRules } from '../policy/token-rules.ts';
import { newToken, tokenDigest } from '../tokens/format.ts';
import { planRotation, tokenState } from '../tokens/lifecycle.ts';
import { parseNetworks } from '../tokens/networks.ts';
import { mustFind } from './checks.ts';
import type { Context } from './context.ts';
import { queryTokens, tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';
import { dayMs } from '../../shared/model/time.ts';

/** Tokens: issue, find, rotate, revoke. A secret leaves this service once, in the answer to `issue` and `rotate`. */
export function tokensService(context: Context, usage: UsageStore): Handlers['tokens'] {
  const freshToken = (state: VaultState) => {
    for (;;) {
      const made = newToken(context.randomBytes);
      // 62^8 ids: a clash is a curiosity, but two tokens of one id would be told apart nowhere.
      if (!state.tokens.has(made.id)) return made;
    }
  };

  return {
    list: async (query) => queryTokens(context.vault().state(), query, context.now(), usage),

    get: async ({ id }) => {
      const state = context.vault().state();
      return tokenView(state, mustFind(state.tokens, id, 'token'), context.now(), usage);
    },

    issue: async (draft) => {
      const networks = parseNetworks(draft.networks);
      const vault = context.vault();
      const { token, secret } = await vault.transact((state) => {
        mustFind(state.teams, draft.teamId, 'team');
        mustFind(state.environments, draft.environmentId, 'environment');
        mustReach(state, draft.environmentId, draft.channelIds);
        mustBeAllowed(state, { ...draft, networks });
        const made = freshToken(state);
        const nowMs = context.now();
        const issued: Token = {
          id: made.id,
          digest: tokenDigest(made.token),
          holder: draft.holder,
          teamId: draft.teamId,
          environmentId: draft.environmentId,
          channelIds: [...new Set(draft.channelIds)],
          permission: 'install',
          issuedAtMs: nowMs,
          issuedBy: vault.operator.id,
          expiresAtMs: nowMs + draft.ttlDays * dayMs,
          networks,
          note: draft.note,
        };
        const events: DomainEvent[] = [{ type: 'token.issued', atMs: nowMs, token: issued }];
        return { events, result: { token: issued, secret: made.token } };
      });
      await context.syncGateway();
      return { token: tokenView(vault.state(), token, context.now(), usage), secret };
    },

    rotate: async ({ id, overlapHours, ttlDays }) => {
      const vault = context.vault();
      const { token, secret } = await vault.transact((state) => {
        const before = mustFind(state.tokens, id, 'token');
        mustBeRotatable(before, context.now());
        mustReach(state, before.environmentId, before.channelIds);
        mustBeAllowed(state, { ...before, ttlDays });
        const nowMs = context.now();
        const plan = planRotation(before, { ttlDays, overlapHours, nowMs });
        const made = freshToken(state);
        const { rotatedTo: _rotatedTo, revoked: _revoked, notBeforeMs: _notBefore, ...kept } = before;
        const successor: Token = {
          ...kept,
          id: made.id,
          digest: tokenDigest(made.token),
          issuedAtMs: nowMs,
          issuedBy: vault.operator.id,
          expiresAtMs: plan.successorExpiresAtMs,
          rotatedFrom: before.id,
        };
        const events: DomainEvent[] = [
          {
            type: 'token.rotated',
            atMs: nowMs,
            predecessorId: before.id,
            predecessorExpiresAtMs: plan.predecessorExpiresAtMs,
            successor,
          },
        ];
        return { events, result: { token: successor, secret: made.token } };
      });
      await context.syncGateway();
      return { token: tokenView(vault.state(), token, context.now(), usage), secret };
    },

    revoke: async ({ ids, reason }) => {
      const outcome = await context.vault().transact((state) => {
        const wanted = [...new Set(ids)].map((id) => mustFind(state.tokens, id, 'token'));
        const alreadyRevoked = wanted.filter((token) => token.revoked !== undefined).map((token) => token.id);
        const revoked = wanted.filter((token) => token.revoked === undefined).map((token) => token.id);
        const events: DomainEvent[] =
          revoked.length === 0
            ? []
            : [{ type: 'token.revoked', atMs: context.now(), tokenIds: revoked, reason }];
        return { events, result: { revoked, alreadyRevoked } };
      });
      await context.syncGateway();
      return outcome;
    },
  };
}

/** Every channel must be there, and be usable in the environment. @throws LatchkeyError NOT_FOUND, INVALID_INPUT */
function mustReach(
  state: VaultState,
  environmentId: Token['environmentId'],
  channelIds: Token['channelIds'],
): void {
  for (const id of channelIds) {
    const channel = mustFind(state.channels, id, 'channel');
    if (!channel.environmentIds.includes(environmentId)) {
      const environment = state.environments.get(environmentId)?.name ?? 'this environment';
      throw new LatchkeyError(
        'INVALID_INPUT',
        `Channel "${channel.name}" is not available in ${environment}. Leave it out, or add the environment to the channel.`,
        { details: { channel: channel.name, environment } },
      );
    }
  }
}

/** @throws LatchkeyError POLICY_DENIED with every reason, so that all can be mended at once. */
function mustBeAllowed(
  state: VaultState,
  facts: Pick<Token, 'teamId' | 'environmentId' | 'networks'> & { readonly ttlDays: number },
): void {
  const decision = evaluateTokenRules([...state.policies.values()], facts);
  if (decision.effect === 'allow') return;
  const reasons = decision.reasons.filter((reason) => reason.mode === 'enforce');
  const words = reasons.map(reasonText).join('; ');
  throw new LatchkeyError('POLICY_DENIED', `A policy does not allow this token: ${words}.`, {
    details: { reasons },
  });
}

function mustBeRotatable(token: Token, nowMs: number): void {
  const current = tokenState(token, nowMs);
  if (current === 'revoked') {
    throw new LatchkeyError('TOKEN_REVOKED', `Token lk-${token.id} is revoked. Issue a new one instead.`);
  }
  if (current === 'expired') {
    throw new LatchkeyError('TOKEN_EXPIRED', `Token lk-${token.id} has expired. Issue a new one instead.`);
  }
  if (token.rotatedTo !== undefined) {
    throw new LatchkeyError(
      'OPERATION_NOT_ALLOWED',
      `Token lk-${token.id} was rotated already; rotate its successor lk-${token.rotatedTo} instead.`,
    );
  }
}
