import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';

/** Large enough to be worth a message to another thread, small enough to begin early. */
const pieceChars = 128 * 1024;

/** Text that is given away in pieces and hashed on the way. */
export class PieceWriter {
  readonly #hash: Hash = createHash('sha256');
  readonly #encoder = new TextEncoder();
  #texts: string[] = [];
  #chars = 0;

  write(text: string): void {
    this.#texts.push(text);
    this.#chars += text.length;
  }

  /** What has come together; all of it at the end, else only where it is worth it. */
  take(isEnd: boolean): Uint8Array[] {
    if (this.#chars === 0 || (!isEnd && this.#chars < pieceChars)) return [];
    const bytes = this.#encoder.encode(this.#texts.join(''));
    this.#texts = [];
    this.#chars = 0;
    this.#hash.update(bytes);
    return [bytes];
  }

  /** Of all that was taken: 160 bits, as good as all for telling versions apart. */
  digest(): string {
    return this.#hash.digest('base64url').slice(0, 27);
  }
}
