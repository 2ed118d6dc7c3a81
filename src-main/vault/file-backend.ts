/**
 * The log as a file, `vault.log`, a line per transaction, and the head beside it, `vault.head`. Invariant: a line is on
 * the disk before an append returns, and only then the head names it; only an incomplete last line is ever cut off;
 * nobody writes without the kernel's lock on `vault.lock`.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { appendDurably, cutBack } from '../disk/append-file.ts';
import { codeOf, diskError } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { withFileLock } from '../disk/file-lock.ts';
import type { Disk } from '../disk/operations.ts';
import { closeQuietly, run, systemDisk } from '../disk/operations.ts';
import { openRegular, readIfThere } from '../disk/read-file.ts';
import { replaceFile } from '../disk/write-file.ts';
import type { LogBackend, ReadFrom, RecoveryReport, StoredLine } from './backend.ts';
import type { LogFile } from './log-appending.ts';
import { appendLines, countKnown, goneError, lostError } from './log-appending.ts';
import type { LogPosition } from './log-position.ts';
import { comparePosition, fromBookmark, logStart, toBookmark } from './log-position.ts';
import { countLines, findTail, readLines, withOpen } from './log-reading.ts';
import type { Followed, WatchCallbacks } from './log-watch.ts';
import { LogWatch, identityOf } from './log-watch.ts';

/** A head is a short JWS. */
const maxHeadBytes = 64 * 1024;
const noHead: ReadonlySet<string> = new Set(['FILE_NOT_REGULAR', 'FILE_TOO_LARGE']);
const isNoHead = (error: LatchkeyError): boolean =>
  noHead.has(error.code) || ('reason' in error.details && error.details.reason === 'ELOOP');

export type FileBackendOptions = {
  readonly disk?: Disk;
  readonly now?: () => number;
  /** How long to wait for the lock. */
  readonly lockGiveUpAfterMs?: number;
};

/** Opens the log in a folder; files and folder are made by the first append. */
export function openFileBackend(dir: string, options: FileBackendOptions = {}): LogBackend {
  return new FileBackend(dir, options);
}

class FileBackend implements LogBackend {
  readonly #file: LogFile;
  readonly #headPath: string;
  readonly #options: FileBackendOptions;
  /** How far this backend read or wrote, and in which file. */
  #followed: Followed = { position: logStart, identity: undefined };
  readonly #watches = new Set<LogWatch>();
  readonly #holdingLock = new AsyncLocalStorage<true>();

  constructor(dir: string, options: FileBackendOptions) {
    this.#file = { disk: options.disk ?? systemDisk, dir, path: join(dir, 'vault.log') };
    this.#headPath = join(dir, 'vault.head');
    this.#options = options;
  }

  async *read(from: ReadFrom): AsyncGenerator<StoredLine> {
    const { disk, path } = this.#file;
    try {
      const opened = await this.#openIfThere();
      if (opened === undefined) {
        if (from.seq > 0 || this.#followed.position.lines > 0) throw goneError(path);
        return;
      }
      const { fd, size, identity } = opened;
      try {
        const start = await this.#startOf(fd, size, from);
        for await (const { line, behind } of readLines(disk, fd, size, start)) {
          this.#follow(behind, identity);
          yield { line, seq: behind.lines - 1, bookmark: toBookmark(behind) };
        }
      } finally {
        await run(disk, closeQuietly(fd));
      }
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'log-read', path, cause);
    }
  }

  /** Where a line begins: by the bookmark, else by what is known already, else by counting. */
  async #startOf(fd: number, size: number, { seq, bookmark }: ReadFrom): Promise<LogPosition> {
    const { disk } = this.#file;
    const holds = async (position: LogPosition | undefined): Promise<boolean> =>
      position !== undefined && (await run(disk, comparePosition(fd, size, position))) === 'same';
    const marked = bookmark === undefined ? undefined : fromBookmark(bookmark, seq);
    if (marked !== undefined && (await holds(marked))) return marked;
    const known = this.#followed.position;
    const nearest = known.lines <= seq && (await holds(known)) ? known : logStart;
    const { position } = await countLines(disk, fd, size, nearest, seq);
    if (position.lines < seq) throw lostError('shorter', position.lines);
    return position;
  }

  async head(): Promise<string | undefined> {
    const { disk } = this.#file;
    try {
      const bytes = await readIfThere(this.#headPath, {
        maxBytes: maxHeadBytes,
        code: 'VAULT_UNAVAILABLE',
        disk,
      });
      const text = bytes?.toString('utf8').trimEnd();
      return text === '' ? undefined : text;
    } catch (error) {
      // What is no head in any form (a folder, a pipe, a film) is like none: what that means is judged by the copy.
      if (error instanceof LatchkeyError && isNoHead(error)) return undefined;
      throw error;
    }
  }

  async recover(): Promise<RecoveryReport> {
    const seen = await this.#lookAtTail();
    if (isClean(seen)) return seen;
    try {
      return await this.locked(() => this.#mendTail());
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      // Whoever holds the lock is writing: that is what the end of the log looked like.
      return error.code === 'VAULT_BUSY' ? clean : seen;
    }
  }

  async #lookAtTail(): Promise<RecoveryReport> {
    const { disk, path } = this.#file;
    try {
      const opened = await this.#openIfThere();
      if (opened === undefined) return clean;
      try {
        return reportOf(await run(disk, findTail(opened.fd, opened.size)));
      } finally {
        await run(disk, closeQuietly(opened.fd));
      }
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'log-read', path, cause);
    }
  }

  /** Under the lock: nobody is writing, so what is unfinished is what a crash left. */
  async #mendTail(): Promise<RecoveryReport> {
    const { disk, path } = this.#file;
    try {
      return await withOpen(disk, openRegular(path, { forWriting: true }), async (fd, size) => {
        const tail = await run(disk, findTail(fd, size));
        // Where the disk refuses, the next append tries again; until then the tail stays as it is.
        if (tail.isWhole) await appendDurably(fd, size, Buffer.from('\n'), disk);
        else if (tail.bytes > 0) await cutBack(fd, size - tail.bytes, disk);
        return reportOf(tail);
      });
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'log-mend', path, cause);
    }
  }

  async append(expectedSeq: number, lines: readonly string[], head: string) {
    const { dir, path } = this.#file;
    try {
      await makeFolder(dir);
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'folder-make', path, cause, 'unchanged');
    }
    return this.locked(async () => {
      const behind = await this.#appendWatched(expectedSeq, lines);
      return { anchored: await this.#tryHead(head), bookmark: toBookmark(behind) };
    });
  }

  /** Appends, and keeps the own watches from taking it for somebody else's doing. */
  async #appendWatched(expectedSeq: number, lines: readonly string[]): Promise<LogPosition> {
    const watches = [...this.#watches];
    for (const watch of watches) watch.pause();
    try {
      const known = this.#followed.position;
      const { before, behind } = await appendLines(this.#file, known, expectedSeq, lines);
      this.#follow(behind, this.#followed.identity);
      for (const watch of watches) watch.ownAppend(before, behind);
      return behind;
    } finally {
      for (const watch of watches) watch.resume();
    }
  }

  async #tryHead(head: string): Promise<boolean> {
    try {
      return (await this.#replaceHead(head)).confirmed;
    } catch (error) {
      // The lines are on the disk: a head that could not be replaced must not make them look undone.
      if (error instanceof LatchkeyError) return false;
      throw error;
    }
  }

  #replaceHead(head: string) {
    const { disk } = this.#file;
    return replaceFile(this.#headPath, `${head}\n`, { mode: 0o600, code: 'VAULT_UNAVAILABLE', disk });
  }

  async writeHead(expectedSeq: number, head: string): Promise<void> {
    await this.locked(async () => {
      const { disk, path } = this.#file;
      try {
        await withOpen(disk, openRegular(path), (fd, size) =>
          countKnown(this.#file, fd, size, this.#followed.position, expectedSeq),
        );
      } catch (cause) {
        throw diskError('VAULT_UNAVAILABLE', 'log-read', path, cause, 'unchanged');
      }
      await this.#replaceHead(head);
    });
  }

  locked<T>(work: () => Promise<T>): Promise<T> {
    if (this.#holdingLock.getStore() === true) return work();
    const { disk, now, lockGiveUpAfterMs } = this.#options;
    return withFileLock(
      join(this.#file.dir, 'vault.lock'),
      {
        ...(disk === undefined ? {} : { disk }),
        ...(now === undefined ? {} : { now }),
        ...(lockGiveUpAfterMs === undefined ? {} : { giveUpAfterMs: lockGiveUpAfterMs }),
      },
      () => this.#holdingLock.run(true, work),
    );
  }

  watch(on: WatchCallbacks): () => void {
    const watch = new LogWatch(this.#file, () => this.#followed, on);
    this.#watches.add(watch);
    return () => {
      watch.stop();
      this.#watches.delete(watch);
    };
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    this.#watches.clear();
    this.#followed = { position: logStart, identity: undefined };
  }

  #follow(position: LogPosition, identity: string | undefined): void {
    if (position.bytes > this.#followed.position.bytes) this.#followed = { position, identity };
  }

  async #openIfThere() {
    try {
      const { fd, stats } = await run(this.#file.disk, openRegular(this.#file.path));
      return { fd, size: stats.size, identity: identityOf(stats) };
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT') throw cause;
      return undefined;
    }
  }
}

const clean: RecoveryReport = { tornTailBytes: 0, completedLastLine: false };
const isClean = (report: RecoveryReport): boolean => report.tornTailBytes === 0 && !report.completedLastLine;
const reportOf = (tail: { readonly bytes: number; readonly isWhole: boolean }): RecoveryReport => ({
  tornTailBytes: tail.isWhole ? 0 : tail.bytes,
  completedLastLine: tail.isWhole,
});
