/**
 * Where a log is kept: one small interface that a file and a database server can carry. Invariant: a backend moves
 * lines and heads as opaque text; it never needs a key, and nothing that it says is believed before it is checked.
 */

/** One line as it is stored, without its newline. */
export type StoredLine = {
  readonly seq: number;
  readonly line: string;
  /**
   * Where the next line begins, in the backend's own terms: lets a later read of `seq + 1` start there without counting
   * lines. Opaque; may be kept in a checkpoint. One that does not fit (another log, another place) only costs time.
   */
  readonly bookmark: string;
};

/** From where to read: a place in the chain, and the backend's own short cut to it if the caller kept one. */
export type ReadFrom = { readonly seq: number; readonly bookmark?: string };

/** What `recover` found and did. */
export type RecoveryReport = {
  /** Bytes of an incomplete last line that were (or, where the disk refuses now, will be by the next append) cut off. */
  readonly tornTailBytes: number;
  /** A whole last line that only lacked its newline: it counts, and the newline was (or will be) added. */
  readonly completedLastLine: boolean;
};

/** What an append achieved. A line counts once it is on the disk; the head only anchors it. */
export type Appended = {
  /** False: the lines are there, but the head could not be replaced ("made, but not anchored"). */
  readonly anchored: boolean;
  /** Behind the last line appended. */
  readonly bookmark: string;
};

/**
 * Why a watch believes that the log is no longer the one it followed: moved away; last lines cut off; another one in its
 * place; or there, but the disk does not hand it out. Only a hint: look again by `locked` and `read` before calling it so.
 */
export type Lost = 'gone' | 'shorter' | 'replaced' | 'unreadable';

export interface LogBackend {
  /**
   * Streams lines from a place on, as they stood when the read began. A last line without its newline is among them when
   * it is whole. Read `seq - 1` to compare the line before as well.
   * @throws LatchkeyError VAULT_UNAVAILABLE when it cannot be read (`details.reason` is `ENOENT` when it was there before);
   * VAULT_CORRUPT when there are fewer than `from.seq` lines (`details.lost` is `shorter`, `details.foundSeq` how many),
   * or when a line is longer than the bound (`details.line`)
   */
  read(from: ReadFrom): AsyncIterable<StoredLine>;
  /** The head as it was last stored (a JWS), or undefined when there is none. */
  head(): Promise<string | undefined>;
  /** Looks at the end of the log, under the lock when something must be mended. */
  recover(): Promise<RecoveryReport>;
  /**
   * Appends lines durably, with none of another process between them, then replaces the head.
   * @param expectedSeq how many lines the caller believes there are
   * @throws LatchkeyError VAULT_CONFLICT when there are more; VAULT_CORRUPT with `details.lost` when there are fewer
   * (`shorter`) or the known part is not what it was (`replaced`); VAULT_BUSY when another process holds the lock;
   * VAULT_UNAVAILABLE when the disk refuses: `details.outcome` is `unchanged`, or `unknown` when the disk
   * does not even say, then read on from `expectedSeq` to see
   */
  append(expectedSeq: number, lines: readonly string[], head: string): Promise<Appended>;
  /**
   * Replaces the head alone: for lines that a crash left without one.
   * @throws LatchkeyError as append does; VAULT_UNAVAILABLE when the head was not replaced
   */
  writeHead(expectedSeq: number, head: string): Promise<void>;
  /** Runs work while nobody else can append: to look again before something is called lost. Methods called inside join. */
  locked<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Calls back soon after another process appended (not after an own append), and when the log that was followed is no
   * longer there. Goes on after `onLost`: when the log is as it should be again, `onAppend` says to look. Neither is
   * called again for what was told already, except that lines nobody reads are told again after a while.
   * @returns the function that ends it
   */
  watch(on: { readonly onAppend: () => void; readonly onLost: (how: Lost) => void }): () => void;
  /** Ends the watches and forgets the place; reads that run end by themselves. */
  close(): Promise<void>;
}

/** Opens a backend in the name of an operator (a database signs in by it; a file ignores it). */
export type OpenBackend = (operatorId: string | undefined) => LogBackend;

/** Longest line, in bytes: 20,000 new tokens in one transaction take about 25 MiB. */
export const maxLineBytes = 64 * 1024 * 1024;
