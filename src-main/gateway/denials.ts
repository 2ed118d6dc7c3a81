/**
 * Denials that came without a bundle: the vault is locked, and only the clear part of the log can be read. Invariant:
 * they only ever take away; one is dropped by nothing but a bundle that was made of its line too.
 */
import type { BundleChannel, BundleDenials, BundleToken } from '../../shared/model/bundle.ts';

const denied = 'Denied by an administrator';

export class Denials {
  #kept: BundleDenials[] = [];
  #tokens = new Set<string>();
  #ends = new Map<string, number>();
  #environments = new Set<string>();
  #teams = new Set<string>();
  #channels = new Set<string>();
  #isEverything = false;

  /** In the order of their lines. */
  get all(): readonly BundleDenials[] {
    return this.#kept;
  }

  /** Whether the log can no longer be read, so that nothing may be served. */
  get isEverything(): boolean {
    return this.#isEverything;
  }

  add(more: readonly BundleDenials[]): void {
    this.#kept.push(...more);
    for (const one of more) this.#take(one);
  }

  /** A bundle of the first `seq` lines is enforced: what these denied is in it. */
  dropBefore(seq: number): void {
    const kept = this.#kept.filter((one) => one.seq >= seq);
    if (kept.length === this.#kept.length) return;
    this.#kept = [];
    this.#tokens = new Set();
    this.#ends = new Map();
    this.#environments = new Set();
    this.#teams = new Set();
    this.#channels = new Set();
    this.#isEverything = false;
    this.add(kept);
  }

  /** The token as it is with what was denied. */
  applyTo(token: BundleToken): BundleToken {
    if (this.#kept.length === 0 || token.revoked !== undefined) return token;
    if (
      this.#tokens.has(token.id) ||
      this.#environments.has(token.environmentId) ||
      this.#teams.has(token.teamId)
    )
      return { ...token, revoked: { atMs: 0, reason: denied } };
    const end = this.#ends.get(token.id);
    return end === undefined || end >= token.expiresAtMs ? token : { ...token, expiresAtMs: end };
  }

  isDenied(channel: BundleChannel): boolean {
    return this.#channels.has(channel.id);
  }

  #take({ tokens, ends, environments, teams, channels, everything }: BundleDenials): void {
    for (const id of tokens ?? []) this.#tokens.add(id);
    for (const [id, endMs] of Object.entries(ends ?? {}))
      this.#ends.set(id, Math.min(endMs, this.#ends.get(id) ?? Infinity));
    for (const id of environments ?? []) this.#environments.add(id);
    for (const id of teams ?? []) this.#teams.add(id);
    for (const id of channels ?? []) this.#channels.add(id);
    if (everything === true) this.#isEverything = true;
  }
}
