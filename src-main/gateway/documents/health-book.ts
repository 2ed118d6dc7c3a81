import type { ChannelHealth, DropCause } from '../../../shared/model/channel-health.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';

type Drops = Partial<Record<DropCause, number>>;
type Page = { checkedAtMs: number; problem?: { reason: string; sinceMs: number }; staleSinceMs?: number };

/** What the gateway found out about its channels' upstreams, until it stops. */
export class HealthBook {
  readonly #now: () => number;
  readonly #pages = new Map<ChannelId, Page>();
  /** Per channel, by document. */
  readonly #drops = new Map<ChannelId, Map<string, Drops>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An upstream said something usable. */
  good(id: ChannelId): void {
    this.#pages.set(id, { checkedAtMs: this.#now() });
  }

  /** It did not; `isStale`: what it said before is served. */
  bad(id: ChannelId, reason: string, isStale: boolean): void {
    const nowMs = this.#now();
    const before = this.#pages.get(id);
    this.#pages.set(id, {
      checkedAtMs: nowMs,
      problem: { reason, sinceMs: before?.problem?.sinceMs ?? nowMs },
      ...(isStale ? { staleSinceMs: before?.staleSinceMs ?? nowMs } : {}),
    });
  }

  /** How many links of a document were dropped; none when it is forgotten. */
  dropped(id: ChannelId, document: string, drops: Drops): void {
    const known = this.#drops.get(id) ?? new Map<string, Drops>();
    if (Object.keys(drops).length === 0) known.delete(document);
    else known.set(document, drops);
    if (known.size === 0) this.#drops.delete(id);
    else this.#drops.set(id, known);
  }

  forget(id: ChannelId): void {
    this.#pages.delete(id);
    this.#drops.delete(id);
  }

  of(id: ChannelId): ChannelHealth | undefined {
    const page = this.#pages.get(id);
    const drops = this.#drops.get(id);
    if (page === undefined && drops === undefined) return undefined;
    const dropped: Drops = {};
    for (const counts of drops?.values() ?? [])
      for (const [cause, count] of Object.entries(counts) as [DropCause, number][])
        dropped[cause] = (dropped[cause] ?? 0) + count;
    return { channelId: id, checkedAtMs: 0, ...page, dropped };
  }

  all(): ChannelHealth[] {
    const ids = new Set([...this.#pages.keys(), ...this.#drops.keys()]);
    return [...ids].flatMap((id) => this.of(id) ?? []);
  }
}
