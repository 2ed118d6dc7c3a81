/**
 * Names as 64 bits, and sets of them outside of a thread's heap. Invariant: SipHash-2-4 (Aumasson, Bernstein 2012) under a
 * key that is drawn anew and never leaves the process, so that nobody can look for a name that is taken for another; by
 * chance it happens once in 2^64 / the number of names.
 */
import { randomBytes } from 'node:crypto';

const keyBytes = 16;
const scratch = Buffer.alloc(1024 + 8);

export type HashKey = Uint8Array;
export const newHashKey = (): HashKey => new Uint8Array(randomBytes(keyBytes));

/** Hashes one name after the other; what came of the last stands in `low` and `high`. */
export class NameHash {
  low = 0;
  high = 0;
  readonly key: HashKey;
  readonly #key: readonly [number, number, number, number];

  constructor(key: HashKey = newHashKey()) {
    this.key = key;
    const view = new DataView(key.buffer, key.byteOffset, keyBytes);
    this.#key = [
      view.getUint32(0, true),
      view.getUint32(4, true),
      view.getUint32(8, true),
      view.getUint32(12, true),
    ];
  }

  of(name: string): this {
    const isShort = name.length * 3 <= scratch.length - 8;
    const bytes = isShort ? scratch : Buffer.from(`${name}\0\0\0\0\0\0\0\0`);
    const length = isShort ? scratch.write(name) : bytes.length - 8;
    this.#hash(bytes, length);
    return this;
  }

  /** @param bytes with eight more behind `length`, whatever they are */
  #hash(bytes: Uint8Array, length: number): void {
    const [k0, k1, k2, k3] = this.#key;
    let a0 = k0 ^ 0x70736575;
    let a1 = k1 ^ 0x736f6d65;
    let b0 = k2 ^ 0x6e646f6d;
    let b1 = k3 ^ 0x646f7261;
    let c0 = k0 ^ 0x6e657261;
    let c1 = k1 ^ 0x6c796765;
    let d0 = k2 ^ 0x79746573;
    let d1 = k3 ^ 0x74656462;
    const blocks = (length >>> 3) + 1;
    // One block more than there are, and then four rounds: all in one loop, so that the rounds stand here once.
    for (let block = 0; block <= blocks; block += 1) {
      let m0 = 0;
      let m1 = 0;
      let rounds = 2;
      if (block < blocks) {
        const at = block * 8;
        const left = length - at;
        if (left >= 8) {
          m0 = word(bytes, at);
          m1 = word(bytes, at + 4);
        } else {
          m0 = left >= 4 ? word(bytes, at) : left > 0 ? word(bytes, at) & mask(left) : 0;
          m1 = left > 4 ? word(bytes, at + 4) & mask(left - 4) : 0;
          m1 |= (length & 0xff) << 24;
        }
        d0 ^= m0;
        d1 ^= m1;
      } else {
        c0 ^= 0xff;
        rounds = 4;
      }
      for (; rounds > 0; rounds -= 1) {
        let sum = (a0 >>> 0) + (b0 >>> 0);
        a1 = (a1 + b1 + (sum > 0xffffffff ? 1 : 0)) | 0;
        a0 = sum | 0;
        let swap = (b0 << 13) | (b1 >>> 19);
        b1 = ((b1 << 13) | (b0 >>> 19)) ^ a1;
        b0 = swap ^ a0;
        swap = a0;
        a0 = a1;
        a1 = swap;
        sum = (c0 >>> 0) + (d0 >>> 0);
        c1 = (c1 + d1 + (sum > 0xffffffff ? 1 : 0)) | 0;
        c0 = sum | 0;
        swap = (d0 << 16) | (d1 >>> 16);
        d1 = ((d1 << 16) | (d0 >>> 16)) ^ c1;
        d0 = swap ^ c0;
        sum = (a0 >>> 0) + (d0 >>> 0);
        a1 = (a1 + d1 + (sum > 0xffffffff ? 1 : 0)) | 0;
        a0 = sum | 0;
        swap = (d0 << 21) | (d1 >>> 11);
        d1 = ((d1 << 21) | (d0 >>> 11)) ^ a1;
        d0 = swap ^ a0;
        sum = (c0 >>> 0) + (b0 >>> 0);
        c1 = (c1 + b1 + (sum > 0xffffffff ? 1 : 0)) | 0;
        c0 = sum | 0;
        swap = (b0 << 17) | (b1 >>> 15);
        b1 = ((b1 << 17) | (b0 >>> 15)) ^ c1;
        b0 = swap ^ c0;
        swap = c0;
        c0 = c1;
        c1 = swap;
      }
      if (block < blocks) {
        a0 ^= m0;
        a1 ^= m1;
      }
    }
    this.low = (a0 ^ b0 ^ c0 ^ d0) >>> 0;
    this.high = (a1 ^ b1 ^ c1 ^ d1) >>> 0;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) |
  ((bytes[at + 1] ?? 0) << 8) |
  ((bytes[at + 2] ?? 0) << 16) |
  ((bytes[at + 3] ?? 0) << 24);
/** The first bytes of four. */
const mask = (count: number): number => (count >= 4 ? -1 : (1 << (count * 8)) - 1);

/** Two numbers for each name; 0, 0 is a free place. */
export class HashSet {
  #places: Uint32Array<ArrayBuffer>;
  #size = 0;

  constructor(places: Uint32Array<ArrayBuffer> = new Uint32Array(2 * 64)) {
    this.#places = places;
  }

  get size(): number {
    return this.#size;
  }

  /** What it is made of. */
  get places(): Uint32Array<ArrayBuffer> {
    return this.#places;
  }

  has({ low, high }: Pick<NameHash, 'low' | 'high'>): boolean {
    const at = placeOf(this.#places, low, high);
    return this.#places[at] !== 0 || this.#places[at + 1] !== 0;
  }

  /** @returns false where it was there */
  add({ low, high }: Pick<NameHash, 'low' | 'high'>): boolean {
    const at = placeOf(this.#places, low, high);
    if (this.#places[at] !== 0 || this.#places[at + 1] !== 0) return false;
    this.#places[at] = low;
    this.#places[at + 1] = high;
    this.#size += 1;
    // At most two thirds full.
    if (this.#size * 3 > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#places.length * 2);
    for (let at = 0; at < this.#places.length; at += 2) {
      const [low = 0, high = 0] = [this.#places[at], this.#places[at + 1]];
      if (low === 0 && high === 0) continue;
      const to = placeOf(larger, low, high);
      larger[to] = low;
      larger[to + 1] = high;
    }
    this.#places = larger;
  }
}

/** Where it stands, or the free place for it. */
export function placeOf(places: Uint32Array, low: number, high: number): number {
  const last = places.length - 2;
  let at = (low * 2) & last;
  for (;;) {
    const [first, second] = [places[at], places[at + 1]];
    if ((first === low && second === high) || (first === 0 && second === 0)) return at;
    at = (at + 2) & last;
  }
}
