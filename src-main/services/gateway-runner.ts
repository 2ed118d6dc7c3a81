import type { Settings } from '../../shared/contract/views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { createExclusive } from '../base/exclusive.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import type { Gateway, GatewayAddress, GatewayOptions } from '../gateway/gateway.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { BundleFeed } from './gateway-feed.ts';

type RunnerDeps = {
  readonly settings: () => Settings['gateway'];
  readonly now: () => number;
  readonly feed: Pick<BundleFeed, 'attach' | 'detach'>;
  readonly onRequest: (event: GatewayRequestEvent) => void;
  /** Told after it started, stopped, or could not start. */
  readonly onChange: () => void;
  readonly log?: ((line: string) => void) | undefined;
  /** Makes a gateway that does not listen yet; the one of this process unless a test brings its own. */
  readonly makeGateway?: (options: GatewayOptions) => Gateway;
};

/** Starts and stops the gateway, and knows where it is and why it is not. */
export class GatewayRunner {
  readonly #deps: RunnerDeps;
  /** Two clicks on "Start" make one gateway. */
  readonly #runExclusive = createExclusive();
  #running: { readonly gateway: Gateway; readonly startedAtMs: number } | undefined;
  #problem: string | undefined;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Gives it all that is to be enforced, then opens its port. @throws LatchkeyError GATEWAY_PORT_IN_USE, GATEWAY_NOT_RUNNING */
  start(): Promise<void> {
    return this.#runExclusive(async () => {
      if (this.#running !== undefined) return;
      const gateway = this.#make();
      gateway.onRequest(this.#deps.onRequest);
      await this.#deps.feed.attach(gateway);
      try {
        await gateway.start();
      } catch (error) {
        this.#deps.feed.detach();
        this.#problem = error instanceof LatchkeyError ? error.message : 'The gateway could not start.';
        this.#deps.onChange();
        throw error;
      }
      this.#running = { gateway, startedAtMs: this.#deps.now() };
      this.#problem = undefined;
      this.#deps.onChange();
    });
  }

  /** With the first unlock, if the settings say so. A busy port must not keep the operator out of the vault. */
  async startIfWanted(): Promise<void> {
    if (!this.#deps.settings().autoStart) return;
    try {
      await this.start();
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
    }
  }

  stop(): Promise<void> {
    return this.#runExclusive(async () => {
      const running = this.#running;
      if (running === undefined) return;
      this.#running = undefined;
      this.#deps.feed.detach();
      await running.gateway.stop();
      this.#deps.onChange();
    });
  }

  startedAtMs(): number | undefined {
    return this.#running?.startedAtMs;
  }

  /** Where it listens; undefined while it does not. */
  address(): GatewayAddress | undefined {
    return this.#running?.gateway.address();
  }

  /** Why it does not run, when it should. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Address that clients use, also while the gateway is down (from the settings then). */
  baseUrl(): string {
    const { host, port, publicUrl } = this.#deps.settings();
    if (publicUrl !== '') return withoutTrailingSlashes(publicUrl);
    const bound = this.address();
    return `http://${shownHost(bound?.host ?? host)}:${bound?.port ?? port}`;
  }

  #make(): Gateway {
    const { settings, now, log, makeGateway = createGateway } = this.#deps;
    const { host, port, publicUrl } = settings();
    return makeGateway({
      host,
      port,
      now,
      ...(publicUrl === '' ? {} : { publicUrl }),
      ...(log === undefined ? {} : { log }),
    });
  }
}

/** Nobody can connect to "every address": the loopback name stands for it. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
