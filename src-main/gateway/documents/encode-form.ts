import { once } from 'node:events';
import { releaseBytes } from '../release-bytes.ts';
import type { Coding } from './codings.ts';
import { encoderOf } from './codings.ts';
import type { Form } from './stored-document.ts';
import { FormCollector } from './stored-document.ts';

/** Makes a form while its document is still written. */
export class FormEncoder {
  readonly coding: Coding;
  readonly #collected: FormCollector;
  readonly #encoder;
  #plainBytes = 0;

  /** @param maxBytes of the form */
  constructor(coding: Coding, maxBytes: number) {
    this.#collected = new FormCollector(maxBytes);
    this.coding = coding;
    this.#encoder = coding === 'identity' ? undefined : encoderOf(coding);
    this.#encoder?.on('data', (piece: Uint8Array) => this.#collected.add(piece));
  }

  /** Whether there was more than it may be; then it is of no use. */
  get isOver(): boolean {
    return this.#collected.isOver;
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  async add(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      this.#plainBytes += piece.length;
      if (this.#encoder === undefined) this.#collected.add(piece);
      // It is in the form now, packed.
      else if (!this.#encoder.write(piece, () => releaseBytes(piece))) await once(this.#encoder, 'drain');
    }
  }

  async end(): Promise<Form> {
    if (this.#encoder !== undefined) {
      this.#encoder.end();
      await once(this.#encoder, 'end');
    }
    return this.#collected.form();
  }

  destroy(): void {
    this.#encoder?.destroy();
  }
}
