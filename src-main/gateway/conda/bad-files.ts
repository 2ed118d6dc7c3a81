/**
 * Index files of folders that were read and are none. Invariant: a file is not read again until another stands there, so
 * that a client in a loop costs a look at its stamp; one that was just written is looked at again, since its next change
 * may have the same stamp.
 */
import { LRUCache } from 'lru-cache';
import type { UpstreamError } from '../types.ts';

/** More than a broken channel has. */
const maxFiles = 1_000;
/** File systems tell times apart by some milliseconds, at worst by two seconds (FAT). */
const settledMs = 3_000;
/** When one that was just written is read again. */
const againMs = 5_000;

export type SeenFile = { readonly path: string; readonly stamp: string; readonly changedAtMs: number };
type Bad = { readonly stamp: string; readonly error: UpstreamError; readonly untilMs: number };

export class BadFiles {
  readonly #bad = new LRUCache<string, Bad>({ max: maxFiles });
  /** Of this computer, by which its files have their times. */
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @throws UpstreamError that the same file led to before */
  check({ path, stamp }: SeenFile): void {
    const bad = this.#bad.get(path);
    if (bad === undefined) return;
    if (bad.stamp === stamp && this.#now() < bad.untilMs) throw bad.error;
    this.#bad.delete(path);
  }

  /** @param readAtMs when it was opened */
  add({ path, stamp, changedAtMs }: SeenFile, readAtMs: number, error: UpstreamError): void {
    const isSettled = readAtMs - changedAtMs > settledMs;
    this.#bad.set(path, { stamp, error, untilMs: isSettled ? Infinity : this.#now() + againMs });
  }

  now(): number {
    return this.#now();
  }
}
