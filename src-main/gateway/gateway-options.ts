import type { NetworkConfig } from '../network/network-config.ts';
import type { PackageCacheOptions } from '../package-cache/cache-types.ts';
import type { GatewayIdentity } from './probe.ts';
import type { AgentsOptions } from './upstream-agents.ts';
import type { After } from './wrong-tokens.ts';

export type GatewayOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** As clients see it, when a proxy stands before the gateway. */
  readonly publicUrl?: string;
  readonly now: () => number;
  /** One line per request, without any secret. */
  readonly log?: (line: string) => void;
  /** One line about what went wrong inside, without any secret. */
  readonly say?: (line: string) => void;
  /** CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** The gateway's own folder, for what is kept for good: when a file was first seen. Without it, until it stops. */
  readonly dataDir?: string;
  /** Where requests are logged; without it, or without an identity, they are not. One folder for all gateways of a data folder. */
  readonly requestLogDir?: string;
  /** Where files that were served are kept, and how much of them; 0 bytes: nothing. Without it, nothing. */
  readonly packageCache?: Pick<PackageCacheOptions, 'dir' | 'maxBytes' | 'waitMs' | 'aloneMs'>;
  /** Whether a download goes on when its token is revoked. */
  readonly finishDownloads?: boolean;
  /** Proves that this is our gateway. */
  readonly identity?: GatewayIdentity;
  /** How long a head may take; tests make it short. */
  readonly headTimeoutMs?: number;
  /** Of clients at a time; tests have less. */
  readonly maxConnections?: number;
  /** Waits before wrong tokens are answered; tests do not. */
  readonly after?: After;
  /** How upstreams are reached. */
  readonly network?: NetworkConfig;
  /** Further ports of Latchkey on this computer: no upstream is one of them. */
  readonly ownPorts?: readonly number[];
  /** A test's resolver, and its way to an address. */
  readonly upstreams?: Pick<AgentsOptions, 'lookup' | 'dial'>;
};

/** What may change while it runs. */
export type LiveGatewayOptions = Pick<
  GatewayOptions,
  'publicUrl' | 'trustedProxies' | 'finishDownloads' | 'network'
> & { readonly cacheMaxBytes?: number };
