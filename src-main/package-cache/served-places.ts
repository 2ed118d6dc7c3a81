/**
 * Which places were sent a file, noted beside it each hour. Invariant: a channel has a file only when its own upstream gave
 * it once: to name a hash is not to have the file.
 */
import { LRUCache } from 'lru-cache';
import type { FileSource } from './about-file.ts';
import { isOfChannel } from './about-file.ts';
import type { CacheFolder } from './cache-folder.ts';

const touchEveryMs = 3_600_000;
const maxPlaces = 100_000;

const keyOf = (sha256: string, { channelId, path }: FileSource): string => `${sha256} ${channelId} ${path}`;

export class ServedPlaces {
  readonly #now: () => number;
  /** When each was noted. */
  readonly #notedAtMs = new LRUCache<string, number>({ max: maxPlaces });

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the upstream of its channel gave it. @throws the system's error */
  async has(folder: CacheFolder, sha256: string, source: FileSource): Promise<boolean> {
    if (this.#notedAtMs.has(keyOf(sha256, source))) return true;
    return isOfChannel(await folder.about(sha256), source.channelId);
  }

  /** It was, within the hour. */
  isNoted(sha256: string, source: FileSource): boolean {
    const ageMs = this.#now() - (this.#notedAtMs.get(keyOf(sha256, source)) ?? -Infinity);
    return ageMs >= 0 && ageMs < touchEveryMs;
  }

  /** It has it, and was sent it now. */
  note(folder: CacheFolder, sha256: string, source: FileSource): void {
    if (this.isNoted(sha256, source)) return;
    const nowMs = this.#now();
    this.#notedAtMs.set(keyOf(sha256, source), nowMs);
    void folder.touch(sha256, nowMs, source);
  }
}
