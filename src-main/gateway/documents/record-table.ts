/**
 * Many small texts under text keys, as a few plain buffers: handed from a worker to the main thread without a copy, and
 * searched there without ever being unpacked. A page of 100,000 files as objects would stop the event loop for as long
 * as it takes to make them. Bounded, since short entries and long common addresses would make far more of a page than it
 * has bytes itself.
 */
import { TooLargeError } from './not-an-index.ts';

/** Two and a half times the longest page that must be read. */
const maxRecords = 250_000;
const maxChars = 64 * 1024 * 1024;

export type RecordTableBuffers = {
  /** All keys and values, one after the other, in the order of the keys. */
  readonly bytes: Uint8Array;
  /** Start of each key, start of each value, alternating; then the end of all. */
  readonly offsets: Uint32Array;
};

/** Makes the buffers of a table. Of two records with one key the first stays. */
export class RecordTableBuilder {
  readonly #records = new Map<string, string>();
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
    this.#chars += key.length + text.length;
    if (this.#records.size >= maxRecords || this.#chars > maxChars) throw new TooLargeError();
    this.#records.set(key, text);
    return true;
  }

  build(): RecordTableBuffers {
    // By code unit: keys are ASCII, so it is the order of their bytes too.
    const keys = [...this.#records.keys()].sort();
    const texts = keys.map((key) => this.#records.get(key) ?? '');
    const parts = keys.flatMap((key, index) => [key, texts[index] ?? '']);
    const bytes = new TextEncoder().encode(parts.join(''));
    const offsets = new Uint32Array(parts.length + 1);
    const chars = parts.reduce((sum, part) => sum + part.length, 0);
    // Only paths of folders are ever something else than ASCII.
    const lengthOf =
      bytes.length === chars ? (part: string) => part.length : (part: string) => Buffer.byteLength(part);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      offsets[index] = at;
      at += lengthOf(part);
    }
    offsets[parts.length] = at;
    return { bytes, offsets };
  }
}

/** Looks records up by halving. */
export class RecordTable {
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;

  constructor({ bytes, offsets }: RecordTableBuffers) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offsets = offsets;
  }

  get size(): number {
    return (this.#offsets.length - 1) / 2;
  }

  get weightBytes(): number {
    return this.#bytes.length + this.#offsets.byteLength;
  }

  get(key: string): string | undefined {
    const wanted = Buffer.from(key);
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [start, value, end] = this.#offsets.subarray(middle * 2, middle * 2 + 3);
      const order = wanted.compare(this.#bytes, start, value);
      if (order === 0) return this.#bytes.toString('utf8', value, end);
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return undefined;
  }
}
