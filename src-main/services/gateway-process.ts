/**
 * A gateway in a process of its own, as its parent sees it. Invariant: every call is answered or fails, also when the
 * process ends or hangs; one that does not answer for long is ended.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LatchkeyError, fromWireError } from '../../shared/errors.ts';
import type {
  Bundle,
  BundleAnswer,
  BundleDelta,
  BundleDenials,
  BundleSink,
} from '../../shared/model/bundle.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import type { PackageDecision } from '../gateway/decision-memory.ts';
import type { ExplainAnswer, ExplainQuestion } from '../gateway/explain.ts';
import type { GatewayAddress } from '../gateway/gateway.ts';
import type { HiddenAnswer, HiddenQuestion } from '../gateway/hidden-packages.ts';
import type { NamesAnswer, NamesQuestion } from '../gateway/names-like.ts';
import type {
  FromGateway,
  GatewayCall,
  GatewayChild,
  GatewayConfig,
  GatewayReply,
  LaunchGateway,
  LiveGatewayConfig,
  RequestBatch,
} from '../gateway/protocol.ts';
import { tokensPerMessage } from '../gateway/protocol.ts';
import type { Releases } from '../gateway/spoken-book.ts';

const pingEveryMs = 5_000;
/** A gateway whose loop does not turn for so long serves nobody: it is ended, and another one started. */
const hangsAfterMs = 30_000;
/** To end by itself beyond its grace time. */
const endsWithinMs = 3_000;

type Pending = { readonly resolve: (reply: GatewayReply) => void; readonly reject: (error: unknown) => void };
export type GatewayProcessEvents = {
  readonly onBatch: (batch: RequestBatch) => void;
  /** It ended without being told to. */
  readonly onDeath: (how: string) => void;
};

/** What a running gateway knows of packages. */
export type GatewayPackages = Pick<
  GatewayProcess,
  'explain' | 'decision' | 'hidden' | 'names' | 'releases' | 'cacheDenied'
>;
/** What any gateway can tell that has the bundle, also one that is made for the question. */
export type AskedPackages = Pick<GatewayPackages, 'explain' | 'hidden' | 'cacheDenied'>;

export class GatewayProcess implements BundleSink {
  readonly #child: GatewayChild;
  readonly #events: GatewayProcessEvents;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #isStopping = false;
  #hasEnded = false;
  #answeredAtMs = performance.now();
  readonly #pings: NodeJS.Timeout;

  constructor(launch: LaunchGateway, config: GatewayConfig, events: GatewayProcessEvents) {
    this.#events = events;
    this.#child = launch();
    this.#ended = new Promise((resolve) =>
      this.#child.onEnd((how) => {
        resolve();
        this.#end(how);
      }),
    );
    this.#child.onMessage((message) => this.#take(message));
    this.#pings = setInterval(() => this.#ping(), pingEveryMs).unref();
    this.#call({ type: 'create', config }).catch(() => undefined);
  }

  /** Opens the port. @throws LatchkeyError GATEWAY_PORT_IN_USE, GATEWAY_NOT_RUNNING, INTERNAL when it ended */
  async start(): Promise<GatewayAddress> {
    const reply = await this.#call({ type: 'start' });
    if (reply.type !== 'started') throw unexpected(reply);
    return reply.address;
  }

  async load({ tokens, ...bundle }: Bundle): Promise<BundleAnswer> {
    await this.#call({ type: 'load-begin', bundle });
    for (let at = 0; at < tokens.length; at += tokensPerMessage) {
      // The next part is made while the last is taken: neither side holds two copies of all.
      // oxlint-disable-next-line no-await-in-loop
      await this.#call({ type: 'load-tokens', tokens: tokens.slice(at, at + tokensPerMessage) });
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn();
    }
    return this.#enforce({ type: 'load-end' });
  }

  apply(delta: BundleDelta): Promise<BundleAnswer> {
    return this.#enforce({ type: 'apply', delta });
  }

  deny(denials: readonly BundleDenials[]): Promise<BundleAnswer> {
    return this.#enforce({ type: 'deny', denials });
  }

  async configure(config: LiveGatewayConfig): Promise<void> {
    await this.#call({ type: 'configure', config });
  }

  /** What it judges packages by. */
  async facts(facts: FactsFile | undefined): Promise<void> {
    await this.#call({ type: 'facts', facts });
  }

  /** What channels have of a package, and what policies say to it. */
  async explain(question: ExplainQuestion): Promise<ExplainAnswer> {
    const reply = await this.#call({ type: 'explain', question });
    if (reply.type !== 'explained') throw unexpected(reply);
    return reply.answer;
  }

  async decision(id: string): Promise<PackageDecision | undefined> {
    const reply = await this.#call({ type: 'decision', id });
    if (reply.type !== 'decided') throw unexpected(reply);
    return reply.decision;
  }

  async hidden(question: HiddenQuestion): Promise<HiddenAnswer> {
    const reply = await this.#call({ type: 'hidden', question });
    if (reply.type !== 'hidden') throw unexpected(reply);
    return reply.answer;
  }

  /** Names in indexes that it has in memory. */
  async names(question: NamesQuestion): Promise<NamesAnswer> {
    const reply = await this.#call({ type: 'names', question });
    if (reply.type !== 'names') throw unexpected(reply);
    return reply.answer;
  }

  async releases(limit: number): Promise<Releases> {
    const reply = await this.#call({ type: 'releases', limit });
    if (reply.type !== 'releases') throw unexpected(reply);
    return reply.answer;
  }

  /** Files of the package cache that nobody may have, by their hashes. */
  async cacheDenied(): Promise<readonly string[]> {
    const reply = await this.#call({ type: 'cache-denied' });
    if (reply.type !== 'cache-denied') throw unexpected(reply);
    return reply.sha256s;
  }

  /** Lets go of what requests left behind. */
  async forget(): Promise<void> {
    await this.#call({ type: 'forget' });
  }

  /** Resolves when the process has ended, by force when it takes longer than its grace time. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#pings);
    if (this.#hasEnded) return;
    this.#call({ type: 'stop', graceMs }).catch(() => undefined);
    const timer = setTimeout(() => this.#child.kill(), graceMs + endsWithinMs);
    await this.#ended;
    clearTimeout(timer);
  }

  async #enforce(call: GatewayCall): Promise<BundleAnswer> {
    const reply = await this.#call(call);
    if (reply.type !== 'enforced') throw unexpected(reply);
    return reply.answer;
  }

  #call(call: GatewayCall): Promise<GatewayReply> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) return reject(goneError());
      const id = this.#nextId;
      this.#nextId += 1;
      this.#pending.set(id, { resolve, reject });
      this.#child.post({ id, call });
    });
  }

  #take(message: FromGateway): void {
    this.#answeredAtMs = performance.now();
    if ('batch' in message) {
      this.#child.post({ taken: true });
      return this.#events.onBatch(message.batch);
    }
    if ('ready' in message) return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(fromWireError(message.error));
    else pending?.resolve(message.reply);
  }

  #ping(): void {
    const silentMs = performance.now() - this.#answeredAtMs;
    // A computer that slept has been silent too: it gets one more turn to answer.
    if (silentMs > hangsAfterMs && silentMs < hangsAfterMs + 3 * pingEveryMs) this.#child.kill();
    else {
      if (silentMs >= hangsAfterMs + 3 * pingEveryMs) this.#answeredAtMs = performance.now();
      this.#call({ type: 'ping' }).catch(() => undefined);
    }
  }

  #end(how: string): void {
    this.#hasEnded = true;
    clearInterval(this.#pings);
    for (const { reject } of this.#pending.values()) reject(goneError());
    this.#pending.clear();
    if (!this.#isStopping) this.#events.onDeath(how);
  }
}

const goneError = (): LatchkeyError => new LatchkeyError('INTERNAL', ['gatewayEnded']);
const unexpected = (reply: GatewayReply): Error => new Error(`the gateway answered with ${reply.type}`);
