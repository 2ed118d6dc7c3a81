/** Remembers results by text. Bounded in entries and key length, so that clients cannot fill the memory with it. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #maxEntries: number;
  readonly #maxKeyChars: number;

  constructor(maxEntries: number, maxKeyChars: number) {
    this.#maxEntries = maxEntries;
    this.#maxKeyChars = maxKeyChars;
  }

  getOrMake(key: string, make: (key: string) => V): V {
    let value = this.#entries.get(key);
    if (value === undefined) {
      value = make(key);
      if (key.length <= this.#maxKeyChars) {
        // Starting over is cheaper than order of use, and as good while the working set is far below the bound.
        if (this.#entries.size >= this.#maxEntries) this.#entries.clear();
        this.#entries.set(key, value);
      }
    }
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
