/**
 * What an act on several tokens comes to. Pure, and asked twice: for the preview, and again inside the transaction, so
 * that what was shown is what happens. Invariant: only what changes is counted as a change; a token that may not be
 * changed stays as it is and never stops the others; narrowing never gives a token anything.
 */
import { createHash } from 'node:crypto';
import type { BulkSkip } from '../../shared/contract/bulk-views.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Networks, Token } from '../../shared/model/domain.ts';
import { limits } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { dayMs } from '../../shared/model/time.ts';
import type { OrganizationState } from '../organization/state.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import { commonNetworks } from '../tokens/networks.ts';
import { requireAllowed, requireReach } from './token-checks.ts';

export type BulkQuestion = InputOf<Contract['tokens']['planBulk']>['act'];

/** A line of the log holds so many events. */
const mostChanges = 20_000;
/** Each brings a secret that somebody has to hand over. */
const mostRotations = 500;
export const mostAtOnce = (act: Pick<BulkQuestion, 'type'>): number =>
  act.type === 'rotate' ? mostRotations : mostChanges;

export type PlannedChange = {
  readonly token: Token;
  /** As it is afterwards, where the act changes the token itself. */
  readonly after: Token;
};
export type PlannedBulk = {
  readonly changes: readonly PlannedChange[];
  readonly skipped: ReadonlyMap<BulkSkip, number>;
  /** SHA-256 over the ids that change. */
  readonly plan: string;
};

/** @param act networks in their one spelling @param atMs the time of the line that would be written */
export function planBulk(
  state: OrganizationState,
  ids: readonly TokenId[],
  act: BulkQuestion,
  atMs: number,
): PlannedBulk {
  const judge = judgeOf(state, act, atMs);
  const changes: PlannedChange[] = [];
  const skipped = new Map<BulkSkip, number>();
  for (const id of new Set(ids)) {
    const token = state.tokens.get(id);
    const verdict = token === undefined ? 'gone' : judge(token);
    if (typeof verdict === 'string') skipped.set(verdict, (skipped.get(verdict) ?? 0) + 1);
    else if (token !== undefined) changes.push({ token, after: verdict });
  }
  const named = changes.map(({ token }) => token.id).toSorted();
  return { changes, skipped, plan: createHash('sha256').update(named.join('\n')).digest('hex') };
}

/** The token as the act leaves it, or why it stays as it is. */
type Judge = (token: Token) => Token | BulkSkip;

function judgeOf(state: OrganizationState, act: BulkQuestion, atMs: number): Judge {
  if (act.type === 'revoke') return (token) => (token.revoked === undefined ? token : 'revoked');
  const judge =
    act.type === 'rotate'
      ? judgeRotation(state, act)
      : act.type === 'note'
        ? (token: Token) => (token.note === act.note ? 'same' : { ...token, note: act.note })
        : judgeNarrowing(act);
  return (token) => {
    const now = tokenState(token, atMs);
    if (now === 'revoked' || now === 'expired') return now;
    return judge(token);
  };
}

function judgeRotation(state: OrganizationState, act: Extract<BulkQuestion, { type: 'rotate' }>): Judge {
  return (token) => {
    if (token.rotatedTo !== undefined) return 'replaced';
    const { teamId, environmentId, channelIds, networks } = token;
    try {
      requireReach(state, environmentId, channelIds);
      requireAllowed(state, { teamId, environmentId, ttlMs: act.ttlDays * dayMs, networks });
    } catch (error) {
      if (error instanceof LatchkeyError) return error.code === 'POLICY_DENIED' ? 'policy' : 'channel';
      throw error;
    }
    return token;
  };
}

function judgeNarrowing(act: Extract<BulkQuestion, { type: 'narrow' }>): Judge {
  const removed = new Set<string>(act.removeChannelIds);
  /** Few different lists, and many tokens that have them. */
  const common = new Map<string, Networks>();
  const networksOf = (networks: Networks): Networks => {
    if (act.networks === undefined) return networks;
    const key = String(networks);
    const known = common.get(key) ?? commonNetworks(networks, act.networks);
    common.set(key, known);
    return known;
  };
  return (token) => {
    const channelIds = token.channelIds.filter((id) => !removed.has(id));
    const networks = networksOf(token.networks);
    const expiresAtMs = Math.min(token.expiresAtMs, act.expiresAtMs ?? Infinity);
    if (channelIds.length === 0) return 'no-channel-left';
    if (networks.length === 0) return 'no-network-left';
    if (networks !== 'anywhere' && networks.length > limits.networks) return 'too-many-networks';
    if (expiresAtMs <= Math.max(token.issuedAtMs, token.notBeforeMs ?? 0)) return 'ends-before-begin';
    const isSame =
      channelIds.length === token.channelIds.length &&
      String(networks) === String(token.networks) &&
      expiresAtMs === token.expiresAtMs;
    return isSame ? 'same' : { ...token, channelIds, networks, expiresAtMs };
  };
}
