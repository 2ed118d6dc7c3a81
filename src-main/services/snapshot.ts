import type {
  GatewayChannel,
  GatewaySnapshot,
  GatewayToken,
  GatewayUpstream,
} from '../../shared/model/gateway.ts';
import type { Channel, Token, UpstreamCredentials } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';

/**
 * What the gateway enforces, made from the vault's state.
 * @param credentialsOf opens a channel's stored credentials; called once per sealed text, results are kept.
 */
export async function makeSnapshot(
  state: VaultState,
  nowMs: number,
  credentialsOf: (channel: Channel) => Promise<UpstreamCredentials | undefined>,
): Promise<GatewaySnapshot> {
  const channels = await Promise.all(
    [...state.channels.values()].map(async (channel): Promise<GatewayChannel> => ({
      id: channel.id,
      name: channel.name,
      kind: channel.kind,
      environmentIds: new Set(channel.environmentIds),
      upstream: withCredentials(channel, await credentialsOf(channel)),
    })),
  );
  return {
    organizationName: state.organizationName,
    madeAtMs: nowMs,
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    tokens: new Map([...state.tokens.values()].map((token) => [token.digest, gatewayToken(state, token)])),
  };
}

function withCredentials(channel: Channel, credentials: UpstreamCredentials | undefined): GatewayUpstream {
  return channel.upstream.type === 'folder' || credentials === undefined
    ? channel.upstream
    : { ...channel.upstream, credentials };
}

function gatewayToken(state: VaultState, token: Token): GatewayToken {
  return {
    id: token.id,
    teamName: state.teams.get(token.teamId)?.name ?? '',
    environmentId: token.environmentId,
    environmentName: state.environments.get(token.environmentId)?.name ?? '',
    channelIds: new Set(token.channelIds),
    expiresAtMs: token.expiresAtMs,
    networks: token.networks,
    ...(token.notBeforeMs === undefined ? {} : { notBeforeMs: token.notBeforeMs }),
    ...(token.revoked === undefined
      ? {}
      : { revoked: { atMs: token.revoked.atMs, reason: token.revoked.reason } }),
    ...(token.rotatedTo === undefined ? {} : { rotatedTo: token.rotatedTo }),
  };
}
