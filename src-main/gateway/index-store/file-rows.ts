/**
 * Which row of an index a file has, by the hash of its name (name-hash.ts). While an index is read it also tells what
 * stands there twice.
 */
import type { HashKey } from '../documents/name-hash.ts';
import { NameHash } from '../documents/name-hash.ts';

export type FileRowBuffers = {
  readonly key: HashKey;
  /** Four numbers per place, in one line of a processor's cache: the hash, one more than the row, the container. */
  readonly places: Uint32Array;
};

const noRow = -1;
const firstPlaces = 1024;
const numbers = 4;

export class FileRowsBuilder {
  readonly #key: HashKey;
  #places: Uint32Array;
  #room: number;
  #size = 0;

  /** @param expected how many there may be */
  constructor(key: HashKey, expected: number) {
    this.#key = key;
    const places = Math.max(firstPlaces, 2 ** Math.ceil(Math.log2(expected * 1.5)));
    this.#places = sharedNumbers(places);
    this.#room = roomOf(places);
  }

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

  build(): FileRowBuffers {
    return { key: this.#key, places: this.#places };
  }

  #grow(): void {
    const before = this.#places;
    const count = (before.length / numbers) * 2;
    const places = sharedNumbers(count);
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

  rowOf(filename: string): number | undefined {
    const { places } = this.#buffers;
    const { low, high } = this.#hash.of(filename);
    const row = (places[placeOf(places, low, high) + 2] ?? 0) - 1;
    return row === noRow ? undefined : row;
  }
}

const sharedNumbers = (places: number) =>
  new Uint32Array(new SharedArrayBuffer(places * numbers * Uint32Array.BYTES_PER_ELEMENT));

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
