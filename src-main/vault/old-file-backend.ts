/**
 * The log as a file, `vault.log`: a line per event. Invariant: a line is on the disk (file and folder synced) before an
 * append returns; only a last line without its newline may be incomplete, and only that one is ever cut off.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  watch,
  writeSync,
} from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { syncFolder } from './key-store.ts';
import type { LogBackend } from './types.ts';
import { withLock } from './write-lock.ts';

/** fs.watch misses changes on network drives; a look at the size costs nothing. */
const pollEveryMs = 300;
const newline = 0x0a;
/** The end of the last known line, compared before an append: enough of a signature to tell any two lines apart. */
const markBytes = 64;

/** Opens the log in a folder; the file is made by the first append. */
export function openFileBackend(dir: string, now: () => number = Date.now): LogBackend {
  const path = join(dir, 'vault.log');
  /** Up to where the file is known, how many whole lines that is, and the last bytes of it. */
  let known = { bytes: 0, lines: 0, mark: Buffer.alloc(0) };
  const watchers = new Set<() => void>();

  const readBytes = (handle: number, from: number, count: number): Buffer => {
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const got = readSync(handle, bytes, filled, count - filled, from + filled);
      if (got === 0) break;
      filled += got;
    }
    return bytes.subarray(0, filled);
  };

  const advance = (bytes: Buffer, lines: number): void => {
    const mark = Buffer.concat([known.mark, bytes.subarray(-markBytes)]).subarray(-markBytes);
    known = { bytes: known.bytes + bytes.length, lines: known.lines + lines, mark };
  };

  /** Whole lines behind the known part, and the bytes of an incomplete last one. */
  const readNew = (handle: number): { lines: string[]; tornTailBytes: number } => {
    const size = fstatSync(handle).size;
    const { mark } = known;
    if (size < known.bytes || !readBytes(handle, known.bytes - mark.length, mark.length).equals(mark)) {
      throw new LatchkeyError(
        'VAULT_CORRUPT',
        'vault.log became shorter or another file while it was open. Lock and unlock again.',
      );
    }
    const fresh = readBytes(handle, known.bytes, size - known.bytes);
    const end = fresh.lastIndexOf(newline) + 1;
    const text = fresh.subarray(0, end).toString('utf8');
    const lines = text === '' ? [] : text.slice(0, -1).split('\n');
    advance(fresh.subarray(0, end), lines.length);
    return { lines, tornTailBytes: fresh.length - end };
  };

  const withFile = <T>(flags: string, work: (handle: number) => T): T => {
    const handle = openSync(path, flags, 0o600);
    try {
      return work(handle);
    } finally {
      closeSync(handle);
    }
  };

  /** Cuts off what is behind the known lines. By a handle of its own: Windows cannot cut by one that only appends. */
  const cutTail = (): void => withFile('r+', (handle) => ftruncateSync(handle, known.bytes));

  const appendLocked = (expectedSeq: number, lines: readonly string[]): void => {
    const before = known;
    const isNew = !existsSync(path);
    // A log that was there and is gone is not begun anew.
    const { tornTailBytes } = isNew && before.bytes > 0 ? gone() : withFile('a+', readNew);
    if (known.lines !== expectedSeq) {
      known = before;
      throw new LatchkeyError('VAULT_CONFLICT', 'Another process changed the vault meanwhile. Try again.');
    }
    // Under the lock nobody is writing: an incomplete line is what a crash left.
    if (tornTailBytes > 0) cutTail();
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
    try {
      withFile('a', (handle) => {
        let written = 0;
        while (written < bytes.length) written += writeSync(handle, bytes, written);
        fsyncSync(handle);
      });
    } catch (cause) {
      cutTail();
      throw cause;
    }
    advance(bytes, lines.length);
    if (isNew) syncFolder(dir);
  };

  return {
    append: (expectedSeq, lines) =>
      unavailableOnDiskError('The change could not be written. Is the disk full or gone?', async () => {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        await withLock(join(dir, 'vault.lock'), now, () => appendLocked(expectedSeq, lines));
      }),

    readFrom: (seq) =>
      unavailableOnDiskError(
        'vault.log cannot be read. Is its disk gone, or not yours to read?',
        async () => {
          if (seq !== known.lines) known = { bytes: 0, lines: 0, mark: Buffer.alloc(0) };
          if (!existsSync(path)) return known.bytes > 0 ? gone() : { lines: [], tornTailBytes: 0 };
          const skip = seq - known.lines;
          const { lines, tornTailBytes } = withFile('r', readNew);
          return { lines: lines.slice(skip), tornTailBytes };
        },
      ),

    watch: (onChange) => {
      const look = () => {
        try {
          if (withFile('r', (handle) => fstatSync(handle).size) !== known.bytes) onChange();
        } catch (cause) {
          // Not there (yet, or a network drive that will be back): the next look tells.
          if (!isDiskError(cause)) throw cause;
        }
      };
      const timer = setInterval(look, pollEveryMs).unref();
      let watcher: FSWatcher | undefined;
      try {
        watcher = watch(dir, { persistent: false }, look);
        watcher.on('error', () => watcher?.close());
      } catch {
        // No watching here (inotify's limit, a network drive): the timer alone still sees changes within a second.
      }
      const stop = () => {
        clearInterval(timer);
        watcher?.close();
        watchers.delete(stop);
      };
      watchers.add(stop);
      return stop;
    },

    close: async () => {
      for (const stop of watchers) stop();
    },
  };
}

function gone(): never {
  throw new LatchkeyError('VAULT_CORRUPT', 'vault.log is gone. Lock, put it back, and unlock again.');
}

const isDiskError = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && 'syscall' in cause;

async function unavailableOnDiskError<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isDiskError(cause)) throw cause;
    throw new LatchkeyError('VAULT_UNAVAILABLE', message, { cause });
  }
}
