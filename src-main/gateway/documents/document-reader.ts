/**
 * Something that reads one document in pieces and writes another from it, inside a worker. Throws NotAnIndexError or
 * TooLargeError where the document is none, or beyond its bounds.
 */
export interface DocumentReader<Result> {
  /** @returns what is written so far; each piece owns its memory, as it goes to another thread */
  push(chunk: Buffer): Uint8Array[];
  end(): { readonly pieces: Uint8Array[]; readonly result: Result };
}
