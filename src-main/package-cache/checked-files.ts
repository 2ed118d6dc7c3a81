/**
 * Which files of the cache have the hash that they are named by. Invariant: each is read once per process and as long as it
 * stays the file that it is, however many ask for it; one that has another content is put aside before anybody gets it.
 */
import { createHash } from 'node:crypto';
import type { CacheFolder, FileFacts } from './cache-folder.ts';
import { codeOf } from './cache-disk.ts';

/** One step of the event loop: a third of a millisecond. */
const chunkBytes = 256 * 1024;
/** Each takes 200 bytes of memory. */
const maxKnown = 200_000;

/** Same text, same content, as far as a file system tells without reading. */
const stampOf = ({ dev, ino, size, mtimeMs, ctimeMs }: FileFacts): string =>
  [dev, ino, size, mtimeMs, ctimeMs].join(' ');

export class CheckedFiles {
  readonly #folder: CacheFolder;
  readonly #onDamaged: (sha256: string) => Promise<void>;
  readonly #known = new Map<string, string>();
  readonly #running = new Map<string, Promise<boolean>>();

  constructor(folder: CacheFolder, onDamaged: (sha256: string) => Promise<void>) {
    this.#folder = folder;
    this.#onDamaged = onDamaged;
  }

  /** It was hashed while it came. */
  learn(sha256: string, facts: FileFacts): void {
    this.#known.delete(sha256);
    this.#known.set(sha256, stampOf(facts));
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
  }

  /** @returns false where it was put aside */
  isRight(sha256: string, facts: FileFacts): boolean | Promise<boolean> {
    if (this.#known.get(sha256) === stampOf(facts)) return true;
    let running = this.#running.get(sha256);
    if (running === undefined) {
      running = this.check(sha256, facts).finally(() => this.#running.delete(sha256));
      this.#running.set(sha256, running);
    }
    return running;
  }

  /** Reads it, whatever is known of it. @param onRead told how many bytes more were read */
  async check(
    sha256: string,
    facts: FileFacts,
    onRead: (bytes: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const isRight = await this.#hashes(sha256, onRead, signal);
    if (isRight === undefined) return false;
    if (isRight) this.learn(sha256, facts);
    else {
      this.#known.delete(sha256);
      await this.#onDamaged(sha256);
    }
    return isRight;
  }

  /** undefined: it is not there any more */
  async #hashes(
    sha256: string,
    onRead: (bytes: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<boolean | undefined> {
    const handle = await this.#folder.openFile(sha256);
    if (handle === undefined) return undefined;
    const hash = createHash('sha256');
    const bytes = Buffer.allocUnsafeSlow(chunkBytes);
    try {
      for (let at = 0; ;) {
        signal?.throwIfAborted();
        // oxlint-disable-next-line no-await-in-loop
        const { bytesRead } = await handle.read(bytes, 0, chunkBytes, at);
        if (bytesRead === 0) return hash.digest('hex') === sha256;
        hash.update(bytes.subarray(0, bytesRead));
        at += bytesRead;
        onRead(bytesRead);
      }
    } catch (error) {
      // What cannot be read is as bad as what is wrong.
      if (codeOf(error) === 'EIO') return false;
      throw error;
    } finally {
      await handle.close();
    }
  }
}
