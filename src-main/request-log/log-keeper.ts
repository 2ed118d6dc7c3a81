/**
 * Keeps a request log while its gateway runs: closed segments are taken into the store soon, but not while many come, and
 * once a day what is too old goes. Invariant: it never throws and never keeps the process alive; what it could not do is
 * done by the next turn, by the next gateway, or by another process of the folder.
 */
import type { Retention } from '../../shared/model/log-keeping.ts';
import { dayMs, hourMs } from '../../shared/model/time.ts';
import { codeOf } from '../disk/disk-error.ts';
import { pruneLog, takeIn } from './keep-log.ts';
import type { RowStore } from './store/row-store.ts';

/** Segments that end within it are one turn: under load, the load comes first. */
const soonMs = 15_000;

export type LogKeeperOptions = {
  /** Of the request log. */
  readonly dir: string;
  /** Closed with it. */
  readonly store: RowStore;
  readonly now: () => number;
  /** What could not be done, by the system's code. */
  readonly onProblem: (code: string) => void;
  /** Tests do not wait. */
  readonly soonMs?: number;
};

export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #end = new AbortController();
  readonly #hours: NodeJS.Timeout;
  #retention: Retention | undefined;
  #prunedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    this.#hours = setInterval(() => this.wake(), hourMs).unref();
  }

  /** Of the organization; nothing goes before it is known. */
  setRetention(retention: Retention): void {
    const isOther = JSON.stringify(retention) !== JSON.stringify(this.#retention);
    this.#retention = retention;
    if (!isOther) return;
    this.#prunedAtMs = 0;
    this.wake();
  }

  /** A segment was closed. */
  wake(): void {
    if (this.#isBusy || this.#end.signal.aborted) return;
    this.#timer ??= setTimeout(() => void this.#turn(), this.#options.soonMs ?? soonMs).unref();
  }

  /** At once: what is under way can be repeated. */
  stop(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#hours);
    this.#options.store.close();
  }

  async #turn(): Promise<void> {
    this.#timer = undefined;
    this.#isBusy = true;
    try {
      const isDone = await this.#work();
      this.#isBusy = false;
      // Another process looked before our segment was closed, perhaps.
      if (!isDone) this.wake();
    } catch (error) {
      this.#isBusy = false;
      if (!this.#end.signal.aborted) this.#options.onProblem(codeOf(error) ?? 'failed');
    }
  }

  async #work(): Promise<boolean> {
    const { dir, store, now } = this.#options;
    const [retention, nowMs, { signal }] = [this.#retention, now(), this.#end];
    if (retention === undefined || Math.abs(nowMs - this.#prunedAtMs) < dayMs)
      return await takeIn(dir, store, signal);
    if ((await pruneLog(dir, store, retention, nowMs, { signal })) === undefined) return false;
    this.#prunedAtMs = nowMs;
    return true;
  }
}
