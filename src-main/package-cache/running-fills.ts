/**
 * Files on their way into the cache. Invariant: one of a place is fetched once, however many ask for it meanwhile; nobody
 * waits for another channel's upstream. What everybody has left goes on for a moment, some at a time.
 */
import type { FileSource } from './about-file.ts';
import type { ExpectedFile, Incoming } from './expected-file.ts';
import type { FillDeps } from './fill.ts';
import { Fill } from './fill.ts';

/** A client that was told another thing than it hoped, or lost its connection, asks again at once. */
const defaultAloneMs = 5_000;
/** Fetched for nobody. */
const maxAlone = 16;

/** In `incoming`, with all its bytes. */
export type WholeFile = { readonly path: string; readonly sha256: string; readonly sizeBytes: number };
type Deps = Pick<FillDeps, 'isRoomFor' | 'waitMs' | 'drop' | 'onDiskError'> & {
  /** What nobody reads any more is fetched on for so long. */
  readonly aloneMs: number | undefined;
  /** Whether anything is kept now. */
  readonly canKeep: () => boolean;
  readonly open: NonNullable<FillDeps['open']>;
  /** Of one file. */
  readonly maxKeptBytes: () => number;
  /** Puts it in its place. @returns whether it stands there @throws the system's error */
  readonly keep: (file: WholeFile, expected: ExpectedFile, source: FileSource) => Promise<boolean>;
};

export class RunningFills {
  readonly #deps: Deps;
  readonly #running = new Map<string, Fill>();
  /** Ends those that are fetched for nobody. */
  readonly #alone = new Set<() => void>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Of all of them. */
  get bytesOnDisk(): number {
    return [...this.#running.values()].reduce((sum, { bytesOnDisk }) => sum + bytesOnDisk, 0);
  }

  /** The one that runs, or one that begins now. */
  fill<H>(
    expected: ExpectedFile,
    about: FileSource,
    source: (signal: AbortSignal) => Promise<H & Incoming>,
  ): { readonly fill: Fill<H>; readonly isNew: boolean } {
    // Nobody waits for another channel's upstream, or is told another index's length.
    const { sha256, md5, sizeBytes } = expected;
    const key = JSON.stringify([about.channelId, about.path, sha256, md5, sizeBytes]);
    const running = this.#running.get(key) as Fill<H> | undefined;
    if (running?.isShared === true) {
      running.hold();
      return { fill: running, isNew: false };
    }
    const { canKeep, open, isRoomFor, maxKeptBytes, waitMs, keep, drop, onDiskError } = this.#deps;
    const isKept = canKeep();
    const fill = new Fill<H>(source, {
      expected,
      open: isKept ? open : undefined,
      isRoomFor,
      maxKeptBytes: maxKeptBytes(),
      waitMs,
      keep: (path, hash, keptBytes) => keep({ path, sha256: hash, sizeBytes: keptBytes }, expected, about),
      drop,
      goOnAlone: (end) => this.#goOnAlone(end),
      onDiskError,
    });
    if (isKept) {
      this.#running.set(key, fill);
      const forget = (): void => {
        if (this.#running.get(key) === fill) this.#running.delete(key);
      };
      fill.done.then(forget, forget);
    }
    return { fill, isNew: true };
  }

  /** What is fetched for nobody. */
  endAlone(): void {
    for (const end of this.#alone) end();
  }

  #goOnAlone(end: () => void): (() => void) | undefined {
    const { aloneMs = defaultAloneMs } = this.#deps;
    if (aloneMs === 0 || this.#alone.size >= maxAlone) return undefined;
    const timer = setTimeout(end, aloneMs).unref();
    this.#alone.add(end);
    return () => {
      clearTimeout(timer);
      this.#alone.delete(end);
    };
  }
}
