/**
 * What the gateway found out about its channels' upstreams, until it stops. Invariant: a problem stays until its own path
 * was answered well, so that one good page hides no bad one; that nobody answered at all is over with any answer. Bounded
 * by paths per channel, and by time.
 */
import type {
  ChannelHealth,
  CutDownloads,
  DropCause,
  Drops,
  UpstreamProblem,
} from '../../../shared/model/channel-health.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { ChannelResponse } from '../types.ts';
import { BusyError, UpstreamError } from '../types.ts';
import { redactPath } from '../redact.ts';

/** Beyond, the oldest is forgotten: a hostile client can ask for any number of paths. */
const maxProblems = 50;
/** What nobody asked for again since then is of no use to whoever looks. */
const knownForMs = 24 * 3_600_000;
const maxReasonChars = 300;
const maxHintChars = 600;

type Problem = UpstreamProblem & {
  readonly lastMs: number;
  readonly isStale: boolean;
  /** The upstream answered, or must not be asked: another path's answer says nothing of it. */
  readonly isOfPath: boolean;
};
type Entry = {
  checkedAtMs: number | undefined;
  /** By path; the latest last. */
  readonly problems: Map<string, Problem>;
  cuts: CutDownloads | undefined;
  /** By document. */
  readonly drops: Map<string, Drops>;
  /** Of all documents, of which there may be very many; told several times a second. */
  readonly sum: Partial<Record<DropCause, number>>;
};

export class HealthBook {
  readonly #now: () => number;
  readonly #entries = new Map<ChannelId, Entry>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An upstream gave this path, or said that it has none. */
  good(id: ChannelId, path: string): void {
    const entry = this.#entry(id);
    entry.checkedAtMs = this.#now();
    if (entry.problems.size === 0) return;
    entry.problems.delete(path);
    for (const [other, { isOfPath }] of entry.problems) if (!isOfPath) entry.problems.delete(other);
  }

  /** It did not. @param isStale what it said before is served */
  bad(id: ChannelId, path: string, error: UpstreamError, isStale = false): void {
    if (error instanceof BusyError) return;
    const { reason, hint, isOfPath } = error;
    this.note(id, path, { reason, hint, isStale, isOfPath });
  }

  /** The same, of something that is no error of an upstream. */
  note(
    id: ChannelId,
    path: string,
    told: { reason: string; hint?: string | undefined; isStale?: boolean; isOfPath?: boolean },
  ): void {
    const nowMs = this.#now();
    const entry = this.#entry(id);
    const before = entry.problems.get(path);
    entry.checkedAtMs = nowMs;
    entry.problems.delete(path);
    entry.problems.set(path, {
      reason: told.reason.slice(0, maxReasonChars),
      ...(told.hint === undefined ? {} : { hint: told.hint.slice(0, maxHintChars) }),
      // Of a request: whatever stands in it is shown to operators.
      path: redactPath(path),
      sinceMs: before?.sinceMs ?? nowMs,
      lastMs: nowMs,
      isStale: told.isStale ?? false,
      isOfPath: told.isOfPath ?? true,
    });
    const [oldest] = entry.problems.keys();
    if (entry.problems.size > maxProblems && oldest !== undefined) entry.problems.delete(oldest);
  }

  /**
   * Asks an upstream for something of a channel, and keeps what came of it.
   * @throws what `ask` throws
   */
  async watch<T>(id: ChannelId, path: string, ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.good(id, path);
      return answer;
    } catch (error) {
      if (error instanceof UpstreamError) this.bad(id, path, error);
      throw error;
    }
  }

  /** The same for a file: an upstream that begins well may yet break off. @throws what `ask` throws */
  async watchDownload<T extends ChannelResponse | undefined>(
    id: ChannelId,
    path: string,
    ask: () => Promise<T>,
  ): Promise<T> {
    const answer = await this.watch(id, path, ask);
    if (answer?.body.type !== 'stream') return answer;
    return { ...answer, body: { ...answer.body, onCut: () => this.#cut(id, path) } };
  }

  #cut(id: ChannelId, path: string): void {
    const entry = this.#entry(id);
    entry.cuts = { count: (entry.cuts?.count ?? 0) + 1, path: redactPath(path), lastMs: this.#now() };
  }

  /** How many links of a document were dropped; none when it is forgotten. */
  dropped(id: ChannelId, document: string, drops: Drops): void {
    const isNone = Object.keys(drops).length === 0;
    const entry = isNone ? this.#entries.get(id) : this.#entry(id);
    if (entry === undefined) return;
    add(entry.sum, entry.drops.get(document) ?? {}, -1);
    if (isNone) entry.drops.delete(document);
    else entry.drops.set(document, drops);
    add(entry.sum, drops, 1);
  }

  forget(id: ChannelId): void {
    this.#entries.delete(id);
  }

  /** Channels that something is known of. */
  ids(): ChannelId[] {
    return [...this.#entries.keys()];
  }

  of(id: ChannelId): ChannelHealth | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const { checkedAtMs, problems, drops, sum } = entry;
    const oldestMs = this.#now() - knownForMs;
    for (const [path, { lastMs }] of problems) if (lastMs < oldestMs) problems.delete(path);
    if (entry.cuts !== undefined && entry.cuts.lastMs < oldestMs) entry.cuts = undefined;
    const { cuts } = entry;
    if (checkedAtMs === undefined && drops.size === 0) return undefined;
    const all = [...problems.values()];
    const stale = all.flatMap(({ isStale, sinceMs }) => (isStale ? [sinceMs] : []));
    return {
      channelId: id,
      ...(checkedAtMs === undefined ? {} : { checkedAtMs }),
      ...shownOf(all.at(-1)),
      problems: all.length,
      ...(stale.length === 0 ? {} : { staleSinceMs: Math.min(...stale) }),
      ...(cuts === undefined ? {} : { cuts }),
      dropped: { ...sum },
    };
  }

  all(): ChannelHealth[] {
    return this.ids().flatMap((id) => this.of(id) ?? []);
  }

  #entry(id: ChannelId): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { checkedAtMs: undefined, problems: new Map(), cuts: undefined, drops: new Map(), sum: {} };
      this.#entries.set(id, entry);
    }
    return entry;
  }
}

function shownOf(problem: Problem | undefined): { readonly problem?: UpstreamProblem } {
  if (problem === undefined) return {};
  const { reason, hint, path, sinceMs } = problem;
  return { problem: { reason, ...(hint === undefined ? {} : { hint }), path, sinceMs } };
}

function add(sum: Entry['sum'], drops: Drops, sign: 1 | -1): void {
  for (const [cause, count] of Object.entries(drops) as [DropCause, number][]) {
    const now = (sum[cause] ?? 0) + sign * count;
    if (now > 0) sum[cause] = now;
    else delete sum[cause];
  }
}
