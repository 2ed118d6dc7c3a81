/**
 * The `noarch` index beside a platform's: what its packages need may stand there. Invariant: a platform's index is never
 * lost with it, and never waits long for it; the last good one counts, and where there is none it is not known, which is
 * something else than not there.
 */
import { LRUCache } from 'lru-cache';
import type { ServedChannel } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex } from './conda-index.ts';
import type { IndexFinder } from './index-finder.ts';

/** undefined: there is none. */
export type NoarchIndex = CondaIndex | 'unknown' | undefined;

/** Dependencies need no index of this minute. */
const maxAgeMs = 60_000;
/** Clients give up after some more; what comes later counts at the next request. */
const maxWaitMs = 20_000;
/** One that failed, or is late, is not asked for with each request for a platform's. */
const retryAfterMs = 5_000;
const maxFailed = 1_000;

export class NoarchBeside {
  readonly #finder: Pick<IndexFinder, 'find' | 'lastGood'>;
  readonly #now: () => number;
  readonly #maxWaitMs: number;
  /** When. */
  readonly #failed = new LRUCache<string, number>({ max: maxFailed });

  constructor(finder: Pick<IndexFinder, 'find' | 'lastGood'>, now: () => number, waitMs: number = maxWaitMs) {
    this.#finder = finder;
    this.#now = now;
    this.#maxWaitMs = waitMs;
  }

  /** @param name of the document: `repodata.json` */
  async of(channel: ServedChannel, name: string): Promise<NoarchIndex> {
    const segments = ['noarch', name];
    const key = `${channel.id} ${name}`;
    const known = (): NoarchIndex => this.#finder.lastGood(channel, segments) ?? 'unknown';
    const sinceMs = this.#now() - (this.#failed.get(key) ?? -Infinity);
    if (sinceMs >= 0 && sinceMs < retryAfterMs) return known();
    try {
      const found = await inTime(
        this.#finder.find({ channel, headers: {} }, segments, maxAgeMs),
        this.#maxWaitMs,
      );
      if (found !== 'late') {
        this.#failed.delete(key);
        return found?.index;
      }
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
    }
    this.#failed.set(key, this.#now());
    return known();
  }
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    // What becomes of it later is seen at the next request.
    work.catch(() => undefined);
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
