/**
 * So many at a time, in turns. Invariant: no owner ever has all: the more are taken, the less one may have, so that who
 * comes new finds a free one, however many owners hold theirs for long; who waits is served owner by owner; beyond a
 * bound nobody waits, but is told to come back; a holder that does nothing with its slot gives way to who waits.
 */
import { BusyError } from './types.ts';

export type SlotLimits = {
  readonly total: number;
  /** Of one owner while all others are idle. It has this share of what is free, so two have less each. */
  readonly perOwner: number;
  /** Of all owners; one has half of the free places at most. */
  readonly waiting: number;
};

/** Who has a slot, for those who wait for it. */
export type Holder = {
  /** Asked once a second while others wait. */
  readonly isStuck: () => boolean;
  /** Ends what it does; its slot comes back by that. */
  readonly cut: () => void;
};

type Waiter = { readonly resolve: () => void; isGone: boolean };
type Queue = { readonly waiters: Waiter[]; waiting: number };

const lookEveryMs = 1000;

export class FairSlots {
  readonly #limits: SlotLimits;
  /** How much one owner may have for each free one. */
  readonly #share: number;
  readonly #used = new Map<string, number>();
  /** In the order in which the owners' turns come. */
  readonly #waiting = new Map<string, Queue>();
  /** The one that had its slot longest first. */
  readonly #holders = new Set<Holder>();
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #waiters = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
    this.#share = limits.perOwner / (limits.total - limits.perOwner);
  }

  /**
   * Waits for a turn.
   * @returns gives the slot back; a second call does nothing
   * @throws BusyError when too many wait; what `signal` was aborted with
   */
  async take(owner: string, signal?: AbortSignal, holder?: Holder): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#isFree(owner) || this.#waiting.has(owner)) await this.#wait(owner, signal);
    else this.#use(owner);
    if (holder !== undefined) this.#holders.add(holder);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      if (holder !== undefined) this.#holders.delete(holder);
      this.#giveBack(owner);
    };
  }

  /** How many of this owner wait. */
  waitingOf(owner: string): number {
    return this.#waiting.get(owner)?.waiting ?? 0;
  }

  #isFree(owner: string): boolean {
    const free = this.#limits.total - this.#total;
    return free > 0 && (this.#used.get(owner) ?? 0) < this.#share * free;
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
    const queue = this.#waiting.get(owner) ?? { waiters: [], waiting: 0 };
    const free = this.#limits.waiting - this.#waiters;
    if (free <= 0 || queue.waiting >= free) throw new BusyError();
    this.#waiting.set(owner, queue);
    this.#waiters += 1;
    queue.waiting += 1;
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
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
        this.#left(queue);
        // Nothing is kept of those who left, however many they are.
        if (queue.waiting === 0) this.#waiting.delete(owner);
        else if (queue.waiters.length > 2 * queue.waiting + 16)
          queue.waiters.splice(0, queue.waiters.length, ...queue.waiters.filter(({ isGone }) => !isGone));
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.waiters.push(waiter);
    });
  }

  #left(queue: Queue): void {
    queue.waiting -= 1;
    this.#waiters -= 1;
    if (this.#waiters > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    for (const [owner, queue] of this.#waiting) {
      if (!this.#isFree(owner)) continue;
      while (queue.waiters[0]?.isGone === true) queue.waiters.shift();
      const waiter = queue.waiters.shift();
      // To the end of the line.
      this.#waiting.delete(owner);
      if (waiter === undefined) continue;
      this.#left(queue);
      if (queue.waiting > 0) this.#waiting.set(owner, queue);
      this.#use(owner);
      waiter.resolve();
      if (this.#total >= this.#limits.total) return;
    }
  }

  /** No more of them than there are who wait. */
  #look(): void {
    let left = this.#waiters;
    for (const holder of this.#holders) {
      if (left === 0) return;
      if (!holder.isStuck()) continue;
      left -= 1;
      this.#holders.delete(holder);
      holder.cut();
    }
  }
}
