/**
 * Writes MessagePack (its specification's smallest forms), piece by piece, into memory that grows. Invariant: what is
 * written is whole where the counts that were promised are kept.
 */
export class MessagePackWriter {
  #bytes: Buffer;
  #filled = 0;

  constructor(startBytes = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(startBytes);
  }

  /** Where the next byte comes: to be gone back to with `cut`. */
  get length(): number {
    return this.#filled;
  }

  /** Takes back what was written since. */
  cut(length: number): void {
    this.#filled = length;
  }

  /** A copy of what was written from `start` on. */
  copy(start = 0): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(start, this.#filled));
  }

  /** What was written from `start` on, until something is written again. */
  view(start = 0): Uint8Array {
    return this.#bytes.subarray(start, this.#filled);
  }

  nil(): void {
    this.#byte(0xc0);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /** An integer within what a number holds exactly. */
  integer(value: number): void {
    if (value >= 0 && value < 0x80) this.#byte(value);
    else if (value < 0 && value >= -0x20) this.#byte(0x100 + value);
    else if (value >= 0 && value <= 0xffffffff) {
      this.#room(5);
      if (value <= 0xff) {
        this.#put(0xcc);
        this.#put(value);
      } else if (value <= 0xffff) {
        this.#put(0xcd);
        this.#filled = this.#bytes.writeUInt16BE(value, this.#filled);
      } else {
        this.#put(0xce);
        this.#filled = this.#bytes.writeUInt32BE(value, this.#filled);
      }
    } else this.long(BigInt(value));
  }

  /** @param value from -2^63 to 2^64 - 1 */
  long(value: bigint): void {
    this.#room(9);
    if (value < 0n) {
      this.#put(0xd3);
      this.#filled = this.#bytes.writeBigInt64BE(value, this.#filled);
    } else {
      this.#put(0xcf);
      this.#filled = this.#bytes.writeBigUInt64BE(value, this.#filled);
    }
  }

  float(value: number): void {
    this.#room(9);
    this.#put(0xcb);
    this.#filled = this.#bytes.writeDoubleBE(value, this.#filled);
  }

  text(text: string): void {
    const bytes = Buffer.from(text);
    this.utf8(bytes, 0, bytes.length);
  }

  /** Text whose bytes are there. */
  utf8(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length < 32) this.#byte(0xa0 + length);
    else if (length <= 0xff) this.#header(0xd9, length, 1);
    else if (length <= 0xffff) this.#header(0xda, length, 2);
    else this.#header(0xdb, length, 4);
    this.#raw(from, start, end);
  }

  binary(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length <= 0xff) this.#header(0xc4, length, 1);
    else if (length <= 0xffff) this.#header(0xc5, length, 2);
    else this.#header(0xc6, length, 4);
    this.#raw(bytes, 0, length);
  }

  /** Two bytes for each: their hexadecimal form. Checked by the caller. */
  hexadecimal(from: Uint8Array, start: number, end: number): void {
    const length = (end - start) / 2;
    this.#header(0xc4, length, 1);
    this.#room(length);
    for (let at = start; at < end; at += 2)
      this.#put((digitOf(from[at] ?? 0) << 4) | digitOf(from[at + 1] ?? 0));
  }

  /** A map of so many keys and values, which follow. */
  map(count: number): void {
    if (count < 16) this.#byte(0x80 + count);
    else if (count <= 0xffff) this.#header(0xde, count, 2);
    else this.#header(0xdf, count, 4);
  }

  list(count: number): void {
    if (count < 16) this.#byte(0x90 + count);
    else if (count <= 0xffff) this.#header(0xdc, count, 2);
    else this.#header(0xdd, count, 4);
  }

  /** Begins a map or list whose count is told when it ends. @returns for `close` */
  open(): number {
    this.#byte(0);
    return this.#filled;
  }

  close(opened: number, kind: 'map' | 'list', count: number): void {
    const head = opened - 1;
    if (count < 16) {
      this.#bytes[head] = (kind === 'map' ? 0x80 : 0x90) + count;
      return;
    }
    const more = count <= 0xffff ? 2 : 4;
    this.#room(more);
    this.#bytes.copyWithin(opened + more, opened, this.#filled);
    this.#filled += more;
    this.#bytes[head] = (kind === 'map' ? 0xde : 0xdc) + (more === 2 ? 0 : 1);
    if (more === 2) this.#bytes.writeUInt16BE(count, opened);
    else this.#bytes.writeUInt32BE(count, opened);
  }

  #header(type: number, length: number, bytes: 1 | 2 | 4): void {
    this.#room(5);
    this.#put(type);
    this.#filled = this.#bytes.writeUIntBE(length, this.#filled, bytes);
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#put(byte);
  }

  #put(byte: number): void {
    this.#bytes[this.#filled] = byte;
    this.#filled += 1;
  }

  #raw(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#room(length);
    // Most texts are short: a loop is faster than a call.
    if (length < 64)
      for (let at = 0; at < length; at += 1) this.#bytes[this.#filled + at] = from[start + at] ?? 0;
    else this.#bytes.set(from.subarray(start, end), this.#filled);
    this.#filled += length;
  }

  #room(more: number): void {
    const wanted = this.#filled + more;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted + (wanted >> 1), 1024));
    larger.set(this.#bytes.subarray(0, this.#filled));
    this.#bytes = larger;
  }
}

/** Of a hexadecimal digit; -1 for what is none. */
export function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
