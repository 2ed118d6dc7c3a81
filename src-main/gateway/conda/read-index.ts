/**
 * Copies a conda index with the link keys taken out. Runs in a worker. Invariant: what passes begins as a JSON object, is
 * balanced to its end, and has the records that make it an index of its kind; a page for people or a message is refused.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { DropCause } from '../../../shared/model/channel-health.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { NotAnIndexError } from '../documents/not-an-index.ts';
import { LinkFilterError } from './index-strings.ts';
import { LinkFilter } from './link-filter.ts';

export type CondaJob = { readonly type: 'conda-index' };
export type CondaResult = {
  readonly digest: string;
  readonly dropped: Partial<Record<DropCause, number>>;
};

export class CondaReader implements DocumentReader<CondaResult> {
  readonly #filter = new LinkFilter();
  readonly #hash: Hash = createHash('sha256');
  #hasBegun = false;

  constructor(_job: CondaJob) {}

  push(chunk: Buffer): Uint8Array[] {
    if (!this.#hasBegun) this.#begin(chunk);
    return this.#told(() => this.#filter.push(chunk));
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: CondaResult } {
    const pieces = this.#told(() => [this.#filter.end()]);
    const { droppedKeys, droppedNames, isBalanced, isIndex } = this.#filter;
    if (!isBalanced || !isIndex) throw new NotAnIndexError('Not a whole conda index');
    return {
      pieces,
      result: {
        digest: this.#hash.digest('base64url').slice(0, 27),
        dropped: {
          ...(droppedKeys === 0 ? {} : { 'redirecting-key': droppedKeys }),
          ...(droppedNames === 0 ? {} : { 'file-name': droppedNames }),
        },
      },
    };
  }

  /** At the first byte, so that a page for people is known before any of it is kept. */
  #begin(chunk: Buffer): void {
    const first = chunk.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
    if (first === undefined) return;
    if (first !== 0x7b) throw new NotAnIndexError('Not a JSON object');
    this.#hasBegun = true;
  }

  #told(make: () => Buffer[]): Uint8Array[] {
    let parts: Buffer[];
    try {
      parts = make();
    } catch (cause) {
      if (cause instanceof LinkFilterError) throw new NotAnIndexError(cause.message, { cause });
      throw cause;
    }
    // One piece that owns its memory: the parts are views of the chunk.
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (bytes === 0) return [];
    const piece = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      piece.set(part, at);
      at += part.length;
    }
    this.#hash.update(piece);
    return [piece];
  }
}
