/**
 * What scans the entries of an index's containers: in WebAssembly (entries-wasm.ts), or its twin in TypeScript
 * (entries-scan.ts). Invariant: both accept what `JSON.parse` accepts and nothing else, but for a bound on depth, and write
 * the same rows; of an entry in which something that decides is not as usual they say no more than where it stands.
 */
import type { HashKey } from '../documents/name-hash.ts';

/** Indexes have 5. The link filter lets no deeper one through. */
export const maxDepth = 512;
/** More keys than a record has; one with more is looked at closely. */
export const maxKeys = 64;
/** Of what is scanned at once: the longest value that is taken whole, and what comes with it. */
export const maxInputBytes = 5 * 1024 * 1024;
/** Zeros, which are JSON nowhere, stand behind the input: no loop runs over its end. */
export const endBytes = 64;
/** Entries of one call. */
export const maxRows = 4096;
/** Numbers of a row. */
export const rowNumbers = 16;
/** Of its numbers: where key and value stand, flags, and what the entry is about. */
export const at = {
  key: 0,
  keyEnd: 1,
  value: 2,
  valueEnd: 3,
  flags: 4,
  name: 5,
  version: 6,
  license: 7,
  hashLow: 8,
  hashHigh: 9,
  commas: 11,
} as const;
/** Times of a row, each two numbers long. */
export const timeNumbers = rowNumbers / 2;
export const timeAt = { indexed: 6, built: 7 } as const;

/**
 * `odd`: name, version, build, licence, subdir, file or a time are not written as usual, a key has an escape or may be
 * there twice, or it is no object: `readRecord` says what it is.
 */
export const rowFlags = { odd: 1, hasIndexed: 2, hasBuilt: 4 } as const;
export const noNumber = 0xffffffff;

export type TextKind = 'name' | 'version' | 'license';
export const textKinds = ['name', 'version', 'license'] as const;

/** Texts by their number, in UTF-8. */
export type TextBuffers = {
  readonly bytes: Uint8Array;
  /** One more than there are texts. */
  readonly offsets: Uint32Array;
};

export type ScannedEntries = {
  readonly rows: number;
  /** After the last entry that is over, or after the container. */
  readonly resumeAt: number;
  readonly isClosed: boolean;
  /** Where something stands that is not JSON, or where the input ends; undefined: there was no room for more rows. */
  readonly stoppedAt: number | undefined;
};

export type EntryScanner = {
  /** The input stands from `inputAt` on. Another array after each call. */
  readonly bytes: Uint8Array;
  readonly inputAt: number;
  /** Rows of the last call. */
  readonly rows: Uint32Array;
  readonly times: Float64Array;
  /** @param key of the names' hashes */
  begin(key: HashKey, subdir: string): void;
  /** @param suffix what the keys of the container that comes lack of the files' names */
  enter(suffix: string): void;
  /** @returns after the value at `from`; less than 0: minus the place where it is none or the input ends */
  value(from: number, depth: number): number;
  /**
   * @param end of the input
   * @param isFirst no entry came before in this container
   */
  entries(from: number, end: number, isFirst: boolean): ScannedEntries;
  /** The number of a text. */
  intern(kind: TextKind, text: string): number;
  /** All that came. */
  texts(kind: TextKind): TextBuffers;
  /** Memory that texts take. */
  readonly textBytes: number;
};
