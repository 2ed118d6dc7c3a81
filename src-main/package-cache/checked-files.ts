/**
 * Which files of the cache have the hash that they are named by. Invariant: each is read once per process and as long as it
 * stays the file that it is, however many ask for it; one that has another content is put aside before anybody gets it.
 * What was read of small ones stays in memory, bounded: it is their content, whatever becomes of the disk.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { codeOf, readFully } from './cache-disk.ts';
import type { CacheHandle } from './cache-disk.ts';
import type { CacheFolder, FileFacts } from './cache-folder.ts';

/** One step of the event loop: a third of a millisecond. */
const chunkBytes = 256 * 1024;
/** Each takes 200 bytes of memory. */
const maxKnown = 200_000;
/** Of what is shorter, opening it costs more than sending it. */
const maxSmallBytes = 128 * 1024;
const maxMemoryBytes = 32 * 1024 * 1024;
/** Of an entry, beside its bytes. */
const entryBytes = 512;

/** Same text, same content, as far as a file system tells without reading. */
const stampOf = ({ dev, ino, size, mtimeMs, ctimeMs }: FileFacts): string =>
  [dev, ino, size, mtimeMs, ctimeMs].join(' ');

/** What came of reading one: `gone` also where it was changed meanwhile. */
export type Check = 'right' | 'wrong' | 'gone';

export class CheckedFiles {
  readonly #folder: CacheFolder;
  readonly #onDamaged: (sha256: string) => Promise<void>;
  /** Their stamps. */
  readonly #known = new LRUCache<string, string>({ max: maxKnown });
  readonly #small = new LRUCache<string, Buffer>({
    maxSize: maxMemoryBytes,
    sizeCalculation: ({ length }) => length + entryBytes,
  });
  readonly #running = new Map<string, Promise<Check>>();

  constructor(folder: CacheFolder, onDamaged: (sha256: string) => Promise<void>) {
    this.#folder = folder;
    this.#onDamaged = onDamaged;
  }

  /** It was hashed while it came. */
  learn(sha256: string, facts: FileFacts): void {
    this.#known.set(sha256, stampOf(facts));
  }

  /** It is read anew before it is served again. */
  doubt(sha256: string): void {
    this.#known.delete(sha256);
    this.#small.delete(sha256);
  }

  /** @returns false where it was put aside, or is another one by now */
  isRight(sha256: string, facts: FileFacts): boolean | Promise<boolean> {
    return this.#isKnown(sha256, facts) || this.#read(sha256, facts);
  }

  /** All of one that is right, where it is short and stands in memory. */
  bytesOf(sha256: string): Buffer | undefined {
    return this.#small.get(sha256);
  }

  #isKnown(sha256: string, facts: FileFacts): boolean {
    if (this.#known.get(sha256) !== stampOf(facts)) return false;
    return facts.size > maxSmallBytes || this.#small.has(sha256);
  }

  async #read(sha256: string, facts: FileFacts): Promise<boolean> {
    let running = this.#running.get(sha256);
    if (running === undefined) {
      running = this.check(sha256).finally(() => this.#running.delete(sha256));
      this.#running.set(sha256, running);
    }
    return (await running) === 'right' && this.#known.get(sha256) === stampOf(facts);
  }

  /** Reads it, whatever is known of it. @param onRead told how many bytes more were read */
  async check(
    sha256: string,
    onRead: (bytes: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Check> {
    const opened = await this.#folder.openFile(sha256);
    if (opened === undefined) return 'gone';
    const { handle, stats } = opened;
    try {
      const found = await hashOf(handle, stats.size, onRead, signal);
      if (stampOf(await handle.stat()) !== stampOf(stats)) return 'gone';
      if (found?.hex === sha256) {
        this.learn(sha256, stats);
        if (found.all !== undefined) this.#small.set(sha256, found.all);
        return 'right';
      }
    } finally {
      await handle.close();
    }
    this.doubt(sha256);
    await this.#onDamaged(sha256);
    return 'wrong';
  }
}

/** @returns undefined where it cannot be read, which is as bad as what is wrong */
async function hashOf(
  handle: CacheHandle,
  sizeBytes: number,
  onRead: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<{ readonly hex: string; readonly all?: Buffer } | undefined> {
  const hash = createHash('sha256');
  const isSmall = sizeBytes <= maxSmallBytes;
  const bytes = Buffer.allocUnsafeSlow(Math.min(sizeBytes, isSmall ? maxSmallBytes : chunkBytes));
  try {
    for (let at = 0; at < sizeBytes;) {
      signal?.throwIfAborted();
      const part = bytes.subarray(0, sizeBytes - at);
      // oxlint-disable-next-line no-await-in-loop
      const read = await readFully(handle, part, at);
      hash.update(part.subarray(0, read));
      at += read;
      onRead(read);
      // It became shorter: its stamp is another one too.
      if (read < part.length) break;
    }
    return { hex: hash.digest('hex'), ...(isSmall ? { all: bytes } : {}) };
  } catch (error) {
    if (codeOf(error) === 'EIO') return undefined;
    throw error;
  }
}
