import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';

const recentLength = 200;
const bucketMs = 10_000;
const bucketCount = 60;

type Bucket = { readonly atMs: number; allowed: number; denied: number };

/** The last requests, and how many per ten seconds over the last ten minutes. In memory only. */
export class RequestHistory {
  readonly #now: () => number;
  #recent: GatewayRequestEvent[] = [];
  #buckets: Bucket[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  add(event: GatewayRequestEvent): void {
    this.#recent.push(event);
    // Cut in steps, so that a burst does not pay for a shift per request.
    if (this.#recent.length > recentLength * 2) this.#recent = this.#recent.slice(-recentLength);
    const bucket = this.#bucketAt(event.atMs);
    if (event.outcome === 'allow') bucket.allowed += 1;
    if (event.outcome === 'deny') bucket.denied += 1;
  }

  /** Requests that came about when the last one did. */
  addCounts(atMs = this.#now(), counts: { readonly allowed: number; readonly denied: number }): void {
    const bucket = this.#bucketAt(atMs);
    bucket.allowed += counts.allowed;
    bucket.denied += counts.denied;
  }

  #bucketAt(eventAtMs: number): Bucket {
    const atMs = Math.floor(eventAtMs / bucketMs) * bucketMs;
    // A request is told when it ends, and counts when it began: the last one mostly, but not always.
    const known = this.#buckets.findLast((bucket) => bucket.atMs === atMs);
    if (known !== undefined) return known;
    const made = { atMs, allowed: 0, denied: 0 };
    this.#buckets.push(made);
    if (this.#buckets.length > bucketCount) {
      const newestMs = this.#buckets.reduce((newest, bucket) => Math.max(newest, bucket.atMs), 0);
      this.#buckets = this.#buckets.filter((bucket) => bucket.atMs > newestMs - bucketCount * bucketMs);
    }
    return made;
  }

  /** Newest first. */
  recent(): GatewayView['recent'] {
    return this.#recent.slice(-recentLength).toReversed().map(viewOf);
  }

  /** Oldest first, with zeroes where nothing came in. */
  buckets(): GatewayView['history'] {
    const last = Math.floor(this.#now() / bucketMs) * bucketMs;
    return Array.from({ length: bucketCount }, (_, index) => {
      const atMs = last - (bucketCount - 1 - index) * bucketMs;
      return this.#buckets.find((bucket) => bucket.atMs === atMs) ?? { atMs, allowed: 0, denied: 0 };
    });
  }
}

function viewOf({ decision, ...event }: GatewayRequestEvent): GatewayView['recent'][number] {
  if (decision === undefined) return event;
  const reasons = decision.reasons.map(({ policyName, rule, mode, evidence }) => ({
    rule,
    evidence,
    ...(policyName === undefined ? {} : { policyName }),
    ...(mode === undefined ? {} : { mode }),
  }));
  return { ...event, decision: { effect: decision.effect, reasons } };
}
