import type { DropCause } from '../../../shared/model/channel-health.ts';

/** How many links of a page were dropped, by cause. */
export class DropCounts {
  readonly #counts: Partial<Record<DropCause, number>> = {};
  total = 0;

  add(cause: DropCause): void {
    this.#counts[cause] = (this.#counts[cause] ?? 0) + 1;
    this.total += 1;
  }

  /** Plain data, for another thread. */
  toJSON(): Partial<Record<DropCause, number>> {
    return { ...this.#counts };
  }
}
