import { createHash, timingSafeEqual } from 'node:crypto';

/** A launch token that nobody used is worthless after this long. */
const launchTokenTtlMs = 10 * 60_000;

/**
 * Who may talk to the browser host. The launch token stands in the printed URL, works once and is exchanged for a
 * session cookie; whoever finds it later in a history or a terminal log gets nothing. One session per start.
 */
export class LaunchGate {
  readonly #launchToken: string;
  readonly #cookieName: string;
  readonly #session: string;
  readonly #now: () => number;
  readonly #expiresAtMs: number;
  #used = false;

  /** @param port cookies do not tell ports apart, so two hosts on one computer need two names */
  constructor(randomBytes: (count: number) => Uint8Array, now: () => number, port: number) {
    this.#cookieName = `latchkey-session-${port}`;
    this.#launchToken = Buffer.from(randomBytes(32)).toString('base64url');
    this.#session = Buffer.from(randomBytes(32)).toString('base64url');
    this.#now = now;
    this.#expiresAtMs = now() + launchTokenTtlMs;
  }

  /** Path for the URL that is printed once. */
  launchPath(): string {
    return `/launch/${this.#launchToken}`;
  }

  /** The Set-Cookie header for the first bearer of the launch token; undefined for everybody else. */
  exchange(offered: string): string | undefined {
    if (this.#used || this.#now() > this.#expiresAtMs || !sameText(offered, this.#launchToken))
      return undefined;
    this.#used = true;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a Cookie header carries the session. */
  admits(cookieHeader: string | undefined): boolean {
    return (cookieHeader ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=');
      return name === this.#cookieName && value !== undefined && sameText(value, this.#session);
    });
  }
}

/** Compares in constant time; hashing first makes the lengths equal. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
