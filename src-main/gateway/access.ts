/**
 * The one decision about a request. Invariant: nothing is served unless `decideAccess` said so; it is pure, and the core calls
 * it at one place for every route. A token scoped to environment E reaches channel C only if C is among the token's
 * channels AND E among the channel's environments. An unknown channel, a foreign one and one of the other kind answer
 * with the same words, so that names of channels cannot be found out.
 */
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { Decision, Reason } from '../../shared/model/decision.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import { isInNetworks } from '../tokens/networks.ts';
import type { Credential } from './credential.ts';
import type { BundleTables } from './tables.ts';

export type RequestFacts = {
  readonly route: 'health' | 'probe' | 'decision' | 'unknown' | ChannelKind;
  readonly channelName: string;
  /** Whether it asks for a conda channel's `notices.json`. */
  readonly isNotices: boolean;
  readonly credential: Credential;
  /** Of the client, as trusted proxies tell it. */
  readonly address: string;
};

/** What became of a request: the decision, and what carries it out. */
export type Access =
  /**
   * Needs no token and shows nothing of any channel: the health check, whose gateway it is, notices for nobody in
   * particular; why a package was refused, for whoever has the decision's id from the refusal.
   */
  | {
      readonly outcome: 'open';
      readonly decision: Decision;
      readonly what: 'health' | 'probe' | 'notices' | 'decision';
    }
  | {
      readonly outcome: 'allow';
      readonly decision: Decision;
      readonly token: BundleToken;
      readonly channel: BundleChannel;
    }
  | {
      readonly outcome: 'deny';
      readonly decision: Decision;
      readonly status: 400 | 401 | 403 | 404 | 503;
      readonly token?: BundleToken;
    };

/** One for all: nothing is made per request. */
const allowed: Decision = { effect: 'allow', reasons: [] };

/** @param tables until they were given a first bundle, nothing is allowed */
export function decideAccess(
  tables: Pick<BundleTables, 'isReady' | 'tokenOf' | 'channelNamed'>,
  facts: RequestFacts,
  nowMs: number,
): Access {
  if (facts.route === 'health' || facts.route === 'probe' || facts.route === 'decision')
    return { outcome: 'open', decision: allowed, what: facts.route };
  const { credential } = facts;
  // conda asks without the token of its alias; the answer is the same whether there is such a channel or not.
  if (facts.isNotices && (credential.type === 'none' || credential.type === 'foreign'))
    return { outcome: 'open', decision: allowed, what: 'notices' };
  switch (credential.type) {
    case 'ambiguous':
      return deny(400, { rule: 'access.credential-ambiguous', evidence: { what: credential.what } });
    case 'none':
      return deny(401, { rule: 'access.credential-missing', evidence: {} });
    case 'foreign':
    case 'malformed':
      return deny(401, { rule: 'access.credential-malformed', evidence: { what: credential.what } });
    case 'token':
      break;
  }
  if (!tables.isReady) return deny(503, { rule: 'access.not-configured', evidence: {} });
  const token = tables.tokenOf(credential.digest);
  if (token === undefined) return deny(401, { rule: 'access.token-unknown', evidence: {} });

  const refusal = refusalOf(token, facts.address, nowMs);
  if (refusal !== undefined) return deny(403, refusal, token);
  if (facts.route === 'unknown') return deny(404, { rule: 'access.path-unknown', evidence: {} }, token);

  const channel = tables.channelNamed(facts.channelName);
  const mayReach = channel !== undefined && channel.kind === facts.route && isGranted(token, channel);
  if (!mayReach) return deny(403, { rule: 'access.channel', evidence: { tokenId: token.id } }, token);
  return { outcome: 'allow', decision: allowed, token, channel };
}

/** Whether the scope of a token reaches a channel. */
export const isGranted = (token: BundleToken, channel: BundleChannel): boolean =>
  token.channelIds.includes(channel.id) && channel.environmentIds.includes(token.environmentId);

/** Why a known token may do nothing at all now, from there. */
function refusalOf(token: BundleToken, address: string, nowMs: number): Reason | undefined {
  const { id: tokenId, revoked, expiresAtMs, notBeforeMs, rotatedTo } = token;
  if (revoked !== undefined) return { rule: 'access.token-revoked', evidence: { tokenId, ...revoked } };
  if (nowMs >= expiresAtMs) {
    const successor = rotatedTo === undefined ? {} : { rotatedTo };
    return { rule: 'access.token-expired', evidence: { tokenId, expiresAtMs, ...successor } };
  }
  if (notBeforeMs !== undefined && nowMs < notBeforeMs) {
    return { rule: 'access.token-not-yet-valid', evidence: { tokenId, notBeforeMs } };
  }
  if (!isInNetworks(address, token.networks)) {
    return { rule: 'access.network', evidence: { tokenId, address } };
  }
  return undefined;
}

function deny(status: 400 | 401 | 403 | 404 | 503, reason: Reason, token?: BundleToken): Access {
  const decision: Decision = { effect: 'deny', reasons: [reason] };
  return { outcome: 'deny', decision, status, ...(token === undefined ? {} : { token }) };
}
