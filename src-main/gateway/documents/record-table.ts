/**
 * Many small records under text keys, as a few plain buffers: handed from a worker to the main thread without a copy,
 * and searched there without ever being unpacked. A page of 100,000 files as objects would stop the event loop for as
 * long as it takes to make them.
 */

export type RecordTableBuffers = {
  /** All keys and values, one after the other, in the order of the keys' bytes. */
  readonly bytes: Uint8Array;
  /** Start of each key, start of each value, alternating; then the end of all. */
  readonly offsets: Uint32Array;
};

/** Makes the buffers of a table. Of two records with one key the first stays. */
export class RecordTableBuilder {
  readonly #records = new Map<string, string>();

  get size(): number {
    return this.#records.size;
  }

  /** @returns false if there is one under this key already */
  add(key: string, record: unknown): boolean {
    if (this.#records.has(key)) return false;
    this.#records.set(key, JSON.stringify(record));
    return true;
  }

  build(): RecordTableBuffers {
    // By code unit: keys are ASCII, so it is the order of their bytes too.
    const keys = [...this.#records.keys()].sort();
    const offsets = new Uint32Array(keys.length * 2 + 1);
    let length = 0;
    for (const key of keys)
      length += Buffer.byteLength(key) + Buffer.byteLength(this.#records.get(key) ?? '');
    const bytes = Buffer.from(new ArrayBuffer(length));
    let at = 0;
    for (const [index, key] of keys.entries()) {
      offsets[index * 2] = at;
      at += bytes.write(key, at);
      offsets[index * 2 + 1] = at;
      at += bytes.write(this.#records.get(key) ?? '', at);
    }
    offsets[keys.length * 2] = at;
    return { bytes, offsets };
  }
}

/** Looks records up by halving. */
export class RecordTable<T> {
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

  get(key: string): T | undefined {
    const wanted = Buffer.from(key);
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [start, value, end] = this.#offsets.subarray(middle * 2, middle * 2 + 3);
      const order = wanted.compare(this.#bytes, start, value);
      if (order === 0) return JSON.parse(this.#bytes.toString('utf8', value, end)) as T;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return undefined;
  }
}
