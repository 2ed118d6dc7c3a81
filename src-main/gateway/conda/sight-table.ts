/**
 * When files of one subdir of a channel were seen for the first time, by the hash of their name, in memory that threads
 * share: workers read, the main thread writes. Invariant: a time that is there never changes.
 */
import type { HashKey, NameHash } from '../documents/name-hash.ts';
import { placeOf } from '../documents/name-hash.ts';

type Hash = Pick<NameHash, 'low' | 'high'>;

export type SightBuffers = {
  readonly key: HashKey;
  /** Two numbers per place; 0, 0 is a free one. */
  readonly places: Uint32Array;
  /** Milliseconds since the epoch, by place. */
  readonly timesMs: Float64Array;
};
export type SightLine = readonly [low: number, high: number, atMs: number];
/** Those that a worker found. */
export type NewSights = {
  readonly hashes: Uint32Array<ArrayBuffer>;
  readonly timesMs: Float64Array<ArrayBuffer>;
};

/** Milliseconds since the epoch that a date can have. */
export const isTime = (atMs: number): boolean => Math.abs(atMs) <= 8.64e15;

/** Looks a time up. */
export function sightOf({ places, timesMs }: SightBuffers, { low, high }: Hash): number | undefined {
  const at = placeOf(places, low, high);
  return isFree(places, at) ? undefined : timesMs[at / 2];
}

export class SightTable {
  readonly key: HashKey;
  #places = sharedNumbers(64);
  #timesMs = sharedTimes(64);
  #size = 0;

  constructor(key: HashKey) {
    this.key = key;
  }

  get size(): number {
    return this.#size;
  }

  get buffers(): SightBuffers {
    return { key: this.key, places: this.#places, timesMs: this.#timesMs };
  }

  has({ low, high }: Hash): boolean {
    return !isFree(this.#places, placeOf(this.#places, low, high));
  }

  lines(): SightLine[] {
    const all: SightLine[] = [];
    for (let at = 0; at < this.#places.length; at += 2)
      if (!isFree(this.#places, at))
        all.push([this.#places[at] ?? 0, this.#places[at + 1] ?? 0, this.#timesMs[at / 2] ?? 0]);
    return all;
  }

  /** @returns false where there is a time already */
  add(hash: Hash, atMs: number): boolean {
    const at = placeOf(this.#places, hash.low, hash.high);
    if (!isFree(this.#places, at)) return false;
    // The time first: a reader takes what has a name.
    this.#timesMs[at / 2] = atMs;
    this.#places[at] = hash.low;
    this.#places[at + 1] = hash.high;
    this.#size += 1;
    if (this.#size * 3 > this.#places.length) this.#grow();
    return true;
  }

  /** Into other memory: who reads the old goes on with it. */
  #grow(): void {
    const places = sharedNumbers(this.#places.length);
    const timesMs = sharedTimes(this.#places.length);
    for (let at = 0; at < this.#places.length; at += 2) {
      const [low = 0, high = 0] = [this.#places[at], this.#places[at + 1]];
      if (low === 0 && high === 0) continue;
      const to = placeOf(places, low, high);
      places[to] = low;
      places[to + 1] = high;
      timesMs[to / 2] = this.#timesMs[at / 2] ?? 0;
    }
    this.#places = places;
    this.#timesMs = timesMs;
  }
}

/** Collects what a worker finds. */
export class FoundSights {
  #hashes = new Uint32Array(128);
  #timesMs = new Float64Array(64);
  #size = 0;

  add({ low, high }: Hash, atMs: number): void {
    if (this.#size === this.#timesMs.length) {
      const [hashes, timesMs] = [this.#hashes, this.#timesMs];
      this.#hashes = new Uint32Array(hashes.length * 2);
      this.#hashes.set(hashes);
      this.#timesMs = new Float64Array(timesMs.length * 2);
      this.#timesMs.set(timesMs);
    }
    this.#hashes[this.#size * 2] = low;
    this.#hashes[this.#size * 2 + 1] = high;
    this.#timesMs[this.#size] = atMs;
    this.#size += 1;
  }

  build(): NewSights {
    return { hashes: this.#hashes.slice(0, this.#size * 2), timesMs: this.#timesMs.slice(0, this.#size) };
  }
}

const sharedNumbers = (places: number) =>
  new Uint32Array(new SharedArrayBuffer(places * 2 * Uint32Array.BYTES_PER_ELEMENT));
const sharedTimes = (places: number) =>
  new Float64Array(new SharedArrayBuffer(places * Float64Array.BYTES_PER_ELEMENT));

const isFree = (places: Uint32Array, at: number): boolean => places[at] === 0 && places[at + 1] === 0;
