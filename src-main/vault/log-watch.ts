/**
 * Following the log file while others may write it. Invariant: a watch never ends without a word: that the log was moved
 * away, cut, replaced or cannot be read is told once each time it happens, and that it is there again as well. It only
 * says that there is something to look at; what it means is judged by whoever reads.
 */
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { codeOf, isDiskFailure } from '../disk/disk-error.ts';
import { run } from '../disk/operations.ts';
import { openRegular } from '../disk/read-file.ts';
import type { Lost } from './backend.ts';
import type { LogFile } from './log-appending.ts';
import type { LogPosition } from './log-position.ts';
import { comparePosition } from './log-position.ts';
import { withOpen } from './log-reading.ts';

/** fs.watch misses changes on network drives; a look at the size costs nothing. */
const pollEveryMs = 300;
/** A drive that answers late, or a virus scanner, may make one look fail. */
const failedLooks = 3;
/** Looks after which lines that nobody read are told again: reading may have failed. */
const tellAgainAfterLooks = 17;

export type WatchCallbacks = { readonly onAppend: () => void; readonly onLost: (how: Lost) => void };

/** How far the log was read, and in which file. */
export type Followed = { readonly position: LogPosition; readonly identity: string | undefined };

type FileFacts = { readonly size: number; readonly mtimeMs: number; readonly identity: string };

/** Which file it is, whatever its name. */
export const identityOf = (stats: { dev: number; ino: number }): string => `${stats.dev}:${stats.ino}`;

export class LogWatch {
  readonly #file: LogFile;
  readonly #followed: () => Followed;
  readonly #on: WatchCallbacks;
  readonly #timer: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #isStopped = false;
  #isLooking = false;
  #lookAgain = false;
  /** Own appends that run, and how often one began or ended: what a look saw meanwhile may be half of it. */
  #pauses = 0;
  #epoch = 0;
  #lost: Lost | undefined;
  #identity: string | undefined;
  #failures = 0;
  /** What was told, or was our own doing. */
  #told: { size: number; mtimeMs: number };
  #looksSinceTold = 0;

  constructor(file: LogFile, followed: () => Followed, on: WatchCallbacks) {
    this.#file = file;
    this.#followed = followed;
    this.#on = on;
    this.#identity = followed().identity;
    this.#told = { size: followed().position.bytes, mtimeMs: Number.NaN };
    this.#timer = setInterval(() => this.#look(), pollEveryMs).unref();
    try {
      this.#watcher = watch(file.dir, { persistent: false }, (_event, name) => {
        if (name === null || file.path.endsWith(name)) this.#look();
      });
      // The folder went away, or the system has no more watches: the timer goes on.
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watching here (inotify's limit, a network drive): the timer alone sees changes within a second.
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  /** While this process itself writes. */
  pause(): void {
    this.#pauses += 1;
    this.#epoch += 1;
  }

  resume(): void {
    this.#pauses -= 1;
    this.#epoch += 1;
    this.#look();
  }

  /** An append of this process: nothing to tell, if nothing else was left to tell. */
  ownAppend(before: LogPosition, behind: LogPosition): void {
    if (this.#told.size >= before.bytes - 1) this.#told = { size: behind.bytes, mtimeMs: Number.NaN };
  }

  #look(): void {
    if (this.#isStopped || this.#pauses > 0) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    this.#isLooking = true;
    void this.#lookOnce().finally(() => {
      this.#isLooking = false;
      if (!this.#lookAgain) return;
      this.#lookAgain = false;
      this.#look();
    });
  }

  async #lookOnce(): Promise<void> {
    const epoch = this.#epoch;
    try {
      const facts = await this.#facts();
      const lost = await this.#lostBy(facts);
      this.#failures = 0;
      if (this.#isStopped) return;
      if (epoch !== this.#epoch) {
        this.#lookAgain = true;
        return;
      }
      // Another file is told once: if it holds the same lines, the next look finds it as it should be.
      this.#identity = facts?.identity ?? this.#identity;
      if (lost === undefined) this.#tellAppend(facts);
      else this.#tellLost(lost);
    } catch (cause) {
      // Anything else that looking meets (no permission, a disk that fails, a folder in its place).
      this.#failures += 1;
      if (!this.#isStopped && this.#failures >= failedLooks) this.#tellLost('unreadable');
      if (!isDiskFailure(cause) && codeOf(cause) === undefined) throw cause;
    }
  }

  async #facts(): Promise<FileFacts | undefined> {
    try {
      const stats = await this.#file.disk.async.stat(this.#file.path);
      return { size: stats.size, mtimeMs: stats.mtimeMs, identity: identityOf(stats) };
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT') throw cause;
      return undefined;
    }
  }

  async #lostBy(facts: FileFacts | undefined): Promise<Lost | undefined> {
    const { position } = this.#followed();
    if (facts === undefined) return position.lines > 0 ? 'gone' : undefined;
    const isOther = this.#identity !== undefined && this.#identity !== facts.identity;
    if (isOther && position.lines > 0) return 'replaced';
    const isUnchanged = facts.size === this.#told.size && facts.mtimeMs === this.#told.mtimeMs;
    if (isUnchanged && this.#lost === undefined) return undefined;
    const { disk, path } = this.#file;
    return withOpen(disk, openRegular(path), async (fd, size) => {
      const compared = await run(disk, comparePosition(fd, size, position));
      return compared === 'same' ? undefined : compared;
    });
  }

  #tellLost(how: Lost): void {
    if (this.#lost === how) return;
    this.#lost = how;
    this.#on.onLost(how);
  }

  #tellAppend(facts: FileFacts | undefined): void {
    const wasLost = this.#lost !== undefined;
    this.#lost = undefined;
    if (facts === undefined) return;
    const { bytes } = this.#followed().position;
    const isUnread = facts.size > bytes;
    this.#looksSinceTold += 1;
    const isNews = facts.size !== this.#told.size || (isUnread && facts.mtimeMs !== this.#told.mtimeMs);
    const isOverdue = isUnread && this.#looksSinceTold >= tellAgainAfterLooks;
    this.#told = { size: facts.size, mtimeMs: facts.mtimeMs };
    if (!wasLost && !isNews && !isOverdue) return;
    this.#looksSinceTold = 0;
    this.#on.onAppend();
  }
}
