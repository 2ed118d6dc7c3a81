/**
 * A log that never holds up who writes it. Invariant: what its reader does not take is bounded and then dropped; dropped
 * lines are counted and said as soon as lines are taken again; a reader that went away, or a full disk, is no failure.
 */
import { fstatSync, writeSync } from 'node:fs';

/** Some two thousand lines. */
const maxPendingBytes = 256 * 1024;

export interface LogTarget {
  /** @throws when it cannot be written now */
  write(text: string): void;
  /** What was given, but not taken yet. */
  pendingBytes(): number;
}

export class LineLog {
  readonly #target: LogTarget;
  #lost = 0;
  #untold = 0;

  constructor(target: LogTarget) {
    this.#target = target;
  }

  /** How many lines were dropped so far. */
  get lost(): number {
    return this.#lost;
  }

  /** @param line without its end, escaped already */
  write(line: string): void {
    if (this.#target.pendingBytes() > maxPendingBytes) return this.#drop();
    const told = this.#untold;
    const note =
      told === 0 ? '' : `latchkey: ${told} lines of this log were dropped: nobody took them in time\n`;
    try {
      this.#target.write(`${note}${line}\n`);
      this.#untold -= told;
    } catch {
      // A full disk, a reader that is gone: the count is all that can be kept.
      this.#drop();
    }
  }

  #drop(): void {
    this.#lost += 1;
    this.#untold += 1;
  }
}

/** This process's standard error, whatever it is. */
export function stderrTarget(): LogTarget {
  if (isFile(2)) {
    // Written at once: a stream would be closed for good by the first full disk.
    return { write: (text) => void writeSync(2, text), pendingBytes: () => 0 };
  }
  const { stderr } = process;
  let isGone = false;
  stderr.on('error', () => (isGone = true));
  // A terminal that is stopped (Ctrl+S) would stop its writer: its handle can do without. Undocumented, so asked for.
  const { _handle: handle } = stderr as unknown as {
    _handle?: { setBlocking?: (blocking: boolean) => void };
  };
  handle?.setBlocking?.(false);
  return {
    write: (text) => {
      if (isGone) throw new Error('the reader is gone');
      stderr.write(text);
    },
    pendingBytes: () => stderr.writableLength,
  };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
