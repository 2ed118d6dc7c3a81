/** What a package cache is made with, and what it says of itself. */
import type { CacheDisk } from './cache-disk.ts';
import type { FileFacts } from './cache-folder.ts';
import type { CacheCounts } from './day-counts.ts';
import type { DeniedOf } from './eviction.ts';

export type PackageCacheOptions = {
  readonly dir: string;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly disk?: CacheDisk;
  /** Free bytes of the disk that are left alone. */
  readonly floorBytes?: number;
  /** Who wants a part of a file waits so long for the whole. */
  readonly waitMs?: number;
  /** What nobody reads or waits for any more is fetched on for so long. */
  readonly aloneMs?: number;
  /** One line about what went wrong, without any secret. */
  readonly say?: (event: CacheEvent) => void;
  /** What nobody may have now; undefined: nothing is denied to all, and nothing need be judged. */
  readonly deniedOf?: () => DeniedOf | undefined;
};
export type CacheEvent =
  /** The disk takes nothing; tried again after a minute. */
  | { readonly type: 'paused'; readonly why: string }
  /** A file had another content and was put aside. */
  | { readonly type: 'damaged'; readonly sha256: string }
  /** An index document was another than the one that was kept, and was put aside. */
  | { readonly type: 'damagedDocument'; readonly key: string };

export type CachedFile = FileFacts & {
  readonly sha256: string;
  readonly path: string;
  /** All of it, where it is short. */
  readonly bytes?: Buffer;
};

export type CacheStats = CacheCounts & {
  readonly files: number;
  readonly bytes: number;
  /** Documents that name files, kept for the time that their upstream is away. */
  readonly documents: number;
  readonly documentBytes: number;
  readonly maxBytes: number;
  /** Counts are of so many days. */
  readonly days: number;
  /** Files that lie aside because their content was wrong. */
  readonly damaged: number;
  /** Of this process. */
  readonly pausedUntilMs?: number;
  /** Files that were not kept because the disk or the bound had no room for them. */
  readonly notKept: number;
};
