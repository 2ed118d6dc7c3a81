/**
 * Following the log file with public data alone, while the vault is locked. Invariant: goes on from the very line that
 * the vault stood at; what is not authentic is told and ends the following, as nothing behind it can be believed; a log
 * that is away for a while is told and followed again when it is back.
 */
import { createExclusive } from '../base/exclusive.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { LogBackend, Lost, StoredLine } from './backend.ts';
import type { PublicLine } from './follow-public.ts';
import { followPublic } from './follow-public.ts';
import type { PublicPlace } from './chain-place.ts';
import { hashLine } from './line.ts';
import { VerifyKeys } from './sign.ts';

export type PublicWatchEvents = {
  /** Lines that came, in their order. */
  readonly onLines: (lines: readonly PublicLine[]) => void;
  /** The log cannot be followed now (`Lost`), or not any more (an error); undefined when it can again. */
  readonly onProblem: (problem: Lost | LatchkeyError | undefined) => void;
};

export class PublicWatch {
  readonly #backend: LogBackend;
  readonly #events: PublicWatchEvents;
  readonly #supportedFormat: number;
  readonly #keys = new VerifyKeys();
  readonly #inTurn = createExclusive();
  readonly #stopWatch: () => void;
  #place: PublicPlace;
  #isOver = false;

  constructor(backend: LogBackend, from: PublicPlace, supportedFormat: number, events: PublicWatchEvents) {
    this.#backend = backend;
    this.#place = from;
    this.#supportedFormat = supportedFormat;
    this.#events = events;
    void this.#inTurn(() => this.#readOn());
    this.#stopWatch = backend.watch({
      onAppend: () => void this.#inTurn(() => this.#readOn()),
      onLost: (how) => this.#isOver || this.#events.onProblem(how),
    });
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#stopWatch();
    await this.#inTurn(() => this.#backend.close());
  }

  async #readOn(): Promise<void> {
    if (this.#isOver) return;
    try {
      const lines: PublicLine[] = [];
      const options = { supportedFormat: this.#supportedFormat, keys: this.#keys };
      for await (const line of followPublic(this.#place, this.#newLines(), options)) {
        if (this.#isOver) return;
        this.#place = { ...this.#place, ...line.place };
        lines.push(line);
      }
      this.#events.onProblem(undefined);
      if (lines.length > 0) this.#events.onLines(lines);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      if (error.code === 'VAULT_UNAVAILABLE') this.#events.onProblem('unreadable');
      else this.#end(error);
    }
  }

  /** From the last line on, which must be the one that is known. */
  async *#newLines(): AsyncGenerator<StoredLine> {
    const { seq, hash, bookmark, lastLineAt } = this.#place;
    const from =
      seq === 0 ? { seq } : { seq: seq - 1, ...(lastLineAt === undefined ? {} : { bookmark: lastLineAt }) };
    let before = bookmark;
    for await (const stored of this.#backend.read(from)) {
      if (stored.seq >= seq) {
        this.#place = { ...this.#place, bookmark: stored.bookmark, lastLineAt: before };
        yield stored;
      } else if (hashLine(stored.line) !== hash) {
        throw new LatchkeyError('VAULT_CORRUPT', ['otherLog'], {
          details: { lost: 'replaced', foundSeq: stored.seq },
        });
      }
      before = stored.bookmark;
    }
  }

  #end(error: LatchkeyError): void {
    this.#isOver = true;
    this.#stopWatch();
    this.#events.onProblem(error);
  }
}
