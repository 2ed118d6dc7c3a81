/**
 * The files that policies allow, as a table that is handed from a worker to the main thread: 8 bytes each. Invariant: a
 * name that was not added is found with a chance of 1 in 2^64 × the number of files, and nobody can look for such a name
 * without knowing the salt, which never leaves this process.
 */
import { createHash, randomBytes } from 'node:crypto';

export type AllowedFilesBuffers = { readonly salt: Uint8Array; readonly hashes: BigUint64Array };

export class AllowedFilesBuilder {
  readonly #salt = new Uint8Array(randomBytes(16));
  #hashes = new BigUint64Array(1024);
  #count = 0;

  add(filename: string): void {
    if (this.#count === this.#hashes.length) {
      const larger = new BigUint64Array(this.#hashes.length * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#count] = hashOf(this.#salt, filename);
    this.#count += 1;
  }

  build(): AllowedFilesBuffers {
    return { salt: this.#salt, hashes: this.#hashes.slice(0, this.#count).sort() };
  }
}

export class AllowedFiles {
  readonly #salt: Uint8Array;
  readonly #hashes: BigUint64Array;

  constructor({ salt, hashes }: AllowedFilesBuffers) {
    this.#salt = salt;
    this.#hashes = hashes;
  }

  get size(): number {
    return this.#hashes.length;
  }

  get weightBytes(): number {
    return this.#hashes.byteLength;
  }

  has(filename: string): boolean {
    const wanted = hashOf(this.#salt, filename);
    let low = 0;
    let high = this.#hashes.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#hashes[middle] ?? 0n;
      if (found === wanted) return true;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}

function hashOf(salt: Uint8Array, filename: string): bigint {
  return createHash('sha256').update(salt).update(filename).digest().readBigUInt64LE(0);
}
