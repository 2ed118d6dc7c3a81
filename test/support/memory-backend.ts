import { LatchkeyError } from '../../shared/errors.ts';
import type { Appended, LogBackend, Lost, ReadFrom, StoredLine } from '../../src-main/vault/backend.ts';

type Watcher = { readonly onAppend: () => void; readonly onLost: (how: Lost) => void };

/** A log in memory that several backends share, as processes share a file. */
export class MemoryLog {
  lines: string[] = [];
  head: string | undefined;
  /** Heads are refused while it is false: lines are made, but not anchored. */
  takesHeads = true;
  readonly watchers = new Map<Watcher, MemoryBackend>();
  #turn: Promise<unknown> = Promise.resolve();

  open = (): LogBackend => new MemoryBackend(this);

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  /** Somebody outside changes the log. */
  lose(how: Lost, lines: string[] = this.lines): void {
    this.lines = lines;
    for (const watcher of this.watchers.keys()) setImmediate(watcher.onLost, how);
  }

  comeBack(lines: string[] = this.lines): void {
    this.lines = lines;
    for (const watcher of this.watchers.keys()) setImmediate(watcher.onAppend);
  }
}

class MemoryBackend implements LogBackend {
  readonly #log: MemoryLog;
  #isHolding = false;

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  async *read(from: ReadFrom): AsyncGenerator<StoredLine> {
    const lines = [...this.#log.lines];
    if (lines.length < from.seq) throw shorter(lines.length);
    for (const [seq, line] of lines.entries()) {
      if (seq >= from.seq) yield { line, seq, bookmark: String(seq + 1) };
    }
  }

  head = async () => this.#log.head;

  recover = async () => ({ tornTailBytes: 0, completedLastLine: false });

  append(expectedSeq: number, lines: readonly string[], head: string): Promise<Appended> {
    return this.locked(async () => {
      this.#mustHave(expectedSeq);
      this.#log.lines.push(...lines);
      for (const [watcher, owner] of this.#log.watchers) if (owner !== this) setImmediate(watcher.onAppend);
      if (this.#log.takesHeads) this.#log.head = head;
      return { anchored: this.#log.takesHeads, bookmark: String(this.#log.lines.length) };
    });
  }

  writeHead(expectedSeq: number, head: string): Promise<void> {
    return this.locked(async () => {
      this.#mustHave(expectedSeq);
      if (!this.#log.takesHeads)
        throw new LatchkeyError('VAULT_UNAVAILABLE', 'The head could not be written.');
      this.#log.head = head;
    });
  }

  async locked<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isHolding) return work();
    return this.#log.inTurn(async () => {
      this.#isHolding = true;
      try {
        return await work();
      } finally {
        this.#isHolding = false;
      }
    });
  }

  watch(on: Watcher): () => void {
    const watcher = { onAppend: on.onAppend, onLost: on.onLost };
    this.#log.watchers.set(watcher, this);
    return () => this.#log.watchers.delete(watcher);
  }

  async close(): Promise<void> {
    for (const [watcher, owner] of this.#log.watchers) if (owner === this) this.#log.watchers.delete(watcher);
  }

  #mustHave(expectedSeq: number): void {
    const found = this.#log.lines.length;
    if (found > expectedSeq) throw new LatchkeyError('VAULT_CONFLICT', 'There are more lines.');
    if (found < expectedSeq) throw shorter(found);
  }
}

const shorter = (foundSeq: number) =>
  new LatchkeyError('VAULT_CORRUPT', 'The log became shorter.', { details: { lost: 'shorter', foundSeq } });
