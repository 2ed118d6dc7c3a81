/**
 * Files that were served, kept by their SHA-256, for all processes of a data folder. Invariant: nothing is given out that has
 * not the hash it is named by, and nothing that has not the hash that was promised is kept; what the disk refuses costs the
 * cache and never an answer; a channel gets a file out of it once its own upstream has sent that file, since to know a hash
 * is not to have the file. Whether somebody may have a file is not decided here.
 */
import { join } from 'node:path';
import type { FileSource } from './about-file.ts';
import type { CacheDisk } from './cache-disk.ts';
import { codeOf, systemCacheDisk } from './cache-disk.ts';
import type { FileFacts, KeptEntry } from './cache-folder.ts';
import { CacheFolder } from './cache-folder.ts';
import { CheckedFiles } from './checked-files.ts';
import type { CacheCounts } from './day-counts.ts';
import { DayCounts } from './day-counts.ts';
import { DocumentFolder } from './document-folder.ts';
import type { DeniedOf } from './eviction.ts';
import { evict } from './eviction.ts';
import type { ExpectedFile, Incoming } from './fill.ts';
import { Fill } from './fill.ts';
import type { PurgeRule } from './purge-rule.ts';
import { entriesOf } from './purge-rule.ts';

/** Left to everybody else on the disk. */
const defaultFloorBytes = 1024 ** 3;
/** After an eviction there is room for a while. */
const evictTo = 0.9;
/** One file takes at most so much of the room. */
const largestShare = 0.5;
/** A full disk may be emptied; it is not asked with every file. */
const pauseMs = 60_000;
/** Other processes put files there too. */
const lookEveryMs = 5 * 60_000;
const touchEveryMs = 3_600_000;
/** Of files that were touched lately, and of channels that have sent a file. */
const maxTouched = 100_000;

export type PackageCacheOptions = {
  readonly dir: string;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly disk?: CacheDisk;
  /** Free bytes of the disk that are left alone. */
  readonly floorBytes?: number;
  /** One line about what went wrong, without any secret. */
  readonly say?: (event: CacheEvent) => void;
  readonly deniedOf?: DeniedOf;
};
export type CacheEvent =
  /** The disk takes nothing; tried again after a minute. */
  | { readonly type: 'paused'; readonly why: string }
  /** A file had another content and was put aside. */
  | { readonly type: 'damaged'; readonly sha256: string }
  /** An index document was another than the one that was kept, and was put aside. */
  | { readonly type: 'damagedDocument'; readonly key: string };

export type CachedFile = FileFacts & { readonly sha256: string; readonly path: string };

export type CacheStats = CacheCounts & {
  readonly files: number;
  readonly bytes: number;
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
export type VerifyResult = {
  readonly files: number;
  readonly bytes: number;
  /** Put aside. */
  readonly damaged: readonly string[];
};
type Parts = { readonly folder: CacheFolder; readonly checked: CheckedFiles };

const nobodyDenied: DeniedOf = () => Promise.resolve(new Set());

export class PackageCache {
  readonly #options: PackageCacheOptions;
  readonly #disk: CacheDisk;
  readonly #counts: DayCounts;
  /** Documents that name files. */
  readonly documents: DocumentFolder;
  readonly #fills = new Map<string, Fill>();
  readonly #touched = new Map<string, number>();
  /** Hash and channel, where the channel's upstream has sent the file. */
  readonly #sent = new Set<string>();
  #maxBytes: number;
  #parts: Promise<Parts> | undefined;
  #bytes: number | undefined;
  #pausedUntilMs = 0;
  #notKept = 0;
  #evicting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PackageCacheOptions) {
    this.#options = options;
    this.#disk = options.disk ?? systemCacheDisk;
    this.#maxBytes = options.maxBytes;
    this.#counts = new DayCounts(this.#disk, options.dir, options.now);
    this.documents = new DocumentFolder({
      dir: join(options.dir, 'documents'),
      disk: this.#disk,
      now: options.now,
      isOn: () => this.#maxBytes > 0,
      onDamaged: (key) => options.say?.({ type: 'damagedDocument', key }),
      ...(options.floorBytes === undefined ? {} : { floorBytes: options.floorBytes }),
    });
  }

  /** 0: it is off. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Until when nothing is kept; undefined while all is well. */
  get pausedUntilMs(): number | undefined {
    return this.#pausedUntilMs > this.#options.now() ? this.#pausedUntilMs : undefined;
  }

  /** Keeps to its bound from now on, and clears away what killed processes left. */
  start(): void {
    this.#timer ??= setInterval(() => void this.tend(), lookEveryMs).unref();
    void this.tend();
  }

  /** Counts what is there, and keeps to the bound. Never fails. */
  async tend(): Promise<void> {
    await this.#orPause(async () => {
      const { folder } = await this.#open();
      await folder.sweep(this.#options.now());
      await this.#counts.sweep();
      await this.documents.tend();
      let bytes = 0;
      for await (const { sizeBytes } of folder.entries()) bytes += sizeBytes;
      this.#bytes = bytes;
      await this.#keepToBound();
    });
  }

  /** From now on; what is over a smaller bound goes at once. */
  configure(maxBytes: number): void {
    if (maxBytes === this.#maxBytes) return;
    this.#maxBytes = maxBytes;
    if (maxBytes > 0) void this.tend();
  }

  /**
   * A file whose content is what its name says.
   * @param source where it is served, noted beside it
   * @returns undefined where there is none, where it cannot be read, or where the source's channel has not sent it yet
   */
  async open(expected: ExpectedFile, source?: FileSource): Promise<CachedFile | undefined> {
    try {
      const { folder, checked } = await this.#open();
      const sha256 =
        expected.sha256 ?? (expected.md5 === undefined ? undefined : await folder.sha256OfMd5(expected.md5));
      if (sha256 === undefined) return undefined;
      if (source !== undefined && !(await this.#hasSent(folder, sha256, source))) return undefined;
      const facts = await folder.look(sha256);
      if (facts === undefined || !(await checked.isRight(sha256, facts))) return undefined;
      this.#touch(folder, sha256, source);
      const { dev, ino, size, mtimeMs, ctimeMs } = facts;
      return { sha256, path: folder.pathOf(sha256), dev, ino, size, mtimeMs, ctimeMs };
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /**
   * Fetches a file and keeps it: once, however many of a channel ask for it meanwhile. Each who asked lets go of it by
   * `release`.
   * @param expected with one hash at least
   * @param source asked once
   */
  fill<H>(
    expected: ExpectedFile,
    about: FileSource,
    source: (signal: AbortSignal) => Promise<H & Incoming>,
  ): { readonly fill: Fill<H>; readonly isNew: boolean } {
    // Not for another channel: its upstream may be quicker, or this one be nobody's friend.
    const key = `${about.channelId} ${expected.sha256 ?? `md5 ${expected.md5 ?? ''}`}`;
    const running = this.#fills.get(key) as Fill<H> | undefined;
    if (running?.isShared === true) {
      running.hold();
      return { fill: running, isNew: false };
    }
    const canKeep = this.#maxBytes > 0 && this.pausedUntilMs === undefined;
    const fill = new Fill<H>(source, {
      expected,
      open: canKeep ? async () => await (await this.#open()).folder.openIncoming() : undefined,
      isRoomFor: (sizeBytes) => this.#isRoomFor(sizeBytes),
      maxKeptBytes: this.#maxBytes * largestShare,
      keep: (path, sha256, sizeBytes) => this.#keep(path, sha256, sizeBytes, expected, about),
      drop: async (path) => await (await this.#open()).folder.drop(path),
      onDiskError: (error) => this.#pause(error),
    });
    if (canKeep) {
      this.#fills.set(key, fill);
      const forget = (): void => {
        if (this.#fills.get(key) === fill) this.#fills.delete(key);
      };
      fill.done.then(forget, forget);
    }
    return { fill, isNew: true };
  }

  /** One file was sent: from the cache, or from its upstream. */
  count(kind: 'hit' | 'miss', bytes: number): void {
    this.#counts.add(kind, bytes);
  }

  /** All that is kept. */
  async *list(): AsyncGenerator<KeptEntry> {
    yield* (await this.#open()).folder.entries();
  }

  /** @param days how many of them are counted together, this one among them @throws the system's error */
  async stats(days = 30): Promise<CacheStats> {
    const { folder } = await this.#open();
    let files = 0;
    let bytes = 0;
    for await (const { sizeBytes } of folder.entries()) {
      files += 1;
      bytes += sizeBytes;
    }
    const { pausedUntilMs } = this;
    return {
      files,
      bytes,
      maxBytes: this.#maxBytes,
      days,
      ...(await this.#counts.read(days)),
      damaged: (await folder.damaged()).length,
      ...(pausedUntilMs === undefined ? {} : { pausedUntilMs }),
      notKept: this.#notKept,
    };
  }

  /** Reads every file anew; damaged ones are put aside. @throws the system's error; what the signal was aborted with */
  async verify(
    onProgress: (done: { readonly files: number; readonly bytes: number }) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<VerifyResult> {
    const { folder, checked } = await this.#open();
    const damaged: string[] = [];
    let files = 0;
    let bytes = 0;
    for await (const { sha256 } of folder.entries()) {
      const facts = await folder.look(sha256);
      if (facts === undefined) continue;
      const isRight = await checked.check(sha256, facts, (more) => (bytes += more), signal);
      files += 1;
      if (!isRight && (await folder.look(sha256)) === undefined) damaged.push(sha256);
      onProgress({ files, bytes });
    }
    return { files, bytes, damaged };
  }

  /** @returns what a rule would take away now @throws the system's error */
  async plan(rule: PurgeRule): Promise<{ readonly files: number; readonly bytes: number }> {
    const { folder } = await this.#open();
    const deniedOf = this.#options.deniedOf ?? nobodyDenied;
    let files = 0;
    let bytes = 0;
    for await (const { sizeBytes } of entriesOf(folder.entries(), rule, this.#options.now(), deniedOf)) {
      files += 1;
      bytes += sizeBytes;
    }
    return { files, bytes };
  }

  /** @returns what went @throws the system's error */
  async purge(rule: PurgeRule): Promise<{ readonly files: number; readonly bytes: number }> {
    const { folder } = await this.#open();
    const deniedOf = this.#options.deniedOf ?? nobodyDenied;
    let files = 0;
    let bytes = 0;
    for await (const { sha256 } of entriesOf(folder.entries(), rule, this.#options.now(), deniedOf)) {
      const freed = await folder.remove(sha256);
      files += 1;
      bytes += freed;
    }
    if (rule.type === 'all') {
      await folder.dropDamaged();
      await this.documents.clear();
    }
    if (this.#bytes !== undefined) this.#bytes = Math.max(0, this.#bytes - bytes);
    return { files, bytes };
  }

  /** Writes what was counted. What is under way goes on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#counts.flush();
    await this.#evicting;
  }

  /** @throws the system's error, and tries again the next time */
  #open(): Promise<Parts> {
    if (this.#parts === undefined) {
      const made = CacheFolder.make(this.#disk, this.#options.dir).then((folder): Parts => ({
        folder,
        checked: new CheckedFiles(folder, async (sha256) => {
          await folder.setAside(sha256, this.#options.now());
          this.#options.say?.({ type: 'damaged', sha256 });
        }),
      }));
      this.#parts = made;
      made.catch(() => (this.#parts = undefined));
    }
    return this.#parts;
  }

  async #hasSent(folder: CacheFolder, sha256: string, { channelId }: FileSource): Promise<boolean> {
    if (this.#sent.has(`${sha256} ${channelId}`)) return true;
    const about = await folder.about(sha256);
    if (about?.sources.some((source) => source.channelId === channelId) !== true) return false;
    this.#noteSent(sha256, channelId);
    return true;
  }

  #noteSent(sha256: string, channelId: string): void {
    if (this.#sent.size >= maxTouched) this.#sent.clear();
    this.#sent.add(`${sha256} ${channelId}`);
  }

  #touch(folder: CacheFolder, sha256: string, source: FileSource | undefined): void {
    const nowMs = this.#options.now();
    // A new place is noted once; the same one, with the hour.
    const key = `${sha256} ${source?.channelId ?? ''} ${source?.path ?? ''}`;
    if (nowMs - (this.#touched.get(key) ?? 0) < touchEveryMs) return;
    if (this.#touched.size >= maxTouched) this.#touched.clear();
    this.#touched.set(key, nowMs);
    void folder.touch(sha256, nowMs, source);
  }

  async #keep(
    path: string,
    sha256: string,
    sizeBytes: number,
    { md5 }: ExpectedFile,
    source: FileSource,
  ): Promise<void> {
    const { folder, checked } = await this.#open();
    const about = {
      v: 1,
      sizeBytes,
      storedAtMs: Math.trunc(this.#options.now()),
      ...(md5 === undefined ? {} : { md5 }),
      sources: [source],
    } as const;
    const facts = await folder.put(path, sha256, about);
    this.#noteSent(sha256, source.channelId);
    if (facts === undefined) return await folder.touch(sha256, this.#options.now(), source);
    checked.learn(sha256, facts);
    if (this.#bytes === undefined) return;
    this.#bytes += sizeBytes;
    void this.#orPause(() => this.#keepToBound());
  }

  async #isRoomFor(sizeBytes = 0): Promise<boolean> {
    const isRoom = sizeBytes <= this.#maxBytes * largestShare && (await this.#isFree(sizeBytes));
    if (!isRoom) this.#notKept += 1;
    return isRoom;
  }

  async #isFree(sizeBytes: number): Promise<boolean> {
    const { folder } = await this.#open();
    const wanted = sizeBytes + (this.#options.floorBytes ?? defaultFloorBytes);
    const free = await this.#disk.freeBytes(this.#options.dir);
    if (free === undefined || free >= wanted) return true;
    const gone = await evict(folder, wanted - free, this.#options.deniedOf ?? nobodyDenied);
    if (this.#bytes !== undefined) this.#bytes = Math.max(0, this.#bytes - gone);
    const left = await this.#disk.freeBytes(this.#options.dir);
    if (left === undefined || left >= wanted) return true;
    this.#pause(new Error('the disk is nearly full'));
    return false;
  }

  #keepToBound(): Promise<void> {
    this.#evicting ??= this.#evictOver().finally(() => (this.#evicting = undefined));
    return this.#evicting;
  }

  async #evictOver(): Promise<void> {
    if (this.#bytes === undefined || this.#maxBytes === 0 || this.#bytes <= this.#maxBytes) return;
    const { folder } = await this.#open();
    const over = this.#bytes - Math.trunc(this.#maxBytes * evictTo);
    const gone = await evict(folder, over, this.#options.deniedOf ?? nobodyDenied);
    this.#bytes = Math.max(0, this.#bytes - gone);
  }

  #pause(error: unknown): void {
    const wasPaused = this.pausedUntilMs !== undefined;
    this.#pausedUntilMs = this.#options.now() + pauseMs;
    if (wasPaused) return;
    const why = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown');
    this.#options.say?.({ type: 'paused', why });
  }

  async #orPause(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      this.#pause(error);
    }
  }
}
