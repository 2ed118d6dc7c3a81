/**
 * Bytes of an open file for one answer. Large pieces for a few at a time, for twice the speed; so that hundreds stay within
 * some MB, else small ones. A large buffer is used again, which costs less than another one: the system gives it page by
 * page. Invariant: it is used again only when what was in it has left for the socket, as `pieceWritten` says.
 */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { releaseBytes } from './release-bytes.ts';

const fewFiles = 32;
const pieceBytes = { ofFew: 256 * 1024, ofMany: 64 * 1024 };
/** Kept for what comes next: 4 MB. */
const maxSpare = 16;
const spare: Buffer[] = [];
/** Files that are being sent. */
let sending = 0;

export class FileStream extends Readable {
  readonly #handle: FileHandle;
  readonly #pieceBytes: number;
  /** Of the last byte. */
  readonly #end: number;
  #at: number;

  /** Closes the file when it ends or is destroyed. @param range its first and last byte */
  constructor(handle: FileHandle, { start, end }: { readonly start: number; readonly end: number }) {
    const bytes = sending < fewFiles ? pieceBytes.ofFew : pieceBytes.ofMany;
    super({ highWaterMark: bytes });
    sending += 1;
    this.#handle = handle;
    this.#pieceBytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  override _read(): void {
    const wanted = Math.min(this.#pieceBytes, this.#end + 1 - this.#at);
    const isLarge = wanted > pieceBytes.ofMany;
    const buffer =
      (isLarge ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(isLarge ? pieceBytes.ofFew : wanted);
    this.#handle.read(buffer, 0, wanted, this.#at).then(
      ({ bytesRead }) => {
        this.#at += bytesRead;
        // Shorter than it was: what is missing shows.
        const isOver = bytesRead === 0;
        this.push(isOver ? null : buffer.subarray(0, bytesRead));
        if (!isOver && this.#at > this.#end) this.push(null);
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    sending -= 1;
    // Behind a read that is under way.
    this.#handle.close().then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    );
  }
}

/** Nobody looks at a piece any more. @param error why it did not leave: then its buffer is not used again */
export function pieceWritten(piece: Uint8Array, error?: Error | null): void {
  const buffer = Buffer.from(piece.buffer);
  const isSpare = (error ?? undefined) === undefined && buffer.length === pieceBytes.ofFew;
  if (isSpare && spare.length < maxSpare) spare.push(buffer);
  else releaseBytes(buffer);
}
