/** One who reads a file on its way into the cache (fill.ts), at a pace of its own. */
import { Readable } from 'node:stream';

/** What is read at a time. */
export const readBytes = 64 * 1024;

export class FillReader extends Readable {
  readonly #next: (at: number) => Promise<Uint8Array | undefined>;
  readonly #onLeft: () => void;
  #at = 0;

  constructor(next: (at: number) => Promise<Uint8Array | undefined>, onLeft: () => void) {
    super({ highWaterMark: readBytes });
    this.#next = next;
    this.#onLeft = onLeft;
  }

  override _read(): void {
    this.#next(this.#at).then(
      (bytes) => {
        if (bytes !== undefined) this.#at += bytes.length;
        this.push(bytes ?? null);
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#onLeft();
    done(error);
  }
}
