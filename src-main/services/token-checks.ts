/** What a token must meet before it is issued or gets more. The fold asks the same; here it is said so that it helps. */
import { LatchkeyError } from '../../shared/errors.ts';
import type { Networks, Token } from '../../shared/model/domain.ts';
import { limits } from '../../shared/model/domain.ts';
import { dayMs } from '../../shared/model/time.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { TokenFacts } from '../policy/token-rules.ts';
import { evaluateTokenRules } from '../policy/token-rules.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import { isNarrowerOrEqual, parseNetworks } from '../tokens/networks.ts';
import { requireEntry } from './checks.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.tokens.gone;

/** The one spelling of each block. @throws LatchkeyError INVALID_INPUT */
export function normalNetworks(networks: Networks): Networks {
  return networks === 'anywhere' ? networks : parseNetworks(networks);
}

/** Every channel must be there, and be usable in the environment. @throws LatchkeyError NOT_FOUND, INVALID_INPUT */
export function requireReach(
  state: OrganizationState,
  environmentId: Token['environmentId'],
  channelIds: Token['channelIds'],
): void {
  for (const id of channelIds) {
    const channel = requireEntry(state.channels, id, 'channel');
    if (channel.environmentIds.includes(environmentId)) continue;
    const environment = state.environments.get(environmentId)?.name ?? words.thisEnvironment;
    throw new LatchkeyError('INVALID_INPUT', ['channelNotInEnvironment', channel.name, environment], {
      details: { channel: channel.name, environment },
    });
  }
}

/** @throws LatchkeyError POLICY_DENIED with every reason, so that all can be mended at once. */
export function requireAllowed(state: OrganizationState, facts: TokenFacts): void {
  const decision = evaluateTokenRules(state.policies.values(), facts);
  if (decision.effect === 'allow') return;
  const reasons = decision.reasons.filter((reason) => reason.mode === 'enforce');
  throw new LatchkeyError('POLICY_DENIED', ['policyDenied', reasons], {
    details: { reasons },
  });
}

/**
 * What a change adds is judged like an issue, an extension by the whole lifetime; what stays or shrinks is not.
 * @throws LatchkeyError
 */
export function requireChangeAllowed(state: OrganizationState, before: Token, after: Token): void {
  const isExtended = after.expiresAtMs > before.expiresAtMs;
  if (isExtended && before.rotatedTo !== undefined) {
    throw new LatchkeyError('OPERATION_NOT_ALLOWED', [
      'tokenRotatedNotExtended',
      before.id,
      before.rotatedTo,
    ]);
  }
  if (after.expiresAtMs <= Math.max(before.issuedAtMs, before.notBeforeMs ?? 0)) {
    throw new LatchkeyError('INVALID_INPUT', ['tokenEndsBeforeStart']);
  }
  if (isExtended && after.expiresAtMs - before.issuedAtMs > limits.ttlDays * dayMs) {
    throw new LatchkeyError('INVALID_INPUT', ['tokenTooLong', limits.ttlDays]);
  }
  requireReach(
    state,
    after.environmentId,
    after.channelIds.filter((id) => !before.channelIds.includes(id)),
  );
  const { teamId, environmentId, networks } = after;
  requireAllowed(state, {
    teamId,
    environmentId,
    ...(isExtended ? { ttlMs: after.expiresAtMs - before.issuedAtMs } : {}),
    ...(isNarrowerOrEqual(networks, before.networks) ? {} : { networks }),
  });
}

/** @throws LatchkeyError TOKEN_REVOKED, TOKEN_EXPIRED */
export function requireLiveToken(token: Token, nowMs: number): void {
  const current = tokenState(token, nowMs);
  if (current === 'revoked') {
    throw new LatchkeyError('TOKEN_REVOKED', ['tokenRevoked', token.id]);
  }
  if (current === 'expired') {
    throw new LatchkeyError('TOKEN_EXPIRED', ['tokenExpired', token.id]);
  }
}
