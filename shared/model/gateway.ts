/** What a gateway enforces (the open form of a bundle) and what it reports. No vault, no renderer knows more of it. */
import type { Decision } from './decision.ts';
import type { ChannelKind, UpstreamCredentials } from './domain.ts';
import type { ChannelId, EnvironmentId, TokenId } from './ids.ts';

export type GatewayUpstream =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'url'; readonly url: string; readonly credentials?: UpstreamCredentials };

export type GatewayChannel = {
  readonly id: ChannelId;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly environmentIds: ReadonlySet<EnvironmentId>;
  readonly upstream: GatewayUpstream;
};

export type GatewayToken = {
  readonly id: TokenId;
  readonly teamName: string;
  readonly environmentId: EnvironmentId;
  readonly environmentName: string;
  readonly channelIds: ReadonlySet<ChannelId>;
  readonly notBeforeMs?: number;
  readonly expiresAtMs: number;
  /** CIDR blocks, already validated; empty means from anywhere. */
  readonly networks: readonly string[];
  readonly revoked?: { readonly atMs: number; readonly reason: string };
  readonly rotatedTo?: TokenId;
};

export type GatewaySnapshot = {
  readonly organizationName: string;
  readonly madeAtMs: number;
  /** By name; the name stands in the URL and is unique over both kinds. */
  readonly channels: ReadonlyMap<string, GatewayChannel>;
  /** By SHA-256 of the whole token, hex. */
  readonly tokens: ReadonlyMap<string, GatewayToken>;
};

/** One answered request, safe to show and to log: paths come without the token segment, clients by product name only. */
export type GatewayRequestEvent = {
  readonly atMs: number;
  readonly method: string;
  /** Path with any token segment taken out. */
  readonly path: string;
  readonly status: number;
  /** The reason phrase, for refusals. */
  readonly reason: string;
  /** What became of it: `error` is a request that could not be read or an answer that failed. */
  readonly outcome: 'allow' | 'deny' | 'error';
  /** Absent when the request could not be judged. */
  readonly decision?: Decision;
  readonly tokenId?: TokenId;
  readonly channel?: string;
  /** First product of the User-Agent, e.g. `pip/26.3`; bounded, printable. */
  readonly client: string;
  readonly address: string;
  readonly bytes: number;
  readonly durationMs: number;
};
