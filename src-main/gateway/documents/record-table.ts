/**
 * Many small texts under text keys, as a few plain buffers: handed from a worker to the main thread without a copy, and
 * searched there without ever being unpacked. A page of 100,000 files as objects would stop the event loop for as long
 * as it takes to make them. While it is made, texts are bytes outside of the thread's heap: as strings, those of one long
 * page took 100 MB there. Bounded, since short entries and long common addresses would make far more of a page than it
 * has bytes itself.
 */
import { TooLargeError } from './not-an-index.ts';

/** Two and a half times the longest page that must be read. */
const maxRecords = 250_000;
const maxChars = 64 * 1024 * 1024;
/** Of one chunk; a record is never in two. */
const chunkBits = 20;
const chunkBytes = 1 << chunkBits;
const firstBytes = 4 * 1024;
const maxBytesPerChar = 3;
/** Numbers of one place: where its key starts, where its value starts, where it ends. */
const numbers = 3;

export type RecordTableBuffers = {
  /** Keys and values, as they came; all but the last count as long as a chunk may be. */
  readonly chunks: readonly Uint8Array[];
  /** Where each record is, in the order of the keys. */
  readonly places: Uint32Array;
};

/** Makes the buffers of a table. Of two records with one key the first stays. */
export class RecordTableBuilder {
  /** Which record it is, by key. */
  readonly #records = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  readonly #places: number[] = [];
  #chunk: Buffer = Buffer.alloc(0);
  #filled = 0;
  #chars = 0;

  get size(): number {
    return this.#records.size;
  }

  /**
   * @param key ASCII
   * @returns false if there is one under this key already
   * @throws TooLargeError
   */
  add(key: string, text: string): boolean {
    if (this.#records.has(key)) return false;
    const chars = key.length + text.length;
    this.#chars += chars;
    const mostBytes = chars * maxBytesPerChar;
    if (this.#records.size >= maxRecords || this.#chars > maxChars || mostBytes > chunkBytes)
      throw new TooLargeError();
    this.#makeRoom(mostBytes);
    this.#records.set(key, this.#records.size);
    const start = (this.#chunks.length - 1) * chunkBytes;
    this.#places.push(start + this.#filled);
    this.#filled += this.#chunk.write(key, this.#filled);
    this.#places.push(start + this.#filled);
    this.#filled += this.#chunk.write(text, this.#filled);
    this.#places.push(start + this.#filled);
    return true;
  }

  #makeRoom(bytes: number): void {
    const wanted = this.#filled + bytes;
    if (wanted <= this.#chunk.length && this.#chunks.length > 0) return;
    if (wanted > chunkBytes) {
      this.#chunk = Buffer.allocUnsafeSlow(chunkBytes);
      this.#chunks.push(this.#chunk);
      this.#filled = 0;
      return;
    }
    // Only the first one: most tables never fill it.
    const grown = Buffer.allocUnsafeSlow(Math.min(chunkBytes, Math.max(firstBytes, 2 * wanted)));
    this.#chunk.copy(grown, 0, 0, this.#filled);
    this.#chunk = grown;
    this.#chunks[0] = grown;
  }

  /** To be called once: what it gives is handed over. */
  build(): RecordTableBuffers {
    // By code unit: keys are ASCII, so it is the order of their bytes too.
    const keys = [...this.#records.keys()].sort();
    const places = new Uint32Array(keys.length * numbers);
    for (const [index, key] of keys.entries()) {
      const from = (this.#records.get(key) ?? 0) * numbers;
      for (let part = 0; part < numbers; part += 1)
        places[index * numbers + part] = this.#places[from + part] ?? 0;
    }
    const chunks: Uint8Array[] = this.#chunks.slice(0, -1);
    // Most tables are short: no more is kept of the last chunk than there is in it.
    if (this.#chunks.length > 0) chunks.push(new Uint8Array(this.#chunk.subarray(0, this.#filled)));
    return { chunks, places };
  }
}

/** Looks records up by halving. */
export class RecordTable {
  readonly #chunks: readonly Buffer[];
  readonly #places: Uint32Array;

  constructor({ chunks, places }: RecordTableBuffers) {
    this.#chunks = chunks.map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    );
    this.#places = places;
  }

  get size(): number {
    return this.#places.length / numbers;
  }

  get weightBytes(): number {
    return this.#chunks.reduce((sum, { length }) => sum + length, this.#places.byteLength);
  }

  /** Values whose keys begin so, in the order of their keys. */
  *startingWith(prefix: string): Generator<string> {
    const wanted = Buffer.from(prefix);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wanted.compare(this.#part(middle, 0)) > 0) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < this.size; index += 1) {
      if (!this.#part(index, 0).subarray(0, wanted.length).equals(wanted)) return;
      yield this.#part(index, 1).toString('utf8');
    }
  }

  /** The key (0) or the value (1) of a record. */
  #part(index: number, part: 0 | 1): Buffer {
    const [start = 0, value = 0, end = 0] = this.#places.subarray(index * numbers, index * numbers + numbers);
    const chunk = this.#chunks[start >>> chunkBits] ?? Buffer.alloc(0);
    const from = start & ~(chunkBytes - 1);
    return part === 0 ? chunk.subarray(start - from, value - from) : chunk.subarray(value - from, end - from);
  }

  get(key: string): string | undefined {
    const wanted = Buffer.from(key);
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [start = 0, value = 0, end = 0] = this.#places.subarray(
        middle * numbers,
        middle * numbers + numbers,
      );
      const chunk = this.#chunks[start >>> chunkBits];
      if (chunk === undefined) return undefined;
      const from = start & ~(chunkBytes - 1);
      const order = wanted.compare(chunk, start - from, value - from);
      if (order === 0) return chunk.toString('utf8', value - from, end - from);
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return undefined;
  }
}
