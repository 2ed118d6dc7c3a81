/**
 * Who may talk to the browser host. Invariant: one page at a time, the one that opened the last launch address; what it
 * proves itself with stands in no address, cookie or history, and ends after 30 minutes without a person, after 12 hours,
 * with the lock, and with the host. Cookies are no part of it: browsers send them to every port of a name.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** A launch address that nobody opened is worthless after this long. */
const launchTtlMs = 10 * 60_000;
/** A page that nobody uses is one that somebody else may. */
const idleMs = 30 * 60_000;
const absoluteMs = 12 * 60 * 60_000;

export type SessionEnd = 'idle' | 'old' | 'locked' | 'replaced';

type Session = { readonly bearer: string; readonly startedAtMs: number; lastPersonAtMs: number };

export class BrowserSession {
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #now: () => number;
  readonly #onEnd: (why: SessionEnd) => void;
  #launch: { readonly token: string; readonly expiresAtMs: number } | undefined;
  #session: Session | undefined;

  /** @param deps.onEnd told when a session that there was ended */
  constructor(deps: {
    readonly randomBytes: (count: number) => Uint8Array;
    readonly now: () => number;
    readonly onEnd: (why: SessionEnd) => void;
  }) {
    this.#randomBytes = deps.randomBytes;
    this.#now = deps.now;
    this.#onEnd = deps.onEnd;
  }

  /** A fresh launch token; one that nobody used counts no more. */
  newLaunch(): string {
    const token = this.#secret();
    this.#launch = { token, expiresAtMs: this.#now() + launchTtlMs };
    return token;
  }

  /** The bearer of a new session for whoever brings the launch token first; undefined for everybody else. */
  exchange(offered: string): string | undefined {
    const launch = this.#launch;
    if (launch === undefined || this.#now() > launch.expiresAtMs || !isSame(offered, launch.token))
      return undefined;
    this.#launch = undefined;
    this.end('replaced');
    const nowMs = this.#now();
    this.#session = { bearer: this.#secret(), startedAtMs: nowMs, lastPersonAtMs: nowMs };
    return this.#session.bearer;
  }

  /** Whether an `Authorization` header is that of the session. */
  admits(authorization: string | undefined): boolean {
    this.expire();
    const [, bearer] = /^Bearer ([A-Za-z0-9_-]{43})$/.exec((authorization ?? '').slice(0, 100)) ?? [];
    return this.#session !== undefined && bearer !== undefined && isSame(bearer, this.#session.bearer);
  }

  /** A person did something: streams, polls and reloads do not count. */
  renew(): void {
    if (this.#session !== undefined) this.#session.lastPersonAtMs = this.#now();
  }

  /** Ends the session if its time is over. */
  expire(): void {
    if (this.#session === undefined) return;
    const nowMs = this.#now();
    if (nowMs - this.#session.startedAtMs >= absoluteMs) this.end('old');
    else if (nowMs - this.#session.lastPersonAtMs >= idleMs) this.end('idle');
  }

  end(why: SessionEnd): void {
    if (this.#session === undefined) return;
    this.#session = undefined;
    this.#onEnd(why);
  }

  #secret(): string {
    return Buffer.from(this.#randomBytes(32)).toString('base64url');
  }
}

/** Compares in constant time; hashing first makes the lengths equal. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
