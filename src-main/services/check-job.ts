/**
 * A check that takes a while, as a job: one at a time, with progress, until it is done, cancelled, or the vault is locked.
 * Invariant: only the one that was begun last is told of, and no more often than people read.
 */
import { LatchkeyError } from '../../shared/errors.ts';
import { codeOf } from '../disk/disk-error.ts';

const tellEveryMs = 250;

type View = {
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly problem?: string | undefined;
};
type Progress<V> = (part: Partial<V>) => void;
type Job<V> = { view: V; readonly abort: AbortController };

export type CheckJobOptions<V extends View> = {
  readonly idle: V;
  readonly now: () => number;
  readonly tell: (view: V) => void;
  /** Why it could not be done, where that is not an error in our words. */
  readonly problem: string;
};

export class CheckJob<V extends View> {
  readonly #options: CheckJobOptions<V>;
  #job: Job<V> | undefined;

  constructor(options: CheckJobOptions<V>) {
    this.#options = options;
  }

  get view(): V {
    return this.#job?.view ?? this.#options.idle;
  }

  /** Begins one, unless one runs. @param check what it found, as the view says it; its state with it */
  begin(first: Partial<V>, check: (progress: Progress<V>, signal: AbortSignal) => Promise<Partial<V>>): V {
    if (this.view.state === 'running') return this.view;
    const view: V = { ...this.#options.idle, ...first, state: 'running' };
    const job: Job<V> = { view, abort: new AbortController() };
    this.#job = job;
    void this.#run(job, check);
    return view;
  }

  cancel(): V {
    this.#job?.abort.abort();
    return this.view;
  }

  /** Ends what runs, and forgets what was found. */
  stop(): void {
    this.#job?.abort.abort();
    this.#job = undefined;
  }

  async #run(job: Job<V>, check: Parameters<CheckJob<V>['begin']>[1]): Promise<void> {
    const { now, problem } = this.#options;
    const { signal } = job.abort;
    let toldAtMs = 0;
    try {
      const found = await check((part) => {
        job.view = { ...job.view, ...part };
        if (now() - toldAtMs < tellEveryMs) return;
        toldAtMs = now();
        this.#show(job, {});
      }, signal);
      signal.throwIfAborted();
      this.#show(job, { state: 'done', ...found });
    } catch (error) {
      if (signal.aborted || isEnded(error)) return this.#show(job, { state: 'cancelled' } as Partial<V>);
      const why = error instanceof LatchkeyError ? error.message : problem;
      this.#show(job, { state: 'failed', problem: why } as Partial<V>);
      // A bug.
      if (!(error instanceof LatchkeyError) && codeOf(error) === undefined) throw error;
    }
  }

  #show(job: Job<V>, part: Partial<V>): void {
    job.view = { ...job.view, ...part };
    if (this.#job === job) this.#options.tell(job.view);
  }
}

const isEnded = (error: unknown): boolean =>
  error instanceof LatchkeyError && (error.code === 'CANCELLED' || error.code === 'VAULT_LOCKED');
