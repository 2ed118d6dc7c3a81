import { once } from 'node:events';
import type { Coding } from './codings.ts';
import { encoderOf } from './codings.ts';
import type { Form } from './stored-document.ts';
import { FormCollector } from './stored-document.ts';

/** Makes a form while its document is still written. */
export class FormEncoder {
  readonly coding: Coding;
  readonly #collected = new FormCollector();
  readonly #encoder;
  #plainBytes = 0;

  constructor(coding: Coding) {
    this.coding = coding;
    this.#encoder = coding === 'identity' ? undefined : encoderOf(coding);
    this.#encoder?.on('data', (piece: Uint8Array) => this.#collected.add(piece));
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  async add(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      this.#plainBytes += piece.length;
      if (this.#encoder === undefined) this.#collected.add(piece);
      else if (!this.#encoder.write(piece)) await once(this.#encoder, 'drain');
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
