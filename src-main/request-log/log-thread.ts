/**
 * The thread that writes the request log of one gateway process. Invariant: `written` is said after the bytes are in the
 * file, so that nothing that was acknowledged goes with the process; a disk that takes nothing costs no more than the one
 * batch that waits here.
 */
import type { LogRecipient } from '../../shared/model/bundle.ts';
import { codeOf, isDiskFailure } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { DiskOps } from '../disk/operations.ts';
import type { FromLogThread, LogThreadData, ToLogThread } from './log-messages.ts';
import type { LogDrop } from './row-codec.ts';
import { segmentsDir } from './segment-files.ts';
import { linksBefore } from './segment-root.ts';
import type { BatchTexts } from './segment-writer.ts';
import { SegmentWriter } from './segment-writer.ts';

export type LogThreadDeps = LogThreadData & {
  readonly now: () => number;
  readonly post: (message: FromLogThread) => void;
  readonly disk?: DiskOps;
  /** Between two tries at a disk that takes nothing; tests do not wait. */
  readonly retryMs?: number;
  readonly maxBytes?: number;
};

/** What was written survives a power cut after so long. */
const syncEveryMs = 1_000;
const defaultRetryMs = 3_000;

export class LogThread {
  readonly #deps: LogThreadDeps;
  #writer: SegmentWriter | undefined;
  #recipients: readonly LogRecipient[] = [];
  #waiting: BatchTexts | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;
  readonly #ticks: NodeJS.Timeout;

  constructor(deps: LogThreadDeps) {
    this.#deps = deps;
    this.#ticks = setInterval(() => this.#tick(), syncEveryMs).unref();
  }

  async take(message: ToLogThread): Promise<void> {
    if (this.#isStopped) return;
    switch (message.type) {
      case 'recipients':
        this.#recipients = message.recipients;
        this.#writer?.setRecipients(message.recipients);
        return;
      case 'batch':
        this.#waiting = message.batch;
        return this.#write();
      case 'stop':
        return this.#stop(message.rest);
    }
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    if (batch === undefined) return;
    clearTimeout(this.#retry);
    const { post, retryMs = defaultRetryMs } = this.#deps;
    try {
      const writer = (this.#writer ??= await this.#begin());
      const ended = writer.write(batch);
      this.#waiting = undefined;
      if (ended !== undefined) post({ type: 'closed', segment: ended });
      post({ type: 'written' });
    } catch (error) {
      if (!isDiskFailure(error) && codeOf(error) === undefined) throw error;
      post({ type: 'refused', code: codeOf(error) ?? 'unknown' });
      if (!this.#isStopped) this.#retry = setTimeout(() => void this.#write(), retryMs).unref();
    }
  }

  async #begin(): Promise<SegmentWriter> {
    const { dir, gateway, seed, run, live, now, disk, maxBytes } = this.#deps;
    await makeFolder(segmentsDir(dir));
    const before = await linksBefore(dir, live);
    return new SegmentWriter({
      dir,
      gateway,
      seed,
      run,
      recipients: this.#recipients,
      before,
      now,
      ...(disk === undefined ? {} : { disk }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  }

  #tick(): void {
    try {
      this.#writer?.sync();
      const ended = this.#writer?.endIfDue();
      if (ended !== undefined) this.#deps.post({ type: 'closed', segment: ended });
    } catch {
      // The next batch meets the same and says so.
    }
  }

  async #stop(rest: BatchTexts): Promise<void> {
    // No further try: what waits here goes with the rest.
    this.#isStopped = true;
    clearInterval(this.#ticks);
    await this.#write();
    const last = withLost(rest, this.#waiting);
    this.#waiting = isNothing(last) ? undefined : last;
    await this.#write();
    try {
      const ended = this.#writer?.end();
      if (ended !== undefined) this.#deps.post({ type: 'closed', segment: ended });
    } catch {
      // It stays one that was never closed, and readers take it so.
    }
    this.#deps.post({ type: 'stopped' });
  }
}

/** What is written instead of a batch that the disk did not take: its counts, and how many rows it had. */
function withLost(rest: BatchTexts, lost: BatchTexts | undefined): BatchTexts {
  if (lost === undefined) return rest;
  const counts = [lost.counts, rest.counts].filter((text) => text !== '').join(',');
  const rows = [...lost.dropped, { rows: lost.rowCount, why: 'disk' as const }, ...rest.dropped];
  const dropped: LogDrop[] = [];
  for (const why of new Set(rows.map((drop) => drop.why))) {
    const sum = rows.reduce((total, drop) => total + (drop.why === why ? drop.rows : 0), 0);
    if (sum > 0) dropped.push({ rows: sum, why });
  }
  return { ...rest, counts, dropped };
}

const isNothing = ({ rowCount, counts, dropped }: BatchTexts): boolean =>
  rowCount === 0 && counts === '' && dropped.length === 0;
