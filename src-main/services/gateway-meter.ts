import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import type { GatewayRequestEvent, PolicyUse } from '../../shared/model/gateway.ts';
import { addPolicyUses, policyUsesOf } from '../gateway/policy-uses.ts';
import type { RequestBatch } from '../gateway/protocol.ts';
import { RequestCounter } from '../gateway/request-counter.ts';
import { ListenerSet } from '../base/listener-set.ts';
import { RequestHistory } from './request-history.ts';
import type { PackagesInUse } from './packages-in-use.ts';
import type { UsageStore } from './usage.ts';

/** The renderer is told at most this often, however many requests come in. */
const notifyEveryMs = 250;
const flushUsageEveryMs = 5_000;

export type GatewayCounts = Pick<
  GatewayView,
  'allowed' | 'denied' | 'errors' | 'bytes' | 'causes' | 'policies'
>;

/** Counts what a gateway answered, remembers the last requests and the usage of tokens, and tells who wants to know. */
export class GatewayMeter {
  readonly #usage: UsageStore;
  readonly #packages: PackagesInUse | undefined;
  readonly #notify: () => void;
  readonly #history: RequestHistory;
  readonly #listeners = new ListenerSet<[GatewayRequestEvent]>();
  readonly #flushTimer: NodeJS.Timeout;
  #notifyTimer: NodeJS.Timeout | undefined;
  #counts = new RequestCounter();
  #policies: readonly PolicyUse[] = [];

  /** @param deps.notify called soon after something changed, never more than four times a second */
  constructor(deps: {
    readonly now: () => number;
    readonly usage: UsageStore;
    readonly packages?: PackagesInUse | undefined;
    readonly notify: () => void;
  }) {
    this.#usage = deps.usage;
    this.#packages = deps.packages;
    this.#notify = deps.notify;
    this.#history = new RequestHistory(deps.now);
    this.#flushTimer = setInterval(() => this.#usage.flush(), flushUsageEveryMs).unref();
  }

  /** Requests that the gateway's process told of, and the sums of those of which there were too many to tell. */
  take({ events, untold, untoldUses, packages }: RequestBatch): void {
    if (packages.length > 0) this.#packages?.record(packages);
    for (const event of events) this.record(event);
    this.#counts.addAll(untold);
    this.#history.addCounts(events.at(-1)?.atMs, untold);
    for (const uses of untoldUses) {
      this.#usage.recordUses(uses);
      this.#policies = addPolicyUses(this.#policies, uses.policies ?? []);
    }
  }

  record(event: GatewayRequestEvent): void {
    this.#counts.add(event);
    this.#history.add(event);
    this.#usage.record(event);
    this.#policies = addPolicyUses(this.#policies, policyUsesOf(event));
    this.touch();
    this.#listeners.tell(event);
  }

  /** Something that is shown changed. */
  touch(): void {
    this.#notifyTimer ??= setTimeout(() => {
      this.#notifyTimer = undefined;
      this.#notify();
    }, notifyEveryMs).unref();
  }

  /** A gateway was started: what is counted is counted since then. */
  startOver(): void {
    this.#counts = new RequestCounter();
    this.#policies = [];
  }

  counts(): GatewayCounts {
    const { causes, ...counts } = this.#counts.counts();
    const policies = this.#policies.map((use) => ({ ...use, packages: [...use.packages] }));
    return { ...counts, causes: [...causes], policies };
  }

  requests(): Pick<GatewayView, 'recent' | 'history'> {
    return { recent: [...this.#history.recent()], history: [...this.#history.buckets()] };
  }

  /** @returns the function that ends it */
  onRequest(listener: (event: GatewayRequestEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Writes what tokens and packages were used to disk now. */
  flush(): void {
    this.#usage.flush();
    this.#packages?.flush();
  }

  close(): void {
    clearInterval(this.#flushTimer);
    clearTimeout(this.#notifyTimer);
    this.flush();
  }
}
