/**
 * When a checkpoint is written: by how much was read since the last one, and not too often. Invariant: never at lock,
 * never twice at once; a lock ends a writing that is under way, and the file stays as it was.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import type { CheckpointOwner } from './checkpoint.ts';
import { sealCheckpoint } from './checkpoint.ts';
import type { Amount } from './follow.ts';
import type { Session } from './session.ts';

/** Replaying this much takes about a second: as long as nobody minds. */
const linesBetween = 1_000;
const charsBetween = 1024 * 1024;
const leastMsBetween = 30_000;

export class CheckpointWriter<State, Event> {
  readonly #session: Session<State, Event>;
  #lines: number;
  #chars: number;
  #writtenAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /** @param replayed what the opening replayed behind the last checkpoint */
  constructor(session: Session<State, Event>, replayed: Amount) {
    this.#session = session;
    this.#lines = replayed.lines;
    this.#chars = replayed.chars;
  }

  /** More was read or written. */
  note({ lines, chars }: Amount): void {
    this.#lines += lines;
    this.#chars += chars;
    this.#plan();
  }

  /** Writes now, if there is enough; for whoever wants to wait for it. */
  async writeIfDue(): Promise<void> {
    this.#plan();
    await this.#running;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #plan(): void {
    if (this.#running !== undefined || this.#timer !== undefined || this.#session.abort.signal.aborted)
      return;
    if (this.#lines < linesBetween && this.#chars < charsBetween) return;
    const sinceMs = this.#session.parts.now() - this.#writtenAtMs;
    // A clock that was set back must not put it off for long.
    const waitMs = Math.min(leastMsBetween - sinceMs, leastMsBetween);
    if (waitMs <= 0) {
      this.#start();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#plan();
    }, waitMs).unref();
  }

  #start(): void {
    this.#lines = 0;
    this.#chars = 0;
    this.#running = this.#write().finally(() => {
      this.#running = undefined;
      this.#writtenAtMs = this.#session.parts.now();
    });
  }

  async #write(): Promise<void> {
    const { parts, reader, voids, marks, cursor, slot, content, abort, alarms } = this.#session;
    // A log that is known to be damaged is no place to begin from.
    if (this.#session.stopped !== undefined) return;
    const key = new Uint8Array(Buffer.from(content.checkpointKey, 'base64url'));
    const owner: CheckpointOwner = { key, vaultId: cursor.vaultId, operatorId: slot.operatorId };
    const { keyring } = reader;
    const lines = sealCheckpoint(owner, parts.domain, { cursor, keyring, voids, marks }, parts.randomBytes);
    try {
      await parts.checkpoints.write(slot.operatorId, lines, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return;
      // A shortcut that could not be kept: what is in the log stays there.
      if (!(error instanceof LatchkeyError)) throw error;
      alarms.raise({ kind: 'checkpoint-failed', why: error.message });
    }
  }
}
