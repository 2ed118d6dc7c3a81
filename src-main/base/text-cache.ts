import { LRUCache } from 'lru-cache';

/**
 * Remembers results by text, the least recently used goes first. Bounded in entries and in the length of a key, so that
 * whoever chooses the texts cannot fill the memory with them.
 */
export class TextCache<V extends NonNullable<unknown>> {
  readonly #entries: LRUCache<string, V>;
  readonly #maxKeyChars: number;

  constructor(maxEntries: number, maxKeyChars: number) {
    this.#entries = new LRUCache({ max: maxEntries });
    this.#maxKeyChars = maxKeyChars;
  }

  getOrMake(key: string, make: (key: string) => V): V {
    let value = this.#entries.get(key);
    if (value === undefined) {
      value = make(key);
      if (key.length <= this.#maxKeyChars) this.#entries.set(key, value);
    }
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
