/**
 * The store on a thread of its own, so that no query runs on an event loop. Invariant: a question is answered, or ended
 * with an error that says so, within its time, which begins with its turn; a thread that answers nothing for so long, or
 * has no memory, is ended, and the next question starts another. What it was taking in is repeated by whoever does that next.
 */
import type { Worker } from 'node:worker_threads';
import { fromWireError, LatchkeyError } from '../../../shared/errors.ts';
import { tooLarge, tooSlow } from './limits.ts';
import type { RowStore } from './row-store.ts';
import type { StoreAnswer, StoreCalls, StoreMethod } from './store-calls.ts';
import { takesLong } from './store-calls.ts';

/** Half a million groups take 200 MB. */
export const storeThreadLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };
/** The thread ends a query itself, between two steps; this is for a step that does not end. */
const graceMs = 5_000;
/** Databases are closed, and their memory given back. */
const idleMs = 60_000;
type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly takesLong: boolean;
};

export class StoreThread implements RowStore {
  readonly #start: () => Worker;
  readonly #queryMs: number;
  readonly #idleMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** While somebody waits for an answer; begins anew with each. */
  #stuck: NodeJS.Timeout | undefined;
  #nextId = 0;

  /**
   * @param start makes the thread, which serves a store (`serveStore`), with `storeThreadLimits`
   * @param queryMs of the store; after it and a grace the thread is ended
   */
  constructor(
    start: () => Worker,
    queryMs: number,
    changes: { readonly idleMs?: number; readonly graceMs?: number } = {},
  ) {
    this.#start = start;
    this.#queryMs = queryMs + (changes.graceMs ?? graceMs);
    this.#idleMs = changes.idleMs ?? idleMs;
  }

  index = this.#method('index');
  rows = this.#method('rows');
  whoHas = this.#method('whoHas');
  installed = this.#method('installed');
  refusals = this.#method('refusals');
  clients = this.#method('clients');
  indexUse = this.#method('indexUse');
  tokenUses = this.#method('tokenUses');
  droppedRows = this.#method('droppedRows');
  sizes = this.#method('sizes');
  prune = this.#method('prune');

  /** Whoever waits gets CANCELLED. */
  close(): void {
    this.#end(new LatchkeyError('CANCELLED', ['logClosed']));
  }

  #method<M extends StoreMethod>(method: M): StoreCalls[M] {
    // Arguments and answer are those of the method of this name; TypeScript cannot follow that.
    return ((...args: readonly unknown[]) => this.#ask(method, args)) as StoreCalls[M];
  }

  #ask(method: StoreMethod, args: readonly unknown[]): Promise<unknown> {
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#begin();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, takesLong: takesLong.has(method) });
      if (this.#stuck === undefined) this.#watch();
      worker.postMessage({ id, method, args });
      worker.ref();
    });
  }

  #begin(): Worker {
    const worker = this.#start();
    this.#worker = worker;
    const isOurs = () => this.#worker === worker;
    worker.on('message', (answer: StoreAnswer) => isOurs() && this.#settle(answer));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (isOurs()) this.#end(isFull ? tooLarge() : error);
    });
    worker.on('exit', () => isOurs() && this.#end(new Error('The thread of the request log ended.')));
    return worker;
  }

  #settle(answer: StoreAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (waiting?.takesLong === false) this.#watch();
    if (answer.ok) waiting?.resolve(answer.value);
    else if ('error' in answer) waiting?.reject(fromWireError(answer.error));
    else waiting?.reject(new Error(`The request log failed: ${answer.kind}.`));
    if (this.#waiting.size > 0) return;
    // Nobody waits: it keeps no process alive.
    this.#worker?.unref();
    this.#idle = setTimeout(() => this.#end(new LatchkeyError('CANCELLED', ['logClosed'])), this.#idleMs);
    this.#idle.unref();
  }

  #watch(): void {
    clearTimeout(this.#stuck);
    const isAsked = [...this.#waiting.values()].some((waiting) => !waiting.takesLong);
    const end = () => this.#end(tooSlow(Math.round(this.#queryMs / 1000)));
    this.#stuck = isAsked ? setTimeout(end, this.#queryMs) : undefined;
  }

  #end(reason: unknown): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#stuck);
    this.#stuck = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }
}
