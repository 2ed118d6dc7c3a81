/**
 * Keeps a request log while its gateway runs: closed segments are taken into the store soon, but not while many come,
 * what there is no room for goes, and once a day what is too old. Invariant: it never throws and never keeps the process alive; what it could not do is
 * done by the next turn, by the next gateway, or by another process of the folder.
 */
import type { Retention } from '../../shared/model/log-keeping.ts';
import { dayMs, hourMs } from '../../shared/model/time.ts';
import { codeOf } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { pruneLog, takeIn } from './keep-log.ts';
import type { DoubtedClock } from './keeping-clock.ts';
import { keepingTime } from './keeping-clock.ts';
import type { MadeRoom } from './make-room.ts';
import type { TellDamaged } from './put-aside.ts';
import type { RetiredSigner } from './retired-file.ts';
import type { RowStore } from './store/row-store.ts';

/** Segments that end within it are one turn: under load, the load comes first. */
const soonMs = 15_000;
/** Between two looks at how large it is: each file is asked. */
const roomEveryMs = 60_000;

export type LogKeeperOptions = {
  /** Of the request log. */
  readonly dir: string;
  /** Closed with it. */
  readonly store: RowStore;
  /** Of the gateway: says what goes. */
  readonly signer?: RetiredSigner;
  readonly now: () => number;
  /** What could not be done, by the system's code. */
  readonly onProblem: (code: string) => void;
  /** What is too old by this clock alone is kept. */
  readonly onDoubt?: (clock: DoubtedClock) => void;
  /** What went before its time. */
  readonly onRoom?: (made: MadeRoom) => void;
  /** Told once of each. */
  readonly onDamaged?: TellDamaged;
  /** Tests do not wait. */
  readonly soonMs?: number;
};

/** Where the log is not kept as the organization says; empty when all is well. */
export type LogKeeping = {
  readonly doubted?: DoubtedClock;
  /** Rows before that went for room, since the start. */
  readonly roomToMs?: number;
};

export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #end = new AbortController();
  readonly #hours: NodeJS.Timeout;
  #retention: Retention | undefined;
  #prunedAtMs = 0;
  #roomAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #keeping: LogKeeping = {};
  readonly #damaged = new Set<string>();

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

  get keeping(): LogKeeping {
    return this.#keeping;
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
    const { dir, store, now, signer } = this.#options;
    const [retention, nowMs, { signal }] = [this.#retention, now(), this.#end];
    const onRoom = (made: MadeRoom) => {
      this.#keeping = { ...this.#keeping, roomToMs: made.toMs };
      this.#options.onRoom?.(made);
    };
    const onDamaged: TellDamaged = (segment, aside) => {
      const told = `${segment} ${aside ?? ''}`;
      if (this.#damaged.has(told)) return;
      this.#damaged.add(told);
      this.#options.onDamaged?.(segment, aside);
    };
    const options = { signal, signer, onRoom, onDamaged };
    if (retention === undefined) return await takeIn(dir, store, options);
    if (Math.abs(nowMs - this.#prunedAtMs) < dayMs) {
      const isRoomTurn = performance.now() - this.#roomAtMs >= roomEveryMs;
      if (isRoomTurn) this.#roomAtMs = performance.now();
      return await takeIn(dir, store, options, isRoomTurn ? { retention, nowMs } : undefined);
    }
    await makeFolder(dir);
    const time = await keepingTime(dir, nowMs);
    const { doubted: _before, ...keeping } = this.#keeping;
    this.#keeping = time.doubted === undefined ? keeping : { ...keeping, doubted: time.doubted };
    if (time.doubted !== undefined) this.#options.onDoubt?.(time.doubted);
    const pruned = await pruneLog(dir, store, retention, time.nowMs, options);
    if (pruned === undefined) return false;
    this.#prunedAtMs = nowMs;
    return true;
  }
}
