/** Bytes that are put together and given away, each piece with memory of its own, as it goes to another thread. */
export class ByteWriter {
  #bytes = Buffer.alloc(0);
  #filled = 0;

  /** Copies: what is given may be a view of something that is given back. */
  bytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  text(text: string): void {
    this.#makeRoom(text.length * 3);
    this.#filled += this.#bytes.write(text, this.#filled);
  }

  take(): Uint8Array<ArrayBuffer>[] {
    if (this.#filled === 0) return [];
    const piece = this.#bytes.subarray(0, this.#filled);
    // Handed over as it is where little of it is empty.
    const isFull = this.#filled * 4 > this.#bytes.length * 3;
    const taken = isFull ? new Uint8Array(piece.buffer, 0, this.#filled) : new Uint8Array(piece);
    this.#bytes = isFull ? Buffer.alloc(0) : this.#bytes;
    this.#filled = 0;
    return [taken];
  }

  #makeRoom(more: number): void {
    const wanted = this.#filled + more;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(64 * 1024, wanted + (wanted >> 2)));
    larger.set(this.#bytes.subarray(0, this.#filled));
    this.#bytes = larger;
  }
}
