/**
 * Slows down whoever sends wrong tokens. Invariant: a good token is never slowed or refused, because only refusals that
 * were decided already come here; what is remembered is bounded, however many addresses there are. A token has 190
 * random bits, so that this is about work and noise, not about guessing.
 */
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** A mistyped token or two is told at once. */
const freeTries = 5;
const firstDelayMs = 100;
/** Shorter than clients' time limits (pip: 15 s), so that the reason is still read. */
const maxDelayMs = 8_000;
/** One wrong token is forgotten in this time. */
const forgetOneMs = 15_000;
/** Further ones make no difference: after ten minutes of silence nothing is held against an address. */
const maxStrikes = 40;
const maxAddresses = 10_000;
/** Answers that wait: a connection and a timer each. */
const maxWaiting = 512;
const maxWaitingPerAddress = 8;

/** Runs something later. @returns takes it back */
export type After = (delayMs: number, run: () => void) => () => void;

export const afterTimeout: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

export type Slowdown =
  | { readonly type: 'now' }
  /** Answer after that time, then call `done`; also when the client went away before. */
  | { readonly type: 'later'; readonly delayMs: number; readonly done: () => void }
  /** Too many are waiting: answer 429 at once. */
  | { readonly type: 'refuse'; readonly retryAfterSeconds: number };

type Record = { strikes: number; atMs: number; waiting: number };
const now: Slowdown = { type: 'now' };

export class WrongTokens {
  readonly #records = new LRUCache<string, Record>({ max: maxAddresses });
  #waiting = 0;

  /** A wrong token came. @param address of the client, as it is logged */
  next(address: string, nowMs: number): Slowdown {
    const key = networkOf(address);
    const record = this.#records.get(key) ?? { strikes: 0, atMs: nowMs, waiting: 0 };
    const forgotten = Math.floor(Math.max(0, nowMs - record.atMs) / forgetOneMs);
    record.strikes = Math.min(maxStrikes, Math.max(0, record.strikes - forgotten) + 1);
    record.atMs = nowMs;
    this.#records.set(key, record);
    const delayMs = delayAfter(record.strikes);
    if (delayMs === 0) return now;
    if (record.waiting >= maxWaitingPerAddress || this.#waiting >= maxWaiting) {
      return { type: 'refuse', retryAfterSeconds: Math.ceil(delayMs / 1000) };
    }
    record.waiting += 1;
    this.#waiting += 1;
    let isDone = false;
    const done = (): void => {
      if (isDone) return;
      isDone = true;
      record.waiting -= 1;
      this.#waiting -= 1;
    };
    return { type: 'later', delayMs, done };
  }

  /** For tests: how many addresses are remembered, and how many answers wait. */
  get size(): { readonly addresses: number; readonly waiting: number } {
    return { addresses: this.#records.size, waiting: this.#waiting };
  }
}

function delayAfter(strikes: number): number {
  const over = strikes - freeTries;
  return over <= 0 ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** (over - 1));
}

/** Who has one IPv6 address has all of its /64 (RFC 6177). */
function networkOf(address: string): string {
  return address.includes(':') && ipaddr.IPv6.isValid(address)
    ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()
    : address;
}
