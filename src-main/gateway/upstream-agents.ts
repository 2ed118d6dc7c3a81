/**
 * Connections to upstreams, kept for the next request. Invariant: a connection that was made for one channel's private
 * hosts is used for channels with exactly the same ones, as it would have been refused to others.
 */
import { LRUCache } from 'lru-cache';
import type { Dispatcher } from 'undici';
import type { ConnectorOptions } from '../network/connector.ts';
import { createConnector, judgeUnresolved } from '../network/connector.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import { goesThroughProxy } from '../network/proxy-rule.ts';
import { reachOf } from '../network/reach.ts';
import { secureContextOf } from '../network/trust.ts';
import { proxyAuthorization } from '../network/tunnel.ts';

type Undici = typeof import('undici');

const connectTimeoutMs = 10_000;
/** Silence in the middle of a download. */
const bodyTimeoutMs = 60_000;
/** To one origin. More than there are turns (request-pipeline.ts, documents.ts), so that none waits here, unseen. */
const connectionsPerOrigin = 768;
/** An idle connection is closed before most servers close it. */
const keepAliveTimeoutMs = 10_000;
/** Different lists of private hosts at a time; more than an organization has. */
const maxLists = 256;

export type AgentsOptions = {
  readonly network: NetworkConfig;
  /** Ports of Latchkey itself on this computer. */
  readonly ownPorts: () => readonly number[];
} & Pick<ConnectorOptions, 'lookup' | 'dial'>;

/** Of one list of private hosts. */
type Agents = {
  readonly direct: Dispatcher;
  /** Keeps no connection: each request has a new one. */
  readonly fresh: Dispatcher;
  /** Plain HTTP through a plain proxy, which is asked with the whole URL. */
  readonly plainProxy: Dispatcher | undefined;
  readonly options: ConnectorOptions;
};

export class UpstreamAgents {
  readonly #undici: Undici;
  readonly #options: AgentsOptions;
  readonly #base: Pick<ConnectorOptions, 'secureContext' | 'proxy' | 'timeoutMs' | 'lookup' | 'dial'>;
  readonly #byHosts = new LRUCache<string, Agents>({
    max: maxLists,
    dispose: ({ direct, fresh, plainProxy }) => {
      // Requests under way end first.
      for (const agent of [direct, fresh, plainProxy]) void agent?.close();
    },
  });

  constructor(undici: Undici, options: AgentsOptions) {
    this.#undici = undici;
    this.#options = options;
    const { network, lookup, dial } = options;
    this.#base = {
      secureContext: secureContextOf(network),
      proxy: network.proxy,
      timeoutMs: connectTimeoutMs,
      ...(lookup === undefined ? {} : { lookup }),
      ...(dial === undefined ? {} : { dial }),
    };
  }

  /**
   * @param isRetry a kept connection turned out to be dead
   * @throws ConnectError for an address of the local network that a proxy would be asked for
   */
  for(url: URL, privateHosts: readonly string[], isRetry: boolean): Dispatcher {
    const key = JSON.stringify(privateHosts);
    let agents = this.#byHosts.get(key);
    if (agents === undefined) {
      agents = this.#make(privateHosts);
      this.#byHosts.set(key, agents);
    }
    const { proxy } = this.#base;
    if (url.protocol === 'http:' && agents.plainProxy !== undefined && proxy !== undefined) {
      const target = {
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? 80 : Number(url.port),
      };
      if (goesThroughProxy(proxy, target)) {
        judgeUnresolved(agents.options, target);
        return agents.plainProxy;
      }
    }
    return isRetry ? agents.fresh : agents.direct;
  }

  close(): void {
    this.#byHosts.clear();
  }

  #make(privateHosts: readonly string[]): Agents {
    const { Agent, Pool, ProxyAgent } = this.#undici;
    const { proxy, secureContext } = this.#base;
    const options = { ...this.#base, reach: reachOf(privateHosts, { ownPorts: this.#options.ownPorts }) };
    const shared = {
      bodyTimeout: bodyTimeoutMs,
      connections: connectionsPerOrigin,
      keepAliveTimeout: keepAliveTimeoutMs,
      pipelining: 1,
    };
    const connect = createConnector(options) as unknown as NonNullable<
      ConstructorParameters<typeof Agent>[0]
    >['connect'] &
      object;
    const authorization = proxy === undefined ? undefined : proxyAuthorization(proxy);
    return {
      options,
      direct: new Agent({ ...shared, connect }),
      fresh: new Agent({ ...shared, connect, pipelining: 0 }),
      plainProxy:
        proxy === undefined || !proxy.url.startsWith('http:')
          ? undefined
          : new ProxyAgent({
              uri: proxy.url,
              proxyTunnel: false,
              ...(authorization === undefined ? {} : { token: authorization }),
              ...(secureContext === undefined ? {} : { proxyTls: { secureContext } }),
              factory: (origin, options) => new Pool(origin, { ...options, ...shared }),
            }),
    };
  }
}
