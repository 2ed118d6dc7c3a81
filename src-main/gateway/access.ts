/**
 * The one decision about a request. Invariant: nothing is served unless `decide` said so; it is pure, and the core calls
 * it at one place for every route. A token scoped to environment E reaches channel C only if C is among the token's
 * channels AND E among the channel's environments. An unknown channel, a foreign one and one of the other kind answer
 * with the same words, so that names of channels cannot be found out.
 */
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { GatewayChannel, GatewaySnapshot, GatewayToken } from '../../shared/model/gateway.ts';
import { isInNetworks } from '../tokens/networks.ts';
import type { Credential } from './credential.ts';
import { reasonPhrase, utcDate, utcMinute } from './reason.ts';

export type RequestFacts = {
  readonly route: 'health' | 'unknown' | ChannelKind;
  readonly channelName: string;
  readonly credential: Credential;
  /** Of the client, as trusted proxies tell it. */
  readonly address: string;
};

export type Decision =
  /** Needs no token and shows nothing of any channel. */
  | { readonly outcome: 'open' }
  | { readonly outcome: 'allow'; readonly token: GatewayToken; readonly channel: GatewayChannel }
  | {
      readonly outcome: 'deny';
      readonly status: 400 | 401 | 403 | 404 | 503;
      /** Fit for a status line. */
      readonly reason: string;
      readonly token?: GatewayToken;
    };

/** @param snapshot undefined until the gateway was given its first state: then nothing is allowed */
export function decide(snapshot: GatewaySnapshot | undefined, facts: RequestFacts, nowMs: number): Decision {
  if (facts.route === 'health') return { outcome: 'open' };
  const { credential } = facts;
  switch (credential.type) {
    case 'ambiguous':
      return deny(400, credential.what);
    case 'none':
      return deny(401, 'Token required');
    case 'malformed':
      return deny(401, `Malformed token (${credential.what})`);
    case 'token':
      break;
  }
  if (snapshot === undefined) return deny(503, 'The gateway has no configuration yet');
  const token = snapshot.tokens.get(credential.digest);
  if (token === undefined) return deny(401, 'Unknown token');

  const refusal = refusalOf(token, facts.address, nowMs);
  if (refusal !== undefined) return deny(403, refusal, token);
  if (facts.route === 'unknown') return deny(404, 'No such path on this gateway', token);

  const channel = snapshot.channels.get(facts.channelName);
  const mayReach =
    channel !== undefined &&
    channel.kind === facts.route &&
    token.channelIds.has(channel.id) &&
    channel.environmentIds.has(token.environmentId);
  if (!mayReach) return deny(403, `Channel not available to token lk-${token.id}`, token);
  return { outcome: 'allow', token, channel };
}

/** Why a known token may do nothing at all now, from there. */
function refusalOf(token: GatewayToken, address: string, nowMs: number): string | undefined {
  const name = `Token lk-${token.id}`;
  if (token.revoked !== undefined) return `${name} was revoked: ${token.revoked.reason}`;
  if (nowMs >= token.expiresAtMs) {
    const successor = token.rotatedTo === undefined ? '' : ` and was replaced by lk-${token.rotatedTo}`;
    return `${name} expired on ${utcDate(token.expiresAtMs)}${successor}`;
  }
  if (token.notBeforeMs !== undefined && nowMs < token.notBeforeMs) {
    return `${name} is not valid before ${utcMinute(token.notBeforeMs)}`;
  }
  if (!isInNetworks(address, token.networks)) return `${name} may not be used from ${address}`;
  return undefined;
}

function deny(status: 400 | 401 | 403 | 404 | 503, reason: string, token?: GatewayToken): Decision {
  return { outcome: 'deny', status, reason: reasonPhrase(reason), ...(token === undefined ? {} : { token }) };
}
