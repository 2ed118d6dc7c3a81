/**
 * Threads that check lines. Invariant: a thread knows public keys and the key of the events, never a private one, and
 * ends with the work; what it cannot do (it does not start, it fails) comes back undone, and the caller does it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { AuthorityState } from './authority-state.ts';
import type { StoredLine } from './backend.ts';
import type { CheckAnswer, CheckRequest } from './check-messages.ts';
import type { CheckedLine } from './line-check.ts';
import { kidOf } from './sign.ts';

/** A batch is a hundred kilobytes. Without limits a thread's heap grows to a hundred times that before it is swept. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

type Thread = {
  readonly worker: Worker;
  readonly waiting: Map<number, (checked: readonly CheckedLine[]) => void>;
  /** The operators that it was told of. */
  operators: AuthorityState['operators'] | undefined;
  hasOrgKey: boolean;
  isGone: boolean;
};

export class CheckPool {
  readonly #threads: Thread[] = [];
  #nextId = 0;

  constructor(count: number) {
    const start = threadSource();
    if (start === undefined) return;
    for (let index = 0; index < count; index += 1) this.#threads.push(startThread(start()));
  }

  /** One answer per line; none at all when the thread failed. */
  check(
    batch: readonly StoredLine[],
    authority: AuthorityState | undefined,
    orgKey: Uint8Array | undefined,
  ): Promise<readonly CheckedLine[]> {
    const [thread] = this.#threads
      .filter(({ isGone }) => !isGone)
      .sort((a, b) => a.waiting.size - b.waiting.size);
    if (thread === undefined) return Promise.resolve([]);
    const id = this.#nextId;
    this.#nextId += 1;
    const request: CheckRequest = {
      id,
      lines: batch.map(({ line }) => line),
      ...(thread.operators === authority?.operators ? {} : { signers: signersOf(authority) }),
      ...(thread.hasOrgKey || orgKey === undefined ? {} : { orgKey }),
    };
    thread.operators = authority?.operators;
    thread.hasOrgKey ||= orgKey !== undefined;
    return new Promise((resolve) => {
      thread.waiting.set(id, resolve);
      thread.worker.postMessage(request);
    });
  }

  /** Ends the threads at once; who waits gets nothing. */
  giveUp(): void {
    for (const { worker } of this.#threads) void worker.terminate();
  }

  async close(): Promise<void> {
    const threads = this.#threads.splice(0);
    // Nobody waits any more; answering would only make somebody do the work.
    for (const { waiting } of threads) waiting.clear();
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

function startThread(worker: Worker): Thread {
  const thread: Thread = {
    worker,
    waiting: new Map(),
    operators: undefined,
    hasOrgKey: false,
    isGone: false,
  };
  worker.on('message', ({ id, checked }: CheckAnswer) => {
    thread.waiting.get(id)?.(checked);
    thread.waiting.delete(id);
  });
  const giveUp = () => {
    thread.isGone = true;
    for (const answer of thread.waiting.values()) answer([]);
    thread.waiting.clear();
  };
  // Whatever it died of: its lines are checked by the caller, who meets the same error if it is one.
  worker.on('error', giveUp);
  worker.on('exit', giveUp);
  return thread;
}

/**
 * The worker beside this file: the source under a Node that takes types off, the bundle in a build. The bundle's text is
 * handed over instead of its path, because a thread does not see into Electron's archive. Undefined where somebody
 * copied a part of a build without it.
 */
function threadSource(): (() => Worker) | undefined {
  const source = new URL('./check-worker.ts', import.meta.url);
  if (existsSync(source)) return () => new Worker(source, { execArgv: [], resourceLimits });
  const bundle = fileURLToPath(new URL('./check-worker.cjs', import.meta.url));
  if (!existsSync(bundle)) return undefined;
  const text = readFileSync(bundle, 'utf8');
  return () => new Worker(text, { eval: true, resourceLimits });
}

function signersOf(authority: AuthorityState | undefined): readonly (readonly [string, OkpPublicKey])[] {
  return [...(authority?.operators ?? [])].map(([id, { keyNo, signKey }]) => [kidOf(id, keyNo), signKey]);
}
