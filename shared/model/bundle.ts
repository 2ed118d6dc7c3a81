/**
 * What a gateway enforces: plain data that can be posted to another process, and later signed and sent to another
 * machine. Invariant: numbered; a delta applies to exactly the number that it names, and costs what it changes. No Map,
 * no Set, no class; the gateway makes its own tables.
 */
import type { ChannelProblem } from '../contract/views.ts';
import type { ChannelKind, Networks, UpstreamCredentials } from './domain.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from './ids.ts';

export type BundleUpstream =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'url'; readonly url: string; readonly credentials?: UpstreamCredentials };

export type BundleChannel = {
  readonly id: ChannelId;
  /** Stands in the URL; unique over both kinds. */
  readonly name: string;
  readonly kind: ChannelKind;
  readonly environmentIds: readonly EnvironmentId[];
  /** Absent when there is a problem: such a channel answers 502 with the problem's words. */
  readonly upstream?: BundleUpstream;
  readonly problem?: ChannelProblem;
};

export type BundleToken = {
  readonly id: TokenId;
  /** SHA-256 of the whole token, hex. */
  readonly digest: string;
  readonly teamId: TeamId;
  readonly teamName: string;
  readonly environmentId: EnvironmentId;
  readonly environmentName: string;
  readonly channelIds: readonly ChannelId[];
  readonly networks: Networks;
  readonly notBeforeMs?: number;
  readonly expiresAtMs: number;
  readonly revoked?: { readonly atMs: number; readonly reason: string };
  readonly rotatedTo?: TokenId;
};

export type Bundle = {
  readonly number: number;
  readonly organizationName: string;
  readonly madeAtMs: number;
  readonly channels: readonly BundleChannel[];
  readonly tokens: readonly BundleToken[];
};

/** What changed since `from`. Entries replace those of the same id; tokens are never removed. */
export type BundleDelta = {
  readonly from: number;
  readonly number: number;
  readonly madeAtMs: number;
  readonly organizationName?: string;
  readonly channels?: readonly BundleChannel[];
  readonly removedChannelIds?: readonly ChannelId[];
  readonly tokens?: readonly BundleToken[];
};
