/**
 * Which row of an index a file has, by the hash of its name (name-hash.ts). While an index is read it also tells what
 * stands there twice.
 */
import type { HashKey } from '../documents/name-hash.ts';
import { NameHash } from '../documents/name-hash.ts';
import { releaseBytes } from '../release-bytes.ts';

export type FileRowBuffers = {
  readonly key: HashKey;
  /**
   * Two numbers per place: the upper half of the hash, of which the lower says where to look, and one more than the row.
   * Of half a million files two may be alike in it: who looks for one compares its name.
   */
  readonly places: Uint32Array;
};

const firstPlaces = 1024;
/** While an index is read, in one line of a processor's cache: the hash, one more than the row, the container. */
const numbers = 4;
const keptNumbers = 2;
/** In the place of a row: it is there, and cannot be relied on. */
const without = 0xffffffff;

export class FileRowsBuilder {
  readonly #key: HashKey;
  #places: Uint32Array;
  #room: number;
  #size = 0;

  /** @param expected how many there may be */
  constructor(key: HashKey, expected: number) {
    this.#key = key;
    const places = Math.max(firstPlaces, 2 ** Math.ceil(Math.log2(expected * 1.5)));
    this.#places = roomFor(places);
    this.#room = roomOf(places);
  }

  /**
   * Looks at the places where hashes begin that come next: a processor brings memory of many at once, and of one after the
   * other many times slower.
   * @param lows every `step`th number from `first` on is the lower half of a hash
   */
  expect(lows: Uint32Array, first: number, step: number, count: number): void {
    const places = this.#places;
    const last = places.length - numbers;
    let seen = 0;
    for (let index = 0, at = first; index < count; index += 1, at += step)
      seen ^= places[((lows[at] ?? 0) * numbers) & last] ?? 0;
    // Kept, so that nobody finds the loop to be without effect.
    this.#seen[0] = seen;
  }
  readonly #seen = new Uint32Array(1);

  /**
   * @param row of the entry, if it can be relied on; -1 else
   * @returns `twice` if the container had it before; `listed` if another one had it, with a row
   */
  add(low: number, high: number, container: number, row: number): 'new' | 'listed' | 'twice' {
    const places = this.#places;
    const at = placeOf(places, low, high);
    if (places[at] !== 0 || places[at + 1] !== 0) {
      if (places[at + 3] === container) return 'twice';
      places[at + 3] = container;
      if (places[at + 2] !== 0) return 'listed';
      places[at + 2] = row + 1;
      return 'new';
    }
    places[at] = low;
    places[at + 1] = high;
    places[at + 2] = row + 1;
    places[at + 3] = container;
    this.#size += 1;
    if (this.#size > this.#room) this.#grow();
    return 'new';
  }

  /** The end: there is nothing to add to any more. */
  build(): FileRowBuffers {
    const before = this.#places;
    const places = new Uint32Array(new SharedArrayBuffer((before.byteLength / numbers) * keptNumbers));
    for (let from = 0, to = 0; from < before.length; from += numbers, to += keptNumbers) {
      const [low, high = 0, row = 0] = [before[from], before[from + 1], before[from + 2]];
      if (low === 0 && high === 0) continue;
      places[to] = high;
      places[to + 1] = row === 0 ? without : row;
    }
    this.#places = new Uint32Array(0);
    releaseBytes(new Uint8Array(before.buffer));
    return { key: this.#key, places };
  }

  #grow(): void {
    const before = this.#places;
    const count = (before.length / numbers) * 2;
    const places = roomFor(count);
    for (let at = 0; at < before.length; at += numbers) {
      const [low = 0, high = 0] = [before[at], before[at + 1]];
      if (low === 0 && high === 0) continue;
      places.set(before.subarray(at, at + numbers), placeOf(places, low, high));
    }
    this.#places = places;
    this.#room = roomOf(count);
  }
}

/** At most two thirds full. */
const roomOf = (places: number): number => Math.floor((places * 2) / 3);

export class FileRows {
  readonly #hash: NameHash;
  readonly #buffers: FileRowBuffers;

  constructor(buffers: FileRowBuffers) {
    this.#buffers = buffers;
    this.#hash = new NameHash(buffers.key);
  }

  get weightBytes(): number {
    return this.#buffers.places.byteLength;
  }

  /** Whether there is one that cannot be relied on. */
  hasWithoutRow(filename: string): boolean {
    for (const row of this.#alike(filename)) if (row === without) return true;
    return false;
  }

  /** @param isOf whether a row is that of the file */
  rowOf(filename: string, isOf: (row: number) => boolean): number | undefined {
    for (const row of this.#alike(filename)) if (row !== without && isOf(row - 1)) return row - 1;
    return undefined;
  }

  /** What stands where the file's would, by as much of the hash as is kept: one more than its row, or `without`. */
  *#alike(filename: string): Generator<number, void> {
    const { places } = this.#buffers;
    const { low, high } = this.#hash.of(filename);
    const last = places.length - keptNumbers;
    for (let at = (low * keptNumbers) & last; ; at = (at + keptNumbers) & last) {
      const row = places[at + 1] ?? 0;
      if (row === 0) return;
      if (places[at] === high) yield row;
    }
  }
}

const roomFor = (places: number) => new Uint32Array(places * numbers);

/** Where it stands, or the free place for it. */
function placeOf(places: Uint32Array, low: number, high: number): number {
  const last = places.length - numbers;
  let at = (low * numbers) & last;
  for (;;) {
    const first = places[at];
    const second = places[at + 1];
    if ((first === low && second === high) || (first === 0 && second === 0)) return at;
    at = (at + numbers) & last;
  }
}
