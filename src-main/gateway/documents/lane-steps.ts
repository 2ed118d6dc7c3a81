/**
 * What waits for one thread. Invariant: one step is under way at a time, and the next one begins however it ends; steps of
 * documents keep their order; verdicts about single files, which a client waits for and which are short, go before them,
 * but not for ever.
 */
import type { WorkerMethods } from './worker.ts';

export type Step = {
  readonly method: keyof WorkerMethods;
  readonly parameters: readonly unknown[];
  readonly handedOver: ArrayBuffer[];
};
type Waiting = {
  readonly step: Step;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const short: ReadonlySet<Step['method']> = new Set(['judge', 'about', 'entryFacts']);
/** Short ones in a row while others wait. */
const maxShort = 16;

export class LaneSteps {
  readonly #max: number;
  readonly #start: (step: Step) => Promise<unknown>;
  readonly #short: Waiting[] = [];
  readonly #others: Waiting[] = [];
  #isRunning = false;
  #shortInRow = 0;

  /** @param max how many may wait */
  constructor(max: number, start: (step: Step) => Promise<unknown>) {
    this.#max = max;
    this.#start = start;
  }

  /** @throws Error where too many wait; what the step throws */
  add(step: Step): Promise<unknown> {
    if (this.#short.length + this.#others.length >= this.#max)
      return Promise.reject(new Error('Too many steps wait for a thread.'));
    return new Promise((resolve, reject) => {
      (short.has(step.method) ? this.#short : this.#others).push({ step, resolve, reject });
      this.#next();
    });
  }

  /** Nothing that waits is done any more. */
  clear(): void {
    const all = [...this.#short.splice(0), ...this.#others.splice(0)];
    for (const { reject } of all) reject(new Error('The threads were closed.'));
  }

  #next(): void {
    if (this.#isRunning) return;
    const waiting = this.#take();
    if (waiting === undefined) return;
    this.#isRunning = true;
    void this.#run(waiting);
  }

  #take(): Waiting | undefined {
    const isTurnOfOthers = this.#shortInRow >= maxShort && this.#others.length > 0;
    const found = isTurnOfOthers ? undefined : this.#short.shift();
    this.#shortInRow = found === undefined ? 0 : this.#shortInRow + 1;
    return found ?? this.#others.shift();
  }

  async #run({ step, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await this.#start(step));
    } catch (error) {
      reject(error);
    }
    this.#isRunning = false;
    this.#next();
  }
}
