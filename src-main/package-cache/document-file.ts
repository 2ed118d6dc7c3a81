/**
 * One kept document as a file: its bytes, a note (JSON), and behind both their SHA-256 and the note's length. Written and
 * read in steps, off the event loop but for the hashing of one step.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { CacheDisk, CacheHandle } from './cache-disk.ts';
import { quietly, readFully } from './cache-disk.ts';

/** One step of reading and hashing. */
const stepBytes = 256 * 1024;
const maxNoteBytes = 32 * 1024;
/** Behind the note: the hash, the length, an end of line. */
const tailBytes = 64 + 8 + 1;

type Tail = {
  readonly note: unknown;
  readonly noteText: string;
  readonly sum: string;
  readonly bodyBytes: number;
};

/** Its content is not what was put there. */
export class DamagedDocument extends Error {
  constructor() {
    super('A kept document is damaged.');
    this.name = 'DamagedDocument';
  }
}

/** Its bytes. @throws DamagedDocument, at the latest in place of the end */
export async function* bodyOf(handle: CacheHandle): AsyncGenerator<Buffer> {
  const tail = await tailOf(handle);
  if (tail === undefined) throw new DamagedDocument();
  const hash = createHash('sha256');
  for (let at = 0; at < tail.bodyBytes;) {
    const step = Buffer.allocUnsafe(Math.min(stepBytes, tail.bodyBytes - at));
    // oxlint-disable-next-line no-await-in-loop
    const { bytesRead } = await handle.read(step, 0, step.length, at);
    if (bytesRead === 0) throw new DamagedDocument();
    const read = step.subarray(0, bytesRead);
    hash.update(read);
    at += bytesRead;
    yield read;
  }
  if (hash.update(tail.noteText).digest('hex') !== tail.sum) throw new DamagedDocument();
}

type WriterEnds = {
  readonly put: (key: string, sizeBytes: number) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

/** One document on its way in. A failure of the disk ends it, and is nobody's else. */
export class DocumentWriter {
  readonly #disk: CacheDisk;
  readonly #path: string;
  readonly #handle: CacheHandle;
  readonly #maxBytes: number;
  readonly #ends: WriterEnds;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #isOver = false;

  constructor(disk: CacheDisk, path: string, handle: CacheHandle, maxBytes: number, ends: WriterEnds) {
    this.#disk = disk;
    this.#path = path;
    this.#handle = handle;
    this.#maxBytes = maxBytes;
    this.#ends = ends;
  }

  /** One after the other. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    if (this.#bytes + chunk.length > this.#maxBytes) await this.drop();
    else await this.#orDrop(() => this.#append(chunk));
  }

  /** It is what it should be. @param note up to 32 kB of JSON, beside it */
  async keep(key: string, note: unknown): Promise<void> {
    if (this.#isOver) return;
    const text = JSON.stringify(note);
    if (Buffer.byteLength(text) > maxNoteBytes) return await this.drop();
    await this.#orDrop(async () => {
      await this.#append(Buffer.from(text));
      const length = Buffer.byteLength(text).toString(16).padStart(8, '0');
      await this.#write(Buffer.from(`${this.#hash.digest('hex')}${length}\n`));
      this.#isOver = true;
      await this.#handle.close();
      await this.#ends.put(key, this.#bytes);
    });
  }

  async drop(): Promise<void> {
    const wasOver = this.#isOver;
    this.#isOver = true;
    if (!wasOver) await quietly(() => this.#handle.close());
    await quietly(() => this.#disk.unlink(this.#path));
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      // oxlint-disable-next-line no-await-in-loop
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, this.#bytes);
      at += bytesWritten;
      this.#bytes += bytesWritten;
    }
  }

  async #orDrop(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.drop();
      this.#ends.onError(error);
    }
  }
}

/** @returns undefined where it ends in another way */
export async function tailOf(handle: CacheHandle): Promise<Tail | undefined> {
  const { size } = await handle.stat();
  if (size < tailBytes) return undefined;
  const end = await textAt(handle, size - tailBytes, tailBytes);
  const [, sum, length] = /^([0-9a-f]{64})([0-9a-f]{8})\n$/.exec(end) ?? [];
  const noteBytes = Number.parseInt(length ?? '', 16);
  const bodyBytes = size - tailBytes - noteBytes;
  if (sum === undefined || noteBytes > maxNoteBytes || bodyBytes < 0) return undefined;
  const noteText = await textAt(handle, bodyBytes, noteBytes);
  try {
    return { note: JSON.parse(noteText) as unknown, noteText, sum, bodyBytes };
  } catch {
    return undefined;
  }
}

async function textAt(handle: CacheHandle, at: number, length: number): Promise<string> {
  const bytes = Buffer.alloc(length);
  return bytes.toString('utf8', 0, await readFully(handle, bytes, at));
}
