import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';

/** Large enough to be worth a message to another thread, small enough to begin early. */
const pieceChars = 128 * 1024;

/** A copy in any case, and none of a pool: it is handed over, and what was given belongs to somebody else. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Text that is given away in pieces and hashed on the way. */
export class PieceWriter {
  readonly #hash: Hash = createHash('sha256');
  readonly #encoder = new TextEncoder();
  #texts: string[] = [];
  #bytes: Uint8Array[] = [];
  #chars = 0;

  write(text: string): void {
    this.#texts.push(text);
    this.#chars += text.length;
  }

  /** @param bytes UTF-8; not to be changed until they are taken */
  writeBytes(bytes: Uint8Array): void {
    this.#encodeTexts();
    this.#bytes.push(bytes);
    this.#chars += bytes.length;
  }

  /** What has come together; all of it at the end, else only where it is worth it. */
  take(isEnd: boolean): Uint8Array[] {
    if (this.#chars === 0 || (!isEnd && this.#chars < pieceChars)) return [];
    this.#encodeTexts();
    const bytes = joined(this.#bytes);
    this.#bytes = [];
    this.#chars = 0;
    this.#hash.update(bytes);
    return [bytes];
  }

  #encodeTexts(): void {
    if (this.#texts.length === 0) return;
    this.#bytes.push(this.#encoder.encode(this.#texts.join('')));
    this.#texts = [];
  }

  /** Of all that was taken: 160 bits, as good as all for telling versions apart. */
  digest(): string {
    return this.#hash.digest('base64url').slice(0, 27);
  }
}
