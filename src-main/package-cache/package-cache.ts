/**
 * Files that were served, kept by their SHA-256, for all processes of a data folder. Invariant: nothing is given out that has
 * not the hash it is named by, and nothing that has not the hash that was promised is kept; a channel gets only what its own
 * upstream gave once, since to name a hash is not to have the file; what the disk refuses costs the cache and never an answer.
 * Whether somebody may have a file of a channel is not decided here.
 */
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { FileSource } from './about-file.ts';
import type { Purged, VerifyResult } from './cache-care.ts';
import { takeByRule, verifyFiles } from './cache-care.ts';
import type { CacheDisk } from './cache-disk.ts';
import { codeOf, systemCacheDisk } from './cache-disk.ts';
import type { KeptEntry } from './kept-files.ts';
import { CacheFolder } from './cache-folder.ts';
import { CacheRoom } from './cache-room.ts';
import type { CachedFile, CacheStats, PackageCacheOptions } from './cache-types.ts';
import { CheckedFiles } from './checked-files.ts';
import { DayCounts } from './day-counts.ts';
import type { DocumentsSize } from './document-folder.ts';
import { DocumentFolder } from './document-folder.ts';
import type { DeniedOf } from './eviction.ts';
import type { ExpectedFile, Incoming } from './expected-file.ts';
import type { Fill } from './fill.ts';
import type { PurgeRule } from './purge-rule.ts';
import { entriesOf } from './purge-rule.ts';
import type { WholeFile } from './running-fills.ts';
import { RunningFills } from './running-fills.ts';
import { ServedPlaces } from './served-places.ts';

/** Other processes put files there too. */
const lookEveryMs = 5 * 60_000;
/** However many files there are: looking at all of them takes one part in so many of the time. */
const lookShare = 50;
/** Installers wait 15 s and more for an answer to begin. */
const defaultWaitMs = 10_000;
/** A short file that stands in memory is looked for on the disk so often: others may have taken it away. */
const lookAgainMs = 1_000;

type Parts = { readonly folder: CacheFolder; readonly checked: CheckedFiles };

export class PackageCache {
  readonly #options: PackageCacheOptions;
  readonly #disk: CacheDisk;
  readonly #counts: DayCounts;
  /** Documents that name files. */
  readonly documents: DocumentFolder;
  readonly #fills: RunningFills;
  readonly #places: ServedPlaces;
  /** Short files that were found on the disk lately; their bytes are bounded where they are kept. */
  readonly #found = new LRUCache<string, { readonly file: CachedFile; readonly atMs: number }>({
    max: 10_000,
  });
  #checked: CheckedFiles | undefined;
  readonly #room: CacheRoom;
  #parts: Promise<Parts> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** From a start to its close. */
  #tending: object | undefined;

  get #deniedOf(): DeniedOf | undefined {
    return this.#options.deniedOf?.();
  }

  constructor(options: PackageCacheOptions) {
    this.#options = options;
    this.#disk = options.disk ?? systemCacheDisk;
    this.#room = new CacheRoom(options.maxBytes, {
      disk: this.#disk,
      dir: options.dir,
      now: options.now,
      floorBytes: options.floorBytes,
      deniedOf: () => this.#deniedOf,
      folder: async () => (await this.#open()).folder,
      underWay: () => this.#fills.bytesOnDisk,
      onPaused: (why) => options.say?.({ type: 'paused', why }),
    });
    this.#fills = new RunningFills({
      aloneMs: options.aloneMs,
      canKeep: () => this.#room.maxBytes > 0 && this.pausedUntilMs === undefined,
      open: () => this.#openIncoming(),
      isRoomFor: (moreBytes) => this.#room.isRoomFor(moreBytes),
      maxKeptBytes: () => this.#room.largestBytes,
      waitMs: options.waitMs ?? defaultWaitMs,
      keep: (file, expected, source) => this.#keep(file, expected, source),
      drop: async (path) => await (await this.#open()).folder.drop(path),
      onDiskError: (error) => this.#room.pause(error),
    });
    this.#places = new ServedPlaces(options.now);
    this.#counts = new DayCounts(this.#disk, options.dir, options.now);
    this.documents = new DocumentFolder({
      dir: join(options.dir, 'documents'),
      disk: this.#disk,
      now: options.now,
      isOn: () => this.#room.maxBytes > 0,
      onDamaged: (key) => options.say?.({ type: 'damagedDocument', key }),
      ...(options.floorBytes === undefined ? {} : { floorBytes: options.floorBytes }),
    });
  }

  /** 0: it is off. */
  get maxBytes(): number {
    return this.#room.maxBytes;
  }

  /** Until when nothing is kept; undefined while all is well. */
  get pausedUntilMs(): number | undefined {
    return this.#room.pausedUntilMs;
  }

  /** Keeps to its bound from now on, and clears away what killed processes left. */
  start(): void {
    if (this.#tending !== undefined) return;
    this.#tending = {};
    void this.#tendOn(this.#tending);
  }

  async #tendOn(tending: object): Promise<void> {
    const beganAtMs = performance.now();
    await this.tend();
    const tookMs = performance.now() - beganAtMs;
    if (this.#tending === tending)
      this.#timer = setTimeout(
        () => void this.#tendOn(tending),
        Math.max(lookEveryMs, lookShare * tookMs),
      ).unref();
  }

  /** Counts what is there, and keeps to the bound. Never fails. */
  async tend(): Promise<void> {
    await this.#room.orPause(async () => {
      const { folder } = await this.#open();
      await folder.sweep(this.#options.now());
      await this.#counts.sweep();
      await this.documents.tend();
      this.#room.counted((await folder.size()).bytes);
      await this.#room.keepToBound();
    });
  }

  /** From now on; what is over a smaller bound goes at once. */
  configure(maxBytes: number): void {
    if (maxBytes === this.#room.maxBytes) return;
    this.#room.maxBytes = maxBytes;
    if (maxBytes > 0) void this.tend();
  }

  /**
   * A file whose content is what its name says.
   * @param source where it is served: only what its channel's upstream gave is found; without it, anything
   * @returns undefined where there is none, or where it cannot be read
   */
  async open(expected: ExpectedFile, source?: FileSource): Promise<CachedFile | undefined> {
    try {
      const { folder, checked } = await this.#open();
      const sha256 = expected.sha256 ?? (await sha256OfMd5(folder, expected, source));
      if (sha256 === undefined) return undefined;
      const facts = await folder.look(sha256);
      if (facts === undefined || facts.size !== (expected.sizeBytes ?? facts.size)) return undefined;
      if (source !== undefined && !(await this.#places.has(folder, sha256, source))) return undefined;
      if (!(await checked.isRight(sha256, facts))) return undefined;
      if (source !== undefined) this.#places.note(folder, sha256, source);
      const { dev, ino, size, mtimeMs, ctimeMs } = facts;
      const bytes = checked.bytesOf(sha256);
      const file = { sha256, path: folder.pathOf(sha256), dev, ino, size, mtimeMs, ctimeMs };
      if (bytes === undefined) return file;
      this.#checked = checked;
      this.#found.set(sha256, { file, atMs: this.#options.now() });
      return { ...file, bytes };
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** The same of a short one that was given out a moment ago, at once. */
  lately({ sha256, sizeBytes }: ExpectedFile, source: FileSource): CachedFile | undefined {
    const found = sha256 === undefined ? undefined : this.#found.get(sha256);
    if (sha256 === undefined || found === undefined || this.#room.maxBytes === 0) return undefined;
    const bytes = this.#checked?.bytesOf(sha256);
    if (bytes === undefined) return undefined;
    const ageMs = this.#options.now() - found.atMs;
    const isSize = found.file.size === (sizeBytes ?? found.file.size);
    const isRecent = ageMs >= 0 && ageMs < lookAgainMs;
    return isRecent && isSize && this.#places.isNoted(sha256, source) ? { ...found.file, bytes } : undefined;
  }

  /** One could not be read while it was sent: it is looked at anew. */
  doubt(sha256: string): void {
    this.#found.delete(sha256);
    this.#parts?.then(({ checked }) => checked.doubt(sha256)).catch(() => undefined);
  }

  /**
   * Fetches a file and keeps it: once, however many ask for it meanwhile. Each who asked lets go of it by `release`.
   * @param expected with one hash at least
   * @param source asked once
   */
  fill<H>(
    expected: ExpectedFile,
    about: FileSource,
    source: (signal: AbortSignal) => Promise<H & Incoming>,
  ): { readonly fill: Fill<H>; readonly isNew: boolean } {
    return this.#fills.fill(expected, about, source);
  }

  /** One file was sent: from the cache, or from its upstream. */
  count(kind: 'hit' | 'miss', bytes: number): void {
    this.#counts.add(kind, bytes);
  }

  /** What is kept: all of it, or what a rule speaks of. */
  async *list(rule: PurgeRule = { type: 'all' }): AsyncGenerator<KeptEntry> {
    const { folder } = await this.#open();
    yield* entriesOf(folder.entries(), rule, this.#options.now(), this.#deniedOf);
  }

  /** @param days how many of them are counted together, this one among them @throws the system's error */
  async stats(days = 30): Promise<CacheStats> {
    const { folder } = await this.#open();
    const { pausedUntilMs } = this;
    const { documents, bytes: documentBytes } = await this.documents.size();
    return {
      ...(await folder.size()),
      documents,
      documentBytes,
      maxBytes: this.#room.maxBytes,
      days,
      ...(await this.#counts.read(days)),
      damaged: (await folder.damaged()).length,
      ...(pausedUntilMs === undefined ? {} : { pausedUntilMs }),
      notKept: this.#room.notKept,
    };
  }

  /** Reads every file anew; damaged ones are put aside. @throws the system's error; what the signal was aborted with */
  async verify(
    onProgress: (done: { readonly files: number; readonly bytes: number }) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<VerifyResult> {
    return await verifyFiles(await this.#open(), onProgress, signal);
  }

  /** @returns what a rule would take away now @throws the system's error */
  async plan(rule: PurgeRule): Promise<Purged> {
    return await this.#purge(
      rule,
      ({ sizeBytes }) => Promise.resolve(sizeBytes),
      (id) => this.documents.size(id),
    );
  }

  /** @returns what went @throws the system's error */
  async purge(rule: PurgeRule): Promise<Purged> {
    const { folder } = await this.#open();
    const remove = ({ sha256 }: KeptEntry): Promise<number> => folder.remove(sha256);
    const purged = await this.#purge(rule, remove, (id) => this.documents.clear(id));
    if (rule.type === 'all') await folder.dropDamaged();
    this.#found.clear();
    this.#room.grew(-purged.bytes);
    return purged;
  }

  async #purge(
    rule: PurgeRule,
    each: (entry: KeptEntry) => Promise<number>,
    documents: (channelId?: string) => Promise<DocumentsSize>,
  ): Promise<Purged> {
    return await takeByRule(rule, this.list(rule), each, documents);
  }

  /** Writes what was counted. What is under way for somebody goes on. */
  async close(): Promise<void> {
    this.#fills.endAlone();
    clearTimeout(this.#timer);
    this.#tending = undefined;
    await this.#counts.flush();
    await this.#room.settled();
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

  async #openIncoming(): ReturnType<CacheFolder['openIncoming']> {
    try {
      return await (await this.#open()).folder.openIncoming();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      // Somebody took the folder away: it is made anew.
      this.#parts = undefined;
      return await (await this.#open()).folder.openIncoming();
    }
  }

  async #keep(
    { path, sha256, sizeBytes }: WholeFile,
    { md5 }: ExpectedFile,
    source: FileSource,
  ): Promise<boolean> {
    const { folder, checked } = await this.#open();
    const about = {
      v: 1,
      sizeBytes,
      storedAtMs: Math.trunc(this.#options.now()),
      sources: [source],
    } as const;
    const facts = await folder.put(path, sha256, about, md5);
    if (facts === 'not') {
      this.#room.notKept += 1;
      return false;
    }
    if (facts === 'other') return true;
    checked.learn(sha256, facts);
    this.#room.grew(sizeBytes);
    void this.#room.orPause(() => this.#room.keepToBound());
    return true;
  }
}

/** Of a place whose index knows MD5 alone. */
async function sha256OfMd5(
  folder: CacheFolder,
  { md5 }: ExpectedFile,
  source: FileSource | undefined,
): Promise<string | undefined> {
  return md5 === undefined || source === undefined ? undefined : await folder.sha256OfMd5(md5, source);
}
