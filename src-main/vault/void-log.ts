/**
 * Lines without effect, so that reading back leaves them out. Invariant: every such line is counted; the first hundred
 * are kept with their reason, so that nobody fills the memory by writing nonsense.
 */
import type { VoidLine, VoidLines } from './vault-api.ts';

const kept = 100;

export type StoredVoidLog = {
  readonly count: number;
  readonly lines: readonly VoidLine[];
  /** Ranges of places, both ends included. */
  readonly silent: readonly (readonly [number, number])[];
};

export class VoidLog {
  #count = 0;
  readonly #lines: VoidLine[] = [];
  /** Void lines, and lines whose content counts for nothing: in order. */
  readonly #silent: [number, number][] = [];

  addVoid(line: VoidLine): void {
    this.#count += 1;
    if (this.#lines.length < kept) this.#lines.push(line);
    this.addSilent(line.seq);
  }

  /** A line that counts by its clear part, with a content that does not. */
  addSilent(seq: number): void {
    const last = this.#silent.at(-1);
    if (last !== undefined && last[1] === seq - 1) last[1] = seq;
    else this.#silent.push([seq, seq]);
  }

  /** Whether a line brings no entries. */
  isSilent(seq: number): boolean {
    let [low, high] = [0, this.#silent.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#silent[middle];
      if (range === undefined) return false;
      if (seq < range[0]) high = middle;
      else if (seq > range[1]) low = middle + 1;
      else return true;
    }
    return false;
  }

  get lines(): VoidLines {
    return { count: this.#count, lines: [...this.#lines] };
  }

  /** A copy: a checkpoint is written while more lines come. */
  toJSON(): StoredVoidLog {
    return {
      count: this.#count,
      lines: [...this.#lines],
      silent: this.#silent.map(([from, to]) => [from, to] as const),
    };
  }

  static fromJSON(stored: StoredVoidLog): VoidLog {
    const log = new VoidLog();
    log.#count = stored.count;
    log.#lines.push(...stored.lines);
    for (const [from, to] of stored.silent) log.#silent.push([from, to]);
    return log;
  }
}
