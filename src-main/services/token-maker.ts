/** Secrets and events of tokens that are made or changed. */
import type { Token } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import type { EventOf } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { NewToken } from '../organization/token.ts';
import { newToken, tokenDigest } from '../tokens/format.ts';
import { planRotation } from '../tokens/lifecycle.ts';
import type { Context } from './context.ts';

/** A secret on its way to whoever asked for it. */
export type MadeToken = { readonly id: TokenId; readonly secret: string };
export type RotationOf = (
  state: Pick<OrganizationState, 'tokens'>,
  predecessor: Token,
  plan: { readonly overlapHours: number; readonly ttlDays: number },
  atMs: number,
) => { readonly event: EventOf<'token.rotated'>; readonly issued: MadeToken };

export function tokenMaker(context: Pick<Context, 'randomBytes'>) {
  const freshToken = (state: Pick<OrganizationState, 'tokens'>) => {
    for (;;) {
      const made = newToken(context.randomBytes);
      // 62^8 ids: a clash is a curiosity, but two tokens of one id would be told apart nowhere.
      if (!state.tokens.has(made.id)) return { ...made, digest: tokenDigest(made.token) };
    }
  };

  /** The successor of a token, with the same scope. */
  const rotationOf: RotationOf = (state, predecessor, { overlapHours, ttlDays }, atMs) => {
    const plan = planRotation(predecessor, { ttlDays, overlapHours, nowMs: atMs });
    const made = freshToken(state);
    const { holderId, teamId, environmentId, channelIds, permission, networks, note } = predecessor;
    const successor: NewToken = {
      id: made.id,
      digest: made.digest,
      holderId,
      teamId,
      environmentId,
      channelIds,
      permission,
      expiresAtMs: plan.successorExpiresAtMs,
      networks,
      note,
    };
    const { predecessorExpiresAtMs } = plan;
    return {
      event: { type: 'token.rotated', predecessorId: predecessor.id, predecessorExpiresAtMs, successor },
      issued: { id: made.id, secret: made.token },
    };
  };

  return { freshToken, rotationOf };
}

/** What the log says of a token that is changed: all of it that can change. */
export function changeEvent(after: Token): EventOf<'token.changed'> {
  const { id, holderId, channelIds, notBeforeMs, expiresAtMs, networks, note } = after;
  return {
    type: 'token.changed',
    tokenId: id,
    holderId,
    channelIds,
    ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
    expiresAtMs,
    networks,
    note,
  };
}
