/**
 * Where a log is kept: one small interface that a file and a database server can carry. Invariant: a backend moves
 * lines and heads as opaque text; it never needs a key, and nothing that it says is believed before it is checked.
 */

/** One line as it is stored, without its newline. */
export type StoredLine = {
  readonly seq: number;
  readonly line: string;
  /** Where the next line begins, in the backend's own terms: lets a later read start there without counting lines. */
  readonly bookmark: string;
};

/** From where to read: a place in the chain, and the backend's own short cut to it if the caller kept one. */
export type ReadFrom = { readonly seq: number; readonly bookmark?: string };

/** What `recover` found and did. */
export type RecoveryReport = {
  /** Bytes of an incomplete last line that were (or will be, by the next append) cut off. */
  readonly tornTailBytes: number;
  /** A whole last line that only lacked its newline: it counts, and the newline was added. */
  readonly completedLastLine: boolean;
};

/** What an append achieved. A line counts once it is on the disk; the head only anchors it. */
export type Appended = {
  /** False: the lines are there, but the head could not be replaced ("made, but not anchored"). */
  readonly anchored: boolean;
  /** Behind the last line appended. */
  readonly bookmark: string;
};

/** Why a watch believes that the log is no longer the one it followed. */
export type Lost = 'gone' | 'shorter' | 'replaced';

export interface LogBackend {
  /**
   * Streams lines from a place on.
   * @throws LatchkeyError VAULT_UNAVAILABLE when it cannot be read, VAULT_CORRUPT when a line is longer than the bound
   */
  read(from: ReadFrom): AsyncIterable<StoredLine>;
  /** The head as it was last stored (a JWS), or undefined when there is none. */
  head(): Promise<string | undefined>;
  /** Looks at the end of the log, under the lock when something must be mended. */
  recover(): Promise<RecoveryReport>;
  /**
   * Appends lines durably, with none of another process between them, then replaces the head.
   * @param expectedSeq how many lines the caller believes there are
   * @throws LatchkeyError VAULT_CONFLICT when there are others, VAULT_BUSY when another process holds the lock,
   * VAULT_UNAVAILABLE when the disk refuses (then no line was appended)
   */
  append(expectedSeq: number, lines: readonly string[], head: string): Promise<Appended>;
  /** Replaces the head alone: for lines that a crash left without one. */
  writeHead(expectedSeq: number, head: string): Promise<void>;
  /** Runs work while nobody can append: to look again before something is called lost. */
  locked<T>(work: () => Promise<T>): Promise<T>;
  /** Calls back soon after another process appended, and when the log that was followed is no longer there. */
  watch(on: { readonly onAppend: () => void; readonly onLost: (how: Lost) => void }): () => void;
  close(): Promise<void>;
}

/** Opens a backend in the name of an operator (a database signs in by it; a file ignores it). */
export type OpenBackend = (operatorId: string | undefined) => LogBackend;

/** Longest line, in bytes: 20,000 new tokens in one transaction take about 25 MiB. */
export const maxLineBytes = 64 * 1024 * 1024;
