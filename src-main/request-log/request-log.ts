/**
 * The request log of one gateway process, as its event loop sees it. Invariant: `add` and `count` never wait and never
 * throw; nothing is written before there are admins to seal it to; what is not written is counted, and the count is
 * written. One batch is under way at a time.
 */
import type { LogRecipient } from '../../shared/model/bundle.ts';
import { codeOf } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { LogKeeping } from './log-keeper.ts';
import type { FromLogThread, LogThreadData, LogThreadPort } from './log-messages.ts';
import type { LogRow } from './log-row.ts';
import type { RunLock } from './run-lock.ts';
import { liveRuns, runsDir, takeRunLock, touchEveryMs } from './run-lock.ts';
import { startLogThread } from './start-log-thread.ts';
import type { CountOutcome } from './waiting-rows.ts';
import { WaitingRows } from './waiting-rows.ts';

/** Rows soon, so that a kill takes few; counts in larger steps, as each is a line of the log. */
const everyMs = 200;
const countsEveryMs = 5_000;
const defaultRetryMs = 3_000;
/** The end of a gateway waits so long for its log; whoever waits for its process, for three seconds. */
const defaultPatienceMs = 2_000;
/** Of that, for the last segment's end. */
const endShare = 0.25;

export type LogHealth = {
  readonly waitingRows: number;
  /** Since the start. */
  readonly droppedRows: number;
  /** Why nothing is written; absent when all is well. A system's code, `failed`, or `no-admins` before the first bundle. */
  readonly problem?: string;
  /** Where it is not kept as the organization says. */
  readonly keeping?: LogKeeping;
};

export type RequestLogOptions = {
  /** `request-log` of the data folder. */
  readonly dir: string;
  readonly gateway: string;
  /** Of the gateway's Ed25519 key. */
  readonly seed: string;
  readonly now: () => number;
  /** Told of each segment that was closed: it can be indexed. */
  readonly onClosed?: (segment: string) => void;
  /** Before another start after one that failed; tests do not wait. */
  readonly retryMs?: number;
  /** How long `stop` takes at most; less than whoever waits for the gateway's process. */
  readonly patienceMs?: number;
  readonly startThread?: (data: LogThreadData) => LogThreadPort;
};

type Running = { readonly lock: RunLock; readonly port: LogThreadPort; readonly touches: NodeJS.Timeout };

export class RequestLog {
  readonly #options: RequestLogOptions;
  readonly #waiting = new WaitingRows();
  #recipients: readonly LogRecipient[] = [];
  #running: Running | undefined;
  #isStarting = false;
  /** Rows of the batch that the thread has. */
  #underWay: number | undefined;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #countTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** The thread has ended its segment. */
  #hasEnded = false;
  #onSettled: (() => void)[] = [];

  constructor(options: RequestLogOptions) {
    this.#options = options;
  }

  add(row: LogRow): void {
    if (this.#isStopped) return;
    this.#waiting.add(row, this.#options.now(), this.#dropsBy);
    this.#timer ??= setTimeout(() => this.#flush(), everyMs).unref();
  }

  /** A request that is not told by itself. @param atMs when it began */
  count(
    atMs: number,
    tokenId: string | undefined,
    channelId: string | undefined,
    outcome: CountOutcome,
  ): void {
    if (this.#isStopped) return;
    this.#waiting.count(atMs - (atMs % hourMs), tokenId, channelId, outcome);
    this.#countTimer ??= setTimeout(() => this.#flush(), countsEveryMs).unref();
  }

  /** To whom the keys are sealed, from the next segment on. */
  setRecipients(recipients: readonly LogRecipient[]): void {
    this.#recipients = recipients;
    this.#running?.port.post({ type: 'recipients', recipients });
    if (!this.#waiting.isEmpty) this.#timer ??= setTimeout(() => this.#flush(), everyMs).unref();
  }

  health(): LogHealth {
    const problem = this.#recipients.length === 0 && !this.#waiting.isEmpty ? 'no-admins' : this.#problem;
    return {
      waitingRows: this.#waiting.rows + (this.#underWay ?? 0),
      droppedRows: this.#waiting.dropped,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /**
   * Writes what waits and ends the segment. Never waits long for a disk: what it does not take by then is given up, and
   * the segment's last line says how many rows that were, if the disk takes at least that.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const { patienceMs = defaultPatienceMs } = this.#options;
    const deadlineMs = performance.now() + patienceMs;
    const isWritten = () => this.#waiting.isEmpty && this.#underWay === undefined;
    await this.#until(deadlineMs - patienceMs * endShare, () => {
      this.#flush();
      return isWritten() || this.#problem !== undefined || this.#recipients.length === 0;
    });
    clearTimeout(this.#timer);
    clearTimeout(this.#countTimer);
    const running = this.#running;
    if (running === undefined) return;
    const rest = this.#waiting.giveUp(this.#options.now(), this.#dropsBy);
    running.port.post({ type: 'stop', rest });
    await this.#until(deadlineMs, () => this.#hasEnded || this.#running !== running);
    await this.#leave(running);
  }

  /** Looks after each word of the thread. */
  async #until(deadlineMs: number, isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return;
      // oxlint-disable-next-line no-await-in-loop
      await this.#settled(leftMs);
    }
  }

  get #dropsBy(): 'disk' | 'busy' {
    return this.#problem === undefined ? 'busy' : 'disk';
  }

  #flush(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#countTimer);
    this.#timer = undefined;
    this.#countTimer = undefined;
    if (this.#underWay !== undefined || this.#waiting.isEmpty || this.#recipients.length === 0) return;
    const running = this.#running;
    if (running === undefined) return void this.#start();
    const batch = this.#waiting.take(this.#options.now());
    this.#underWay = batch.rowCount;
    running.port.post({ type: 'batch', batch });
  }

  async #start(): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    try {
      const { dir, gateway, seed, now, startThread = startLogThread } = this.#options;
      await makeFolder(runsDir(dir));
      const lock = await takeRunLock(dir, gateway, now());
      const live = await liveRuns(dir);
      const port = startThread({
        dir,
        gateway,
        seed,
        run: lock.run,
        live: [...live, `${gateway}.${lock.run}`],
      });
      const touches = setInterval(() => void lock.touch(), touchEveryMs).unref();
      const running: Running = { lock, port, touches };
      port.onMessage((message) => this.#take(message));
      port.onEnd(() => this.#died(running));
      port.post({ type: 'recipients', recipients: this.#recipients });
      this.#running = running;
      this.#problem = undefined;
      this.#flush();
    } catch (error) {
      this.#problem = codeOf(error) ?? 'failed';
      this.#timer ??= setTimeout(() => this.#flush(), this.#options.retryMs ?? defaultRetryMs).unref();
      this.#settle();
    } finally {
      this.#isStarting = false;
    }
  }

  #take(message: FromLogThread): void {
    switch (message.type) {
      case 'written':
        this.#underWay = undefined;
        this.#problem = undefined;
        if (this.#waiting.isBatch) this.#flush();
        else if (this.#waiting.rows > 0) this.#timer ??= setTimeout(() => this.#flush(), everyMs).unref();
        return this.#settle();
      case 'refused':
        this.#problem = message.code;
        return this.#settle();
      case 'closed':
        return this.#options.onClosed?.(message.segment);
      case 'stopped':
        this.#hasEnded = true;
        return this.#settle();
    }
  }

  /** A bug, or no memory. What it had may be written or not: it is told as lost, and another one begins a run anew. */
  #died(running: Running): void {
    if (this.#running !== running) return;
    if (this.#underWay !== undefined && this.#underWay > 0) this.#waiting.drop(this.#underWay, 'failed');
    this.#underWay = undefined;
    this.#problem = 'failed';
    void this.#leave(running);
    if (!this.#isStopped)
      this.#timer ??= setTimeout(() => this.#flush(), this.#options.retryMs ?? defaultRetryMs).unref();
    this.#settle();
  }

  async #leave(running: Running): Promise<void> {
    this.#running = undefined;
    clearInterval(running.touches);
    running.port.end();
    await running.lock.release();
  }

  /** Resolves when the thread said something, or it took too long. */
  #settled(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#onSettled.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #settle(): void {
    for (const resolve of this.#onSettled.splice(0)) resolve();
  }
}

const hourMs = 60 * 60_000;
