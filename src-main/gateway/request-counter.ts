import type { CauseCount, GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { RequestCounts } from './protocol.ts';

type Counted = Pick<GatewayRequestEvent, 'outcome' | 'bytes' | 'cause'>;

/** Counts requests by what became of them and why. Bounded: outcomes and causes are of fixed lists. */
export class RequestCounter {
  #allowed = 0;
  #denied = 0;
  #errors = 0;
  #bytes = 0;
  readonly #causes = new Map<string, CauseCount>();

  add({ outcome, bytes, cause }: Counted): void {
    if (outcome === 'allow') this.#allowed += 1;
    else if (outcome === 'deny') this.#denied += 1;
    else this.#errors += 1;
    this.#bytes += bytes;
    if (cause !== undefined) this.#addCause({ outcome, cause, count: 1 });
  }

  addAll(counts: RequestCounts): void {
    this.#allowed += counts.allowed;
    this.#denied += counts.denied;
    this.#errors += counts.errors;
    this.#bytes += counts.bytes;
    for (const more of counts.causes) this.#addCause(more);
  }

  /** Causes with the most frequent first. */
  counts(): RequestCounts {
    const causes = [...this.#causes.values()].toSorted((a, b) => b.count - a.count);
    return { allowed: this.#allowed, denied: this.#denied, errors: this.#errors, bytes: this.#bytes, causes };
  }

  #addCause({ outcome, cause, count }: CauseCount): void {
    const key = `${outcome} ${cause}`;
    const before = this.#causes.get(key)?.count ?? 0;
    this.#causes.set(key, { outcome, cause, count: before + count });
  }
}
