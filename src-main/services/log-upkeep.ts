/**
 * What is done about the request log while the vault is open, by a process that stays: at the unlock and once a day after
 * that, the vault is told how far the log has come, and what is missing or changed is shown; ended runs are taken into the
 * store and what is too old goes; last uses are learned. Invariant: nobody waits for any of it, and what could not be done
 * is done by the next turn.
 */
import { existsSync } from 'node:fs';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import { dayMs, hourMs } from '../../shared/model/time.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { keepingTime } from '../request-log/keeping-clock.ts';
import { pruneLog } from '../request-log/keep-log.ts';
import type { RowStore } from '../request-log/store/row-store.ts';
import type { Context } from './context.ts';
import { anchorLog } from './log-anchors.ts';
import type { SegmentTrouble } from './log-check.ts';
import { isGrave } from './log-check.ts';
import type { UsageStore } from './usage.ts';

const words = texts.requestLog;

/** Asked at once. */
const tokensPerQuestion = 1000;

type Deps = {
  /** Of the request log. */
  readonly dir: string;
  readonly store: RowStore;
  readonly identity: () => GatewayIdentity | undefined;
  readonly usage: Pick<UsageStore, 'learn'>;
  /** Alarms are others now. */
  readonly onAlarms: () => void;
};

export class LogUpkeep {
  readonly #context: Pick<Context, 'vault' | 'commit' | 'now'>;
  readonly #deps: Deps;
  #looked: readonly SegmentTrouble[] = [];
  /** By the last whole check: a look at the newest does not clear it. */
  #checked: readonly SegmentTrouble[] = [];
  #timer: NodeJS.Timeout | undefined;
  #abort: AbortController | undefined;
  #doneAtMs = 0;

  constructor(context: Pick<Context, 'vault' | 'commit' | 'now'>, deps: Deps) {
    this.#context = context;
    this.#deps = deps;
  }

  /** The vault is open. */
  begin(): void {
    this.end();
    const abort = new AbortController();
    this.#abort = abort;
    const turn = () => {
      this.#doneAtMs = this.#context.now();
      void this.#work(abort.signal);
    };
    // A computer that slept misses timers: whether a day is over is looked at every hour.
    this.#timer = setInterval(() => {
      if (Math.abs(this.#context.now() - this.#doneAtMs) >= dayMs) turn();
    }, hourMs).unref();
    turn();
  }

  /** The vault is about to be locked. */
  end(): void {
    clearInterval(this.#timer);
    this.#abort?.abort();
    this.#abort = undefined;
    this.#looked = [];
    this.#checked = [];
  }

  /** All that a whole check found. */
  found(troubles: readonly SegmentTrouble[]): void {
    this.#tell(() => {
      this.#checked = troubles.filter(isGrave);
      this.#looked = [];
    });
  }

  alarms(): VaultAlarmView[] {
    const troubles = [
      ...new Map([...this.#looked, ...this.#checked].map((one) => [one.segment, one])).values(),
    ];
    const gone = troubles.filter(({ state }) => state === 'missing');
    const changed = troubles.filter(({ state }) => state !== 'missing');
    const [firstGone] = gone;
    const [first] = changed;
    return [
      ...(firstGone === undefined
        ? []
        : [alarm('request-log-gap', words.gapAlarm(gone.length, firstGone.segment))]),
      ...(first === undefined
        ? []
        : [
            alarm(
              'request-log-tampered',
              words.tamperedAlarm(changed.length, first.segment, first.what.join(' ')),
            ),
          ]),
    ];
  }

  #tell(change: () => void): void {
    const before = JSON.stringify(this.alarms());
    change();
    if (JSON.stringify(this.alarms()) !== before) this.#deps.onAlarms();
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { dir, store } = this.#deps;
    const step = async (act: () => Promise<void>): Promise<void> => {
      if (signal.aborted) return;
      try {
        await act();
      } catch {
        // Locked meanwhile, a disk that does not give, another process in the way: see the invariant.
      }
    };
    await step(async () => {
      const troubles = await anchorLog(this.#context, this.#deps, signal);
      if (!signal.aborted) this.#tell(() => (this.#looked = troubles.filter(isGrave)));
    });
    if (!existsSync(dir)) return;
    await step(async () => {
      // Takes in what has ended first. Where another process is at it, nothing is left to do.
      const { retention } = this.#context.vault().state();
      const { nowMs } = await keepingTime(dir, this.#context.now());
      await pruneLog(dir, store, retention, nowMs, { signal, signer: this.#deps.identity() });
    });
    await step(() => this.#learn(signal));
  }

  async #learn(signal: AbortSignal): Promise<void> {
    const ids = [...this.#context.vault().state().tokens.keys()];
    for (let at = 0; at < ids.length; at += tokensPerQuestion) {
      signal.throwIfAborted();
      const some = ids.slice(at, at + tokensPerQuestion);
      // One after the other: others ask too.
      // oxlint-disable-next-line no-await-in-loop
      const { items } = await this.#deps.store.tokenUses(some, { limit: tokensPerQuestion });
      this.#deps.usage.learn(items);
    }
  }
}

const alarm = (code: VaultAlarmView['code'], message: string): VaultAlarmView => ({
  code,
  message,
  stopsWrites: false,
});
