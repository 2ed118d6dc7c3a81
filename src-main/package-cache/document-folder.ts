/**
 * Documents that name files, kept as they came: one file each, under a key that says nothing. Invariant: one is put there
 * whole, by a rename, and ends with a hash over all before it; a reader who gets to its end without an error has read what
 * was put there. Bounded; what the disk refuses costs what would be kept, and never an answer. Several processes use one
 * folder without a lock: the last one to put a document there holds. Nothing is read or taken away behind a link.
 */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { CacheDisk } from './cache-disk.ts';
import { codeOf, ifThere, isFolder, makeFolder, namesIn, openRegular, quietly } from './cache-disk.ts';
import { bodyOf, DamagedDocument, DocumentWriter, tailOf } from './document-file.ts';
import { removeOld, usedAtOf } from './kept-files.ts';

/** Index documents of an organization's channels; conda-forge's largest has 60 MB. */
const defaultMaxBytes = 2 * 1024 ** 3;
/** Left to everybody else on the disk. */
const defaultFloorBytes = 1024 ** 3;
/** One document takes at most so much of the room. */
const largestShare = 0.25;
const evictTo = 0.9;
/** What a document takes beside its bytes: it bounds their number too. */
const entryBytes = 16 * 1024;
const pauseMs = 60_000;
const touchEveryMs = 3_600_000;
const maxTouched = 10_000;
const keyName = /^[0-9a-f]{32,64}$/;

export type DocumentFolderOptions = {
  readonly dir: string;
  readonly disk: CacheDisk;
  readonly now: () => number;
  /** Whether anything is kept now. */
  readonly isOn: () => boolean;
  readonly maxBytes?: number;
  readonly floorBytes?: number;
  /** One was damaged, and is put aside. */
  readonly onDamaged?: (key: string) => void;
};
/** What is told of all notes; the rest is for whoever keeps them. */
type OwnNote = { readonly channelId?: unknown } | null | undefined;
export type DocumentsSize = { readonly documents: number; readonly bytes: number };
export type OpenDocument = { readonly note: unknown; readonly body: AsyncIterable<Buffer> };

export class DocumentFolder {
  readonly #options: DocumentFolderOptions;
  readonly #maxBytes: number;
  readonly #touched = new Map<string, number>();
  #made: Promise<void> | undefined;
  #bytes: number | undefined;
  #evicting: Promise<void> | undefined;
  #pausedUntilMs = 0;

  constructor(options: DocumentFolderOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
  }

  /** @returns undefined where nothing is kept now */
  async begin(): Promise<DocumentWriter | undefined> {
    const { disk, dir, now, isOn, floorBytes = defaultFloorBytes } = this.#options;
    const pausedMs = this.#pausedUntilMs - now();
    // Longer than it was paused for: the clock was set back.
    if (!isOn() || (pausedMs > 0 && pausedMs <= pauseMs)) return undefined;
    try {
      await this.#make();
      const free = await disk.freeBytes(dir);
      if (free !== undefined && free < floorBytes) return undefined;
      const path = join(dir, 'incoming', randomBytes(12).toString('hex'));
      const handle = await disk.open(path, 'wx', 0o600);
      return new DocumentWriter(disk, path, handle, this.#maxBytes * largestShare, {
        put: (key, sizeBytes) => this.#put(path, key, sizeBytes),
        onError: (error) => this.#pause(error),
      });
    } catch (error) {
      this.#pause(error);
      return undefined;
    }
  }

  /** What was noted beside it; its content is not looked at. */
  async note(key: string): Promise<unknown> {
    return (await this.#tail(key))?.note;
  }

  /** @returns undefined where there is none. Its body throws DamagedDocument where it is not what was put there. */
  async open(key: string): Promise<OpenDocument | undefined> {
    const tail = await this.#tail(key);
    if (tail === undefined) return undefined;
    return { note: tail.note, body: this.#read(key) };
  }

  async remove(key: string): Promise<void> {
    await quietly(() => this.#options.disk.unlink(this.#pathOf(key)));
  }

  /** It was used: others go first. */
  touch(key: string): void {
    const nowMs = this.#options.now();
    const agoMs = nowMs - (this.#touched.get(key) ?? -Infinity);
    if (agoMs >= 0 && agoMs < touchEveryMs) return;
    if (this.#touched.size >= maxTouched) this.#touched.clear();
    this.#touched.set(key, nowMs);
    const at = new Date(nowMs);
    void quietly(() => this.#options.disk.utimes(this.#pathOf(key), at, at));
  }

  /** @param channelId of all of them without it @returns what went @throws the system's error */
  async clear(channelId?: string): Promise<DocumentsSize> {
    return await this.#sum(channelId, (key) => this.remove(key));
  }

  /** @param channelId of all of them without it @throws the system's error */
  async size(channelId?: string): Promise<DocumentsSize> {
    return await this.#sum(channelId);
  }

  async #sum(channelId: string | undefined, each?: (key: string) => Promise<void>): Promise<DocumentsSize> {
    let [documents, bytes] = [0, 0];
    for await (const { key, stats } of this.#entries()) {
      if (channelId !== undefined && (await this.#channelOf(key)) !== channelId) continue;
      await each?.(key);
      documents += 1;
      bytes += stats.size;
    }
    if (each !== undefined && this.#bytes !== undefined)
      this.#bytes = Math.max(0, this.#bytes - bytes - documents * entryBytes);
    return { documents, bytes };
  }

  async #channelOf(key: string): Promise<unknown> {
    return ((await this.#tailOf(key, false))?.note as OwnNote)?.channelId;
  }

  /** Clears away what killed processes left, and keeps to the bound. Never fails. */
  async tend(): Promise<void> {
    await quietly(async () => {
      const { disk, dir, now } = this.#options;
      const incoming = join(dir, 'incoming');
      if (!(await isFolder(disk, dir))) return;
      await removeOld(disk, incoming, await namesIn(disk, incoming), now(), () => true);
      await this.#count();
      await this.#keepToBound();
    });
  }

  async #count(): Promise<void> {
    let bytes = 0;
    for await (const { stats } of this.#entries()) bytes += stats.size + entryBytes;
    this.#bytes = bytes;
  }

  async *#read(key: string): AsyncGenerator<Buffer> {
    // Opened with the first step: it may be another one by then, and is as good.
    const opened = await openRegular(this.#options.disk, this.#pathOf(key));
    if (opened === undefined) throw new DamagedDocument();
    const { handle } = opened;
    try {
      yield* bodyOf(handle);
    } catch (error) {
      if (error instanceof DamagedDocument) await this.#setAside(key);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async #tail(key: string): Promise<{ readonly note: unknown } | undefined> {
    return this.#options.isOn() ? await this.#tailOf(key, true) : undefined;
  }

  async #tailOf(key: string, setsAside: boolean): Promise<{ readonly note: unknown } | undefined> {
    const { disk } = this.#options;
    return await quietly(async () => {
      if (!(await isFolder(disk, this.#options.dir)) || !(await isFolder(disk, this.#partOf(key))))
        return undefined;
      const opened = await openRegular(disk, this.#pathOf(key));
      if (opened === undefined) return undefined;
      const { handle } = opened;
      try {
        const tail = await tailOf(handle);
        if (tail === undefined && setsAside) await this.#setAside(key);
        return tail;
      } finally {
        await handle.close();
      }
    });
  }

  /** It is not found again. */
  async #setAside(key: string): Promise<void> {
    const { disk, dir, now, onDamaged } = this.#options;
    const aside = join(dir, 'damaged', `${key}-${now()}-${randomBytes(3).toString('hex')}`);
    const isMoved = await quietly(async () => {
      // The last one is enough to look at.
      for (const name of await namesIn(disk, join(dir, 'damaged')))
        // oxlint-disable-next-line no-await-in-loop
        await disk.unlink(join(dir, 'damaged', name));
      await disk.rename(this.#pathOf(key), aside);
      return true;
    });
    if (isMoved !== true) await this.remove(key);
    onDamaged?.(key);
  }

  async #put(incoming: string, key: string, sizeBytes: number): Promise<void> {
    const { disk } = this.#options;
    await makeFolder(disk, this.#partOf(key));
    await disk.rename(incoming, this.#pathOf(key));
    // One that took the place of another counts twice until the folder is counted again.
    if (this.#bytes === undefined) await this.#count();
    else this.#bytes += sizeBytes + entryBytes;
    await this.#keepToBound();
  }

  #keepToBound(): Promise<void> {
    this.#evicting ??= this.#evict().finally(() => (this.#evicting = undefined));
    return this.#evicting;
  }

  async #evict(): Promise<void> {
    if (this.#bytes === undefined || this.#bytes <= this.#maxBytes) return;
    await this.#count();
    const found: { readonly key: string; readonly stats: Stats }[] = [];
    for await (const entry of this.#entries()) found.push(entry);
    const nowMs = this.#options.now();
    const usedAtMs = ({ stats }: (typeof found)[number]) => usedAtOf({ usedAtMs: stats.mtimeMs }, nowMs);
    found.sort((a, b) => usedAtMs(a) - usedAtMs(b));
    for (const { key, stats } of found) {
      if (this.#bytes <= this.#maxBytes * evictTo) return;
      // oxlint-disable-next-line no-await-in-loop
      await this.remove(key);
      this.#bytes -= stats.size + entryBytes;
    }
  }

  async *#entries(): AsyncGenerator<{ readonly key: string; readonly stats: Stats }> {
    const { disk, dir } = this.#options;
    const kept = join(dir, 'kept');
    if (!(await isFolder(disk, dir))) return;
    for (const part of await namesIn(disk, kept))
      // oxlint-disable-next-line no-await-in-loop
      for (const key of await namesIn(disk, join(kept, part))) {
        // oxlint-disable-next-line no-await-in-loop
        const stats = keyName.test(key) ? await ifThere(() => disk.lstat(this.#pathOf(key))) : undefined;
        if (stats?.isFile() === true) yield { key, stats };
      }
  }

  #pathOf(key: string): string {
    return join(this.#partOf(key), key);
  }

  #partOf(key: string): string {
    return join(this.#options.dir, 'kept', key.slice(0, 2));
  }

  #make(): Promise<void> {
    if (this.#made === undefined) {
      const { disk, dir } = this.#options;
      const make = async (): Promise<void> => {
        for (const part of ['', 'incoming', 'kept', 'damaged'])
          // oxlint-disable-next-line no-await-in-loop
          await makeFolder(disk, join(dir, part));
      };
      this.#made = make();
      this.#made.catch(() => (this.#made = undefined));
    }
    return this.#made;
  }

  #pause(error: unknown): void {
    if (codeOf(error) === undefined) throw error;
    this.#pausedUntilMs = this.#options.now() + pauseMs;
  }
}
