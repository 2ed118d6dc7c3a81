/**
 * Starts and stops the gateway's process, and knows where it is and why it is not. Invariant: a gateway that should run
 * runs again after it died, on the same port and with all that its parent kept; nobody waits for that.
 */
import type { Settings } from '../../shared/contract/settings-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { createExclusive } from '../base/exclusive.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import type { GatewayAddress } from '../gateway/gateway.ts';
import type { GatewayConfig, LaunchGateway, RequestBatch } from '../gateway/protocol.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { readableNetworks } from '../tokens/networks.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import type { BundleFeed } from './gateway-feed.ts';
import type { AskedPackages, GatewayPackages } from './gateway-process.ts';
import { GatewayProcess } from './gateway-process.ts';
import { askQuietly } from './quiet-gateway.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.gateway;

type RunnerDeps = {
  readonly launch: LaunchGateway;
  readonly settings: () => Settings['gateway'];
  readonly network: () => NetworkConfig;
  /** Further ports of Latchkey on this computer. */
  readonly ownPorts: () => readonly number[];
  readonly now: () => number;
  readonly feed: Pick<BundleFeed, 'attach' | 'detach' | 'bundle'>;
  readonly onBatch: (batch: RequestBatch) => void;
  /** Told after it started, stopped, died, or could not start. */
  readonly onChange: () => void;
  readonly accessLog: boolean;
  /** The gateway's own folder. */
  readonly dataDir: string;
  /** Where requests are logged. */
  readonly requestLogDir: string;
  /** Where files that were served are kept, for all gateways of the data folder. */
  readonly cacheDir?: string;
  readonly identity: () => GatewayIdentity | undefined;
  /** Waits before the next try; tests do not. */
  readonly backOffMs?: (deaths: number) => number;
};

/** After so long a life, a death counts as the first again. */
const healthyMs = 60_000;
/** Builds hang on it: within what their clients try again by themselves. A start takes a tenth of it, of one processor. */
const slowestMs = 4_000;
/** From so many deaths in a row it is said to crash again and again. */
const loopDeaths = 4;

/** How long a gateway that died so many times in a row waits for its next start. */
export const restartDelayMs = (deaths: number): number => Math.min(slowestMs, 250 * 2 ** (deaths - 1));

type Running = {
  readonly process: GatewayProcess;
  readonly address: GatewayAddress;
  readonly startedAtMs: number;
};

export class GatewayRunner {
  readonly #deps: RunnerDeps;
  /** Two clicks on "Start" make one gateway. */
  readonly #runExclusive = createExclusive();
  #running: Running | undefined;
  /** Whether it should run: from a start that succeeded to a stop. */
  #isWanted = false;
  #problem: string | undefined;
  #isPortTaken = false;
  #deaths = 0;
  /** The port that was bound: clients know it, also where the settings say "any". */
  #lastPort: number | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /**
   * Gives it all that is to be enforced, then opens its port.
   * @throws LatchkeyError GATEWAY_PORT_IN_USE, GATEWAY_NOT_RUNNING, INTERNAL
   */
  start(): Promise<void> {
    return this.#runExclusive(async () => {
      if (this.#running !== undefined) return;
      clearTimeout(this.#retry);
      this.#deaths = 0;
      try {
        await this.#run(this.#isWanted ? this.#lastPort : undefined);
        this.#isWanted = true;
      } catch (error) {
        this.#fail(error);
        throw error;
      }
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

  /** @param graceMs how long running downloads may go on */
  stop(graceMs = 0): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#retry);
    return this.#runExclusive(async () => {
      const running = this.#running;
      this.#problem = undefined;
      this.#isPortTaken = false;
      this.#running = undefined;
      this.#lastPort = undefined;
      this.#deps.feed.detach();
      await running?.process.stop(graceMs);
      this.#deps.onChange();
    });
  }

  /** Settings changed: what a running gateway can take, it takes. */
  configure(): void {
    this.#running?.process.configure(this.#liveConfig()).catch(() => undefined);
  }

  /** Facts about packages that count from now on, also for a gateway that is started later. */
  setFacts(facts: FactsFile | undefined): void {
    this.#facts = facts;
    this.#running?.process.facts(facts).catch(() => undefined);
  }
  /** Asks the one that runs about packages, else one that is made for this question. @throws LatchkeyError INTERNAL */
  ask<T>(question: (packages: AskedPackages) => Promise<T>): Promise<T> {
    if (this.#running !== undefined) return question(this.#running.process);
    // One after the other: each is a process that reads whole indexes.
    return this.#askExclusive(() => {
      if (this.#running !== undefined) return question(this.#running.process);
      const { launch, feed } = this.#deps;
      const { identity: _, ...config } = this.#config(0);
      return askQuietly({ launch, config, facts: this.#facts, bundle: feed.bundle() }, question);
    });
  }
  readonly #askExclusive = createExclusive();

  /** What it knows of packages; undefined while none runs. */
  packages(): GatewayPackages | undefined {
    return this.#running?.process;
  }
  #facts: FactsFile | undefined;

  /** The vault is locked. Never waits for a gateway that hangs. */
  forget(): void {
    this.#running?.process.forget().catch(() => undefined);
  }

  startedAtMs(): number | undefined {
    return this.#running?.startedAtMs;
  }

  /** Where it listens; undefined while it does not. */
  address(): GatewayAddress | undefined {
    return this.#running?.address;
  }

  /** Why it does not run, when it should. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Whether it does not run because another program has its port. */
  isPortTaken(): boolean {
    return this.#problem !== undefined && this.#isPortTaken;
  }

  /** Whether the settings name another address than the one it listens on. */
  needsRestart(): boolean {
    const address = this.address();
    if (address === undefined) return false;
    const { host, port } = this.#deps.settings();
    return (port !== 0 && port !== address.port) || this.#boundHost !== host;
  }
  #boundHost = '';

  /** Address that clients use, also while the gateway is down (from the settings then). */
  baseUrl(): string {
    const { publicUrl } = this.#deps.settings();
    return publicUrl === '' ? this.#ownUrl() : withoutTrailingSlashes(publicUrl);
  }

  /** The same on this computer, without what stands before it; undefined while nobody knows the port. */
  localUrl(): string | undefined {
    const isKnown = this.address() !== undefined || this.#deps.settings().port !== 0;
    return isKnown ? this.#ownUrl() : undefined;
  }

  #ownUrl(): string {
    const { host, port } = this.#deps.settings();
    const bound = this.address();
    return `http://${shownHost(bound?.host ?? host)}:${bound?.port ?? this.#lastPort ?? port}`;
  }

  async #run(port: number | undefined): Promise<void> {
    const settings = this.#deps.settings();
    const process = new GatewayProcess(this.#deps.launch, this.#config(port), {
      onBatch: this.#deps.onBatch,
      onDeath: (how) => this.#died(process, how),
    });
    try {
      // Before the first request: without facts a rule about them denies.
      const facts = this.#facts;
      if (facts !== undefined) await process.facts(facts);
      await this.#deps.feed.attach(process);
      const address = await process.start();
      this.#boundHost = settings.host;
      this.#running = { process, address, startedAtMs: this.#deps.now() };
      // Other facts came while it started.
      if (this.#facts !== facts) this.setFacts(this.#facts);
      this.#lastPort = address.port;
    } catch (error) {
      this.#deps.feed.detach();
      await process.stop(0);
      throw error;
    }
    this.#problem = undefined;
    this.#isPortTaken = false;
    this.#deps.onChange();
  }

  #died(process: GatewayProcess, how: string): void {
    // While it starts, the start itself fails.
    if (this.#running?.process !== process) return;
    const livedMs = this.#deps.now() - this.#running.startedAtMs;
    this.#running = undefined;
    this.#deps.feed.detach();
    this.#deaths = livedMs >= healthyMs ? 1 : this.#deaths + 1;
    this.#retryLater(words.ended(how));
  }

  #retryLater(what: string): void {
    const { backOffMs = restartDelayMs } = this.#deps;
    const waitMs = backOffMs(this.#deaths);
    const often = this.#deaths >= loopDeaths ? words.inARow(this.#deaths) : '';
    const when = waitMs < 2_000 ? words.startingAgain : words.startsAgainIn(Math.round(waitMs / 1000));
    this.#problem = `${what}${often}. ${when}`;
    this.#deps.onChange();
    this.#retry = setTimeout(() => void this.#restart(), waitMs).unref();
  }

  #restart(): Promise<void> {
    return this.#runExclusive(async () => {
      if (!this.#isWanted || this.#running !== undefined) return;
      try {
        await this.#run(this.#lastPort);
      } catch (error) {
        if (!this.#isWanted) return;
        this.#deaths += 1;
        this.#retryLater(
          error instanceof LatchkeyError ? error.message.replace(/\.$/, '') : words.couldNotStartBecause,
        );
      }
    });
  }

  #fail(error: unknown): void {
    this.#isPortTaken = error instanceof LatchkeyError && error.code === 'GATEWAY_PORT_IN_USE';
    this.#problem = error instanceof LatchkeyError ? error.message : words.couldNotStart;
    this.#deps.onChange();
  }

  #config(port: number | undefined): GatewayConfig {
    const settings = this.#deps.settings();
    const identity = this.#deps.identity();
    const { cacheDir } = this.#deps;
    const { cacheMaxBytes: maxBytes, ...live } = this.#liveConfig();
    return {
      host: settings.host,
      port: port ?? settings.port,
      accessLog: this.#deps.accessLog,
      dataDir: this.#deps.dataDir,
      requestLogDir: this.#deps.requestLogDir,
      ownPorts: this.#deps.ownPorts(),
      ...live,
      ...(cacheDir === undefined ? {} : { packageCache: { dir: cacheDir, maxBytes } }),
      ...(identity === undefined ? {} : { identity }),
    };
  }

  #liveConfig() {
    const { publicUrl, trustedProxies, drainSeconds, finishDownloads, cacheGib } = this.#deps.settings();
    return {
      publicUrl,
      // One that is no network, from a file that somebody edited, is believed in nothing.
      trustedProxies: readableNetworks(trustedProxies),
      drainMs: drainSeconds * 1000,
      finishDownloads,
      cacheMaxBytes: cacheGib * 1024 ** 3,
      network: this.#deps.network(),
    };
  }
}

/** Nobody can connect to "every address": the loopback name stands for it. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
