/**
 * The log as a file, `vault.log`: a line per event. Invariant: a line is on the disk (file and folder synced) before an
 * append returns; only a last line without its newline may be incomplete, and only that one is ever cut off.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, watch, writeSync } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { syncFolder } from './key-store.ts';
import type { LogBackend } from './types.ts';
import { withLock } from './write-lock.ts';

/** fs.watch misses changes on network drives; a look at the size costs nothing. */
const pollEveryMs = 300;
const newline = 0x0a;

/** Opens the log in a folder; the file is made by the first append. */
export function openFileBackend(dir: string, now: () => number = Date.now): LogBackend {
  const path = join(dir, 'vault.log');
  /** Up to where the file is known, and how many whole lines that is. */
  let known = { bytes: 0, lines: 0 };
  const watchers = new Set<() => void>();

  /** Whole lines behind the known part, and the bytes of an incomplete last one. */
  const readNew = (handle: number): { lines: string[]; tornTailBytes: number } => {
    const size = fstatSync(handle).size;
    if (size < known.bytes) {
      throw new LatchkeyError('VAULT_CORRUPT', 'vault.log became shorter while it was open. Lock and unlock again.');
    }
    const fresh = Buffer.alloc(size - known.bytes);
    let filled = 0;
    while (filled < fresh.length) {
      const count = readSync(handle, fresh, filled, fresh.length - filled, known.bytes + filled);
      if (count === 0) break;
      filled += count;
    }
    const end = fresh.lastIndexOf(newline) + 1;
    const text = fresh.subarray(0, end).toString('utf8');
    const lines = text === '' ? [] : text.slice(0, -1).split('\n');
    known = { bytes: known.bytes + end, lines: known.lines + lines.length };
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

  return {
    append: async (expectedSeq, line) => {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      await withLock(join(dir, 'vault.lock'), now, () => {
        withFile('a+', (handle) => {
          const before = known;
          const { tornTailBytes } = readNew(handle);
          if (known.lines !== expectedSeq) {
            known = before;
            throw new LatchkeyError('VAULT_CONFLICT', 'Another process changed the vault meanwhile. Try again.');
          }
          // Under the lock nobody is writing: an incomplete line is what a crash left.
          if (tornTailBytes > 0) ftruncateSync(handle, known.bytes);
          const bytes = Buffer.from(`${line}\n`, 'utf8');
          try {
            let written = 0;
            while (written < bytes.length) written += writeSync(handle, bytes, written);
            fsyncSync(handle);
          } catch (cause) {
            ftruncateSync(handle, known.bytes);
            throw new LatchkeyError('VAULT_UNAVAILABLE', 'The change could not be written. Is the disk full?', { cause });
          }
          known = { bytes: known.bytes + bytes.length, lines: known.lines + 1 };
          if (known.lines === 1) syncFolder(dir);
        });
      });
    },

    readFrom: async (seq) => {
      if (seq !== known.lines) known = { bytes: 0, lines: 0 };
      try {
        const skip = seq - known.lines;
        const { lines, tornTailBytes } = withFile('r', readNew);
        return { lines: lines.slice(skip), tornTailBytes };
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { lines: [], tornTailBytes: 0 };
        throw cause;
      }
    },

    watch: (onChange) => {
      const look = () => {
        try {
          if (withFile('r', (handle) => fstatSync(handle).size) !== known.bytes) onChange();
        } catch (cause) {
          if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
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
