/**
 * Which row of an index a file has, by the hash of its name (name-hash.ts). While an index is read it also tells what
 * stands there twice.
 */
import type { HashKey } from '../documents/name-hash.ts';
import { NameHash } from '../documents/name-hash.ts';

export type FileRowBuffers = {
  readonly key: HashKey;
  /** Two numbers per place; 0, 0 is a free one. */
  readonly places: Uint32Array;
  /** By place. -1: of no row. */
  readonly rows: Int32Array;
};

const noRow = -1;
const firstPlaces = 1024;

export class FileRowsBuilder {
  readonly #key: HashKey;
  #places: Uint32Array;
  #rows: Int32Array;
  /** In which container it stood last. */
  #containers: Uint8Array;
  #size = 0;

  /** @param expected how many there may be */
  constructor(key: HashKey, expected: number) {
    this.#key = key;
    const places = Math.max(firstPlaces, 2 ** Math.ceil(Math.log2(expected * 1.5)));
    this.#places = sharedNumbers(places);
    this.#rows = sharedRows(places);
    this.#containers = new Uint8Array(places);
  }

  /**
   * @param row of the entry, if it can be relied on; -1 else
   * @returns `twice` if the container had it before; `listed` if another one had it, with a row
   */
  add(low: number, high: number, container: number, row: number): 'new' | 'listed' | 'twice' {
    const at = placeOf(this.#places, low, high);
    if (this.#places[at * 2] !== 0 || this.#places[at * 2 + 1] !== 0) {
      if (this.#containers[at] === container) return 'twice';
      this.#containers[at] = container;
      if (this.#rows[at] !== noRow) return 'listed';
      this.#rows[at] = row;
      return 'new';
    }
    this.#places[at * 2] = low;
    this.#places[at * 2 + 1] = high;
    this.#rows[at] = row;
    this.#containers[at] = container;
    this.#size += 1;
    if (this.#size * 3 > this.#rows.length * 2) this.#grow();
    return 'new';
  }

  build(): FileRowBuffers {
    return { key: this.#key, places: this.#places, rows: this.#rows };
  }

  #grow(): void {
    const [places, rows, containers] = [this.#places, this.#rows, this.#containers];
    this.#places = sharedNumbers(rows.length * 2);
    this.#rows = sharedRows(rows.length * 2);
    this.#containers = new Uint8Array(rows.length * 2);
    for (let at = 0; at < rows.length; at += 1) {
      const [low = 0, high = 0] = [places[at * 2], places[at * 2 + 1]];
      if (low === 0 && high === 0) continue;
      const to = placeOf(this.#places, low, high);
      this.#places[to * 2] = low;
      this.#places[to * 2 + 1] = high;
      this.#rows[to] = rows[at] ?? noRow;
      this.#containers[to] = containers[at] ?? 0;
    }
  }
}

export class FileRows {
  readonly #hash: NameHash;
  readonly #buffers: FileRowBuffers;

  constructor(buffers: FileRowBuffers) {
    this.#buffers = buffers;
    this.#hash = new NameHash(buffers.key);
  }

  get weightBytes(): number {
    return this.#buffers.places.byteLength + this.#buffers.rows.byteLength;
  }

  rowOf(filename: string): number | undefined {
    const { places, rows } = this.#buffers;
    const { low, high } = this.#hash.of(filename);
    const at = placeOf(places, low, high);
    if (places[at * 2] === 0 && places[at * 2 + 1] === 0) return undefined;
    const row = rows[at] ?? noRow;
    return row === noRow ? undefined : row;
  }
}

const sharedNumbers = (places: number) =>
  new Uint32Array(new SharedArrayBuffer(places * 2 * Uint32Array.BYTES_PER_ELEMENT));
const sharedRows = (places: number) =>
  new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));

/** Where it stands, or the free place for it. */
function placeOf(places: Uint32Array, low: number, high: number): number {
  const last = places.length / 2 - 1;
  let at = low & last;
  for (;;) {
    const first = places[at * 2];
    const second = places[at * 2 + 1];
    if ((first === low && second === high) || (first === 0 && second === 0)) return at;
    at = (at + 1) & last;
  }
}
