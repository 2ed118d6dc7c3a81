/**
 * So many at a time, in turns. Invariant: no owner (a channel) has more than its share while the rest is idle, so one
 * slow upstream never keeps others out; who waits is served owner by owner; beyond a bound nobody waits, but is told to
 * come back.
 */
import { BusyError } from '../types.ts';

export type SlotLimits = {
  readonly total: number;
  readonly perOwner: number;
  readonly waiting: number;
};

type Waiter = { readonly resolve: () => void; isGone: boolean };

export class FairSlots {
  readonly #limits: SlotLimits;
  readonly #used = new Map<string, number>();
  /** In the order in which the owners' turns come. */
  readonly #waiting = new Map<string, Waiter[]>();
  #total = 0;
  #waiters = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for a turn.
   * @returns gives the slot back; a second call does nothing
   * @throws BusyError when too many wait; what `signal` was aborted with
   */
  async take(owner: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#isFree(owner) || this.#waiting.has(owner)) await this.#wait(owner, signal);
    else this.#use(owner);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#giveBack(owner);
    };
  }

  #isFree(owner: string): boolean {
    return this.#total < this.#limits.total && (this.#used.get(owner) ?? 0) < this.#limits.perOwner;
  }

  #use(owner: string): void {
    this.#total += 1;
    this.#used.set(owner, (this.#used.get(owner) ?? 0) + 1);
  }

  #giveBack(owner: string): void {
    this.#total -= 1;
    const used = (this.#used.get(owner) ?? 0) - 1;
    if (used > 0) this.#used.set(owner, used);
    else this.#used.delete(owner);
    this.#next();
  }

  #wait(owner: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiters >= this.#limits.waiting) throw new BusyError();
    this.#waiters += 1;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        isGone: false,
        resolve: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        waiter.isGone = true;
        this.#waiters -= 1;
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const queue = this.#waiting.get(owner);
      if (queue === undefined) this.#waiting.set(owner, [waiter]);
      else queue.push(waiter);
    });
  }

  #next(): void {
    for (const [owner, queue] of this.#waiting) {
      while (queue[0]?.isGone === true) queue.shift();
      const [waiter] = queue;
      if (waiter === undefined) {
        this.#waiting.delete(owner);
      } else if (this.#isFree(owner)) {
        queue.shift();
        this.#waiters -= 1;
        // To the end of the line.
        this.#waiting.delete(owner);
        if (queue.length > 0) this.#waiting.set(owner, queue);
        this.#use(owner);
        waiter.resolve();
        if (this.#total >= this.#limits.total) return;
      }
    }
  }
}
