/**
 * A file on its way into the cache. Invariant: whoever reads it gets all but the last 64 kB as it comes, and these only when
 * the whole has the hash and the length that were promised; else every reader fails, and nothing is kept. What comes is
 * taken as fast as it comes and read at each reader's own pace, from the disk. Where the disk fails, the first reader goes
 * on from memory, at whose pace it comes then.
 */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { orAborted } from '../base/or-aborted.ts';
import type { CacheHandle } from './cache-disk.ts';
import { codeOf } from './cache-disk.ts';
import type { ExpectedFile, Incoming } from './expected-file.ts';
import { CacheDiskError, WrongFileError } from './expected-file.ts';
import { FillReader, readBytes } from './fill-reader.ts';

/** Nobody can use a package without its end: a zip's directory, a checksum. */
export const withheldBytes = 64 * 1024;
/** What stands in memory for one reader, when the disk fails. */
const maxMemoryBytes = 1024 * 1024;
/** After so much more the disk is looked at again: an upstream need not say how long a file is, and others write too. */
const lookEveryBytes = 64 * 1024 * 1024;

export type FillDeps = {
  readonly expected: ExpectedFile;
  /** undefined: nothing is written, the one reader reads from memory. */
  readonly open: (() => Promise<{ readonly path: string; readonly handle: CacheHandle }>) | undefined;
  /** Asked when the upstream has answered, and now and then while it comes. @returns false where no more is to be written */
  readonly isRoomFor: (moreBytes: number | undefined) => Promise<boolean>;
  /** Of a file that does not say how long it is: more is not kept. */
  readonly maxKeptBytes: number;
  /** Who wants a part of it waits so long for the whole. */
  readonly waitMs: number;
  /** Puts it in its place. @returns whether it stands there @throws the system's error */
  readonly keep: (path: string, sha256: string, sizeBytes: number) => Promise<boolean>;
  readonly drop: (path: string) => Promise<void>;
  /**
   * Nobody reads it or waits for it: who asks again in a moment finds it. @param end ends it
   * @returns to be called when somebody came, or it is over; undefined where it is to end now
   */
  readonly goOnAlone: (end: () => void) => (() => void) | undefined;
  /** The disk failed. */
  readonly onDiskError: (error: unknown) => void;
};

type Wait = () => void;

export class Fill<H = unknown> {
  readonly #deps: FillDeps;
  readonly #stop = new AbortController();
  readonly #sha256 = createHash('sha256');
  readonly #md5: Hash | undefined;
  readonly #readers = new Set<FillReader>();
  #waiters: Wait[] = [];
  #file: { readonly path: string; readonly handle: CacheHandle } | undefined;
  /** On disk, from the beginning on. */
  #onDisk = 0;
  /** What came after it. */
  #memory: Uint8Array[] = [];
  #memoryAt = 0;
  #received = 0;
  #lookAt = lookEveryBytes;
  #isWhole = false;
  #error: Error | undefined;
  /** Who asked for it and does not read it yet. */
  #holders = 1;
  /** While nobody reads it or waits for it. */
  #joined: (() => void) | undefined;
  /** It is read from memory, by one reader. */
  #isInMemory = false;
  /** Who waits for the whole, which comes to the disk alone. */
  readonly #broken: Promise<never>;
  #break: (error: Error) => void = () => undefined;
  /** What the upstream said when it began. @throws what it threw */
  readonly head: Promise<H & Incoming>;
  /** Settles when it is whole: the hash under which it is kept. @throws why it is not */
  readonly done: Promise<{ readonly sha256: string; readonly sizeBytes: number; readonly isKept: boolean }>;

  constructor(source: (signal: AbortSignal) => Promise<H & Incoming>, deps: FillDeps) {
    this.#deps = deps;
    const { sha256, md5 } = deps.expected;
    if (sha256 === undefined && md5 === undefined) throw new Error('Nothing says what the file is.');
    this.#broken = new Promise((_resolve, reject) => (this.#break = reject));
    this.#broken.catch(() => undefined);
    this.#md5 = sha256 === undefined && md5 !== undefined ? createHash('md5') : undefined;
    this.head = source(this.#stop.signal);
    this.done = this.head.then((head) => this.#run(head));
    // Whoever reads or waits is told; nobody may be left.
    this.head.catch(() => undefined);
    this.done.catch((error: unknown) => this.#fail(error));
  }

  /** Others may read it too: it goes to the disk. */
  get isShared(): boolean {
    const isClosed = this.#isWhole && this.#file === undefined;
    return this.#deps.open !== undefined && !this.#isInMemory && this.#error === undefined && !isClosed;
  }

  /** Of it, in `incoming`. */
  get bytesOnDisk(): number {
    return this.#onDisk;
  }

  /** Ended by the signal, or when the reader is destroyed. */
  read(): Readable {
    const reader = new FillReader(
      (at) => this.#next(at),
      () => this.#left(reader),
    );
    const isTaken = this.#isInMemory && (this.#readers.size > 0 || this.#memoryAt > this.#onDisk);
    this.#readers.add(reader);
    if (isTaken) reader.destroy(new CacheDiskError('The disk of the cache is full'));
    return reader;
  }

  /**
   * Waits until it is on disk.
   * @returns undefined where that takes too long
   * @throws why it is not; CacheDiskError where it never will be; what the signal was aborted with
   */
  async whole(signal: AbortSignal): Promise<Awaited<Fill['done']> | undefined> {
    signal.throwIfAborted();
    this.#holders += 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#deps.waitMs);
    });
    try {
      return await orAborted(Promise.race([this.done, this.#broken, late]), signal);
    } finally {
      clearTimeout(timer);
      this.release();
    }
  }

  /** Who asked for it has its reader, or wants none: a file that nobody reads or waits for is not fetched on for long. */
  release(): void {
    this.#holders -= 1;
    this.#endIfIdle();
    this.#closeIfRead();
  }

  /** One more asks for it. */
  hold(): void {
    this.#holders += 1;
    this.#isAloneNoMore();
  }

  #isAloneNoMore(): void {
    this.#joined?.();
    this.#joined = undefined;
  }

  get #isIdle(): boolean {
    return this.#holders === 0 && this.#readers.size === 0 && !this.#isWhole && this.#error === undefined;
  }

  #endIfIdle(): void {
    if (!this.#isIdle || this.#joined !== undefined) return;
    if (this.isShared && this.#file !== undefined) this.#joined = this.#deps.goOnAlone(() => this.#end());
    if (this.#joined === undefined) this.#end();
  }

  #end(): void {
    if (!this.#isIdle) return;
    this.#stop.abort(new CacheDiskError('Nobody reads it any more'));
    this.#wake();
  }

  async #run({ stream, sizeBytes }: Incoming): Promise<Awaited<Fill['done']>> {
    const { expected } = this.#deps;
    // Its error comes out of the loop below.
    stream.on('error', () => undefined);
    const onStop = () => stream.destroy(this.#stop.signal.reason as Error);
    this.#stop.signal.addEventListener('abort', onStop, { once: true });
    if (this.#stop.signal.aborted) onStop();
    try {
      await this.#begin(sizeBytes ?? expected.sizeBytes);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#sha256.update(chunk);
        this.#md5?.update(chunk);
        this.#received += chunk.length;
        if (this.#received > (expected.sizeBytes ?? sizeBytes ?? Infinity))
          throw new WrongFileError('length');
        await this.#take(chunk);
        this.#wake();
      }
      const sha256 = this.#check(sizeBytes);
      const isKept = await this.#keep(sha256);
      this.#isWhole = true;
      this.#wake();
      this.#closeIfRead();
      return { sha256, sizeBytes: this.#received, isKept };
    } finally {
      this.#isAloneNoMore();
      stream.destroy();
      this.#stop.signal.removeEventListener('abort', onStop);
    }
  }

  /** @returns its SHA-256 @throws WrongFileError */
  #check(sizeBytes: number | undefined): string {
    const { expected } = this.#deps;
    const sha256 = this.#sha256.digest('hex');
    // What ends early has another hash too: that it is cut is the better word.
    if (this.#received < (sizeBytes ?? expected.sizeBytes ?? 0)) throw new WrongFileError('length');
    const isRight =
      expected.sha256 === undefined ? this.#md5?.digest('hex') === expected.md5 : sha256 === expected.sha256;
    if (!isRight) throw new WrongFileError('hash');
    return sha256;
  }

  async #begin(sizeBytes: number | undefined): Promise<void> {
    const { open, isRoomFor, onDiskError } = this.#deps;
    try {
      if (open !== undefined && (await isRoomFor(sizeBytes))) this.#file = await open();
    } catch (error) {
      onDiskError(error);
    }
    if (this.#file === undefined) this.#keepFirstReader();
  }

  async #take(chunk: Buffer): Promise<void> {
    let rest = chunk;
    if (!this.#isInMemory && !(await this.#mayGrow())) this.#keepFirstReader();
    if (!this.#isInMemory) {
      rest = await this.#write(chunk);
      if (rest.length === 0) return;
      this.#keepFirstReader();
    }
    this.#remember(rest);
    this.#wake();
    while (this.#memoryBytes > maxMemoryBytes + withheldBytes && !this.#stop.signal.aborted)
      // oxlint-disable-next-line no-await-in-loop
      await this.#wait();
  }

  async #mayGrow(): Promise<boolean> {
    const { isRoomFor, maxKeptBytes, onDiskError } = this.#deps;
    if (this.#received > maxKeptBytes) return false;
    if (this.#received < this.#lookAt) return true;
    this.#lookAt = this.#received + lookEveryBytes;
    try {
      return await isRoomFor(lookEveryBytes);
    } catch (error) {
      onDiskError(error);
      return false;
    }
  }

  get #memoryBytes(): number {
    return this.#received - this.#memoryAt;
  }

  #remember(chunk: Uint8Array): void {
    this.#memory.push(chunk);
  }

  /** @returns what the disk did not take */
  async #write(chunk: Buffer): Promise<Buffer> {
    const handle = this.#file?.handle;
    if (handle === undefined) return chunk;
    let taken = 0;
    try {
      while (taken < chunk.length) {
        // oxlint-disable-next-line no-await-in-loop
        const { bytesWritten } = await handle.write(chunk, taken, chunk.length - taken, this.#onDisk);
        if (bytesWritten === 0) throw new CacheDiskError('The disk takes nothing');
        taken += bytesWritten;
        this.#onDisk += bytesWritten;
      }
    } catch (error) {
      this.#deps.onDiskError(error);
    }
    return chunk.subarray(taken);
  }

  /** From memory one can read, at its own pace; the others would wait for it. */
  #keepFirstReader(): void {
    this.#isInMemory = true;
    // Nobody could join it.
    if (this.#isIdle) this.#end();
    this.#memoryAt = this.#onDisk;
    const full = new CacheDiskError('The disk of the cache is full');
    const [, ...others] = this.#readers;
    for (const reader of others) reader.destroy(full);
    this.#break(full);
  }

  async #keep(sha256: string): Promise<boolean> {
    const file = this.#file;
    if (file === undefined || this.#isInMemory) return false;
    try {
      return await this.#deps.keep(file.path, sha256, this.#received);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      this.#deps.onDiskError(error);
      await this.#deps.drop(file.path);
      return false;
    }
  }

  /** What stands there from a place on; undefined at the end. Waits for more. @throws why there is no more */
  async #next(at: number): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const limit = this.#isWhole ? this.#received : Math.max(0, this.#received - withheldBytes);
      if (at < limit) {
        // oxlint-disable-next-line no-await-in-loop
        const bytes = at < this.#onDisk ? await this.#fromDisk(at, limit) : this.#fromMemory(at, limit);
        if (bytes !== undefined) return bytes;
      } else if (this.#isWhole) return undefined;
      // oxlint-disable-next-line no-await-in-loop
      await this.#wait();
    }
  }

  async #fromDisk(at: number, limit: number): Promise<Uint8Array> {
    const handle = this.#file?.handle;
    if (handle === undefined) throw new CacheDiskError('The file is closed');
    const length = Math.min(readBytes, limit - at, this.#onDisk - at);
    const bytes = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await handle.read(bytes, 0, length, at);
    if (bytesRead === 0) throw new CacheDiskError('The file of the cache is shorter than it was');
    return bytes.subarray(0, bytesRead);
  }

  /** Given once: there is one reader. */
  #fromMemory(at: number, limit: number): Uint8Array | undefined {
    const [first] = this.#memory;
    if (first === undefined) return undefined;
    const from = at - this.#memoryAt;
    if (from < 0) throw new CacheDiskError('Another reader took it');
    const bytes = first.subarray(from, limit - this.#memoryAt);
    // Of a long one what is left alone counts: it may be longer than all that may stand here.
    const rest = first.subarray(from + bytes.length);
    if (rest.length === 0) this.#memory.shift();
    else this.#memory[0] = rest;
    this.#memoryAt += from + bytes.length;
    this.#wake();
    return bytes;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #left(reader: FillReader): void {
    this.#readers.delete(reader);
    this.#endIfIdle();
    // The one that took from memory may be gone.
    this.#wake();
    this.#closeIfRead();
  }

  #fail(error: unknown): void {
    const file = this.#file;
    this.#error = error instanceof Error ? error : new Error('failed', { cause: error });
    this.#wake();
    for (const reader of this.#readers) reader.destroy(this.#error);
    if (file !== undefined) void this.#deps.drop(file.path);
    this.#closeIfRead();
  }

  #closeIfRead(): void {
    if (this.#readers.size > 0 || (!this.#isWhole && this.#error === undefined)) return;
    if (this.#holders > 0 && this.#error === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    // Somebody may be reading: the handle closes behind that.
    file?.handle.close().catch(() => undefined);
    if (file !== undefined && this.#isInMemory) void this.#deps.drop(file.path);
  }
}
