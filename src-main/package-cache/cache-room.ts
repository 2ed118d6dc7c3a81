/**
 * How much room the cache takes. Invariant: what is kept stays within the bound, what is under way within half of it, and a
 * part of the disk is left to everybody else; a disk that refuses is left alone for a while.
 */
import { createExclusive } from '../base/exclusive.ts';
import type { CacheDisk } from './cache-disk.ts';
import { codeOf, ifThere } from './cache-disk.ts';
import type { CacheFolder } from './cache-folder.ts';
import type { DeniedOf } from './eviction.ts';
import { evict } from './eviction.ts';

/** Left to everybody else on the disk. */
const defaultFloorBytes = 1024 ** 3;
/** After an eviction there is room for a while: each looks at all files. */
const evictTo = 0.9;
/** One file takes at most so much of the room, and so does what is under way, beside it. */
const largestShare = 0.5;
/** A full disk may be emptied; it is not asked with every file. */
const pauseMs = 60_000;

export type CacheRoomDeps = {
  readonly disk: CacheDisk;
  readonly dir: string;
  readonly now: () => number;
  /** Free bytes of the disk that are left alone. */
  readonly floorBytes: number | undefined;
  readonly deniedOf: () => DeniedOf | undefined;
  readonly folder: () => Promise<CacheFolder>;
  /** Bytes that are under way. */
  readonly underWay: () => number;
  /** Nothing is kept for a while. */
  readonly onPaused: (why: string) => void;
};

export class CacheRoom {
  readonly #deps: CacheRoomDeps;
  /** 0: it is off. */
  maxBytes: number;
  /** Files that were not kept because the disk or the bound had no room for them. */
  notKept = 0;
  /** undefined until it was counted. */
  #bytes: number | undefined;
  #pausedUntilMs = 0;
  #evicting: Promise<void> | undefined;
  /** All files are looked at by one at a time. */
  readonly #runExclusive = createExclusive();

  constructor(maxBytes: number, deps: CacheRoomDeps) {
    this.maxBytes = maxBytes;
    this.#deps = deps;
  }

  /** Until when nothing is kept; undefined while all is well. */
  get pausedUntilMs(): number | undefined {
    const leftMs = this.#pausedUntilMs - this.#deps.now();
    // Longer than it was paused for: the clock was set back.
    return leftMs > 0 && leftMs <= pauseMs ? this.#pausedUntilMs : undefined;
  }

  /** Of one file. */
  get largestBytes(): number {
    return this.maxBytes * largestShare;
  }

  counted(bytes: number): void {
    this.#bytes = bytes;
  }

  /** By so much, or less. */
  grew(bytes: number): void {
    if (this.#bytes !== undefined) this.#bytes = Math.max(0, this.#bytes + bytes);
  }

  /** Whether so much more may be written, and makes room for it on the disk. @throws the system's error */
  async isRoomFor(moreBytes = 0): Promise<boolean> {
    const isRoom = this.#deps.underWay() + moreBytes <= this.largestBytes && (await this.#isFree(moreBytes));
    if (!isRoom) this.notKept += 1;
    return isRoom;
  }

  async #isFree(sizeBytes: number): Promise<boolean> {
    const { disk, dir, floorBytes = defaultFloorBytes } = this.#deps;
    const wanted = sizeBytes + floorBytes;
    // Nothing is known of a folder that is to be made anew.
    const missing = async (): Promise<number> =>
      wanted - ((await ifThere(() => disk.freeBytes(dir))) ?? wanted);
    if ((await missing()) <= 0) return true;
    const left = await this.#runExclusive(async () => {
      // Another file, or process, may have made room.
      const bytes = await missing();
      if (bytes <= 0) return bytes;
      await this.#evict((kept) => bytes + kept * (1 - evictTo));
      return await missing();
    });
    if (left <= 0) return true;
    this.pause(new Error('the disk is nearly full'));
    return false;
  }

  /** One at a time. @throws the system's error */
  keepToBound(): Promise<void> {
    this.#evicting ??= this.#runExclusive(() => this.#evictOver()).finally(
      () => (this.#evicting = undefined),
    );
    return this.#evicting;
  }

  /** What runs of it is over. */
  async settled(): Promise<void> {
    await this.#runExclusive(async () => undefined);
  }

  get #isOver(): boolean {
    return this.#bytes !== undefined && this.maxBytes > 0 && this.#bytes > this.maxBytes;
  }

  async #evictOver(): Promise<void> {
    let gone = 1;
    // Other processes add to it and take away: what is found there counts.
    while (this.#isOver && gone > 0)
      // oxlint-disable-next-line no-await-in-loop
      gone = await this.#evict((kept) =>
        kept > this.maxBytes ? kept - Math.trunc(this.maxBytes * evictTo) : 0,
      );
  }

  /** @returns how much went */
  async #evict(excess: (keptBytes: number) => number): Promise<number> {
    const { folder, deniedOf, now } = this.#deps;
    const before = this.#bytes ?? 0;
    const { left, gone } = await evict(await folder(), excess, deniedOf(), now());
    // What came meanwhile may have been seen or not.
    this.#bytes = left + Math.max(0, (this.#bytes ?? 0) - before);
    return gone;
  }

  pause(error: unknown): void {
    const wasPaused = this.pausedUntilMs !== undefined;
    this.#pausedUntilMs = this.#deps.now() + pauseMs;
    if (!wasPaused)
      this.#deps.onPaused(codeOf(error) ?? (error instanceof Error ? error.message : 'unknown'));
  }

  /** @throws what is no error of the system, which is a bug */
  async orPause(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      this.pause(error);
    }
  }
}
