/**
 * The files that policies allow, as a table that is handed from a worker to the main thread: some 16 bytes each. Invariant:
 * a name that was not added is not found (name-hash.ts says how sure that is).
 */
import type { HashKey } from './name-hash.ts';
import { HashSet, NameHash } from './name-hash.ts';

export type AllowedFilesBuffers = {
  readonly key: HashKey;
  readonly places: Uint32Array<ArrayBuffer>;
  readonly size: number;
};

export class AllowedFilesBuilder {
  readonly #hash: NameHash;
  readonly #set = new HashSet();

  constructor(hash = new NameHash()) {
    this.#hash = hash;
  }

  add(filename: string): void {
    this.#set.add(this.#hash.of(filename));
  }

  /** One that was just hashed. */
  addHashed(hash: Pick<NameHash, 'low' | 'high'>): void {
    this.#set.add(hash);
  }

  build(): AllowedFilesBuffers {
    return { key: this.#hash.key, places: this.#set.places, size: this.#set.size };
  }
}

export class AllowedFiles {
  readonly #hash: NameHash;
  readonly #set: HashSet;
  readonly size: number;
  readonly weightBytes: number;

  constructor({ key, places, size }: AllowedFilesBuffers) {
    this.#hash = new NameHash(key);
    this.#set = new HashSet(places);
    this.size = size;
    this.weightBytes = places.byteLength;
  }

  has(filename: string): boolean {
    return this.#set.has(this.#hash.of(filename));
  }
}
