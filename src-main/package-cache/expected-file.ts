/** What a file is to be, and what may come instead. */
import type { Readable } from 'node:stream';

/** What an index says of a file. */
export type ExpectedFile = {
  readonly sha256?: string | undefined;
  /** Counts where there is no SHA-256. */
  readonly md5?: string | undefined;
  readonly sizeBytes?: number | undefined;
};
/** What an upstream gives. */
export type Incoming = {
  readonly stream: Readable;
  readonly sizeBytes: number | undefined;
};

/** It is not what the index says it is. */
export class WrongFileError extends Error {
  override readonly name = 'WrongFileError';
  readonly what: 'hash' | 'length';

  constructor(what: 'hash' | 'length') {
    super(`The file has another ${what} than its index says`);
    this.what = what;
  }
}

/** The disk takes no more, and nobody is left who could read on. */
export class CacheDiskError extends Error {
  override readonly name = 'CacheDiskError';
}
