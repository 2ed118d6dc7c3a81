/**
 * Answers on a thread's port. Questions take turns, so that each has its own time, however many ask at once; between the
 * segments that are taken in, they have theirs.
 */
import type { MessagePort } from 'node:worker_threads';
import { LatchkeyError, toWireError } from '../../../shared/errors.ts';
import type { RowStore } from './row-store.ts';
import type { StoreAnswer, StoreRequest } from './store-calls.ts';
import { takesLong } from './store-calls.ts';

export function serveStore(port: MessagePort, store: RowStore): void {
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', ({ id, method, args }: StoreRequest) => {
    // The arguments of a method are those that its name was sent with; TypeScript cannot follow that.
    const ask = () =>
      (store[method] as (...given: readonly unknown[]) => Promise<unknown>).apply(store, [...args]);
    const asked = takesLong.has(method) ? ask() : last.then(ask);
    if (!takesLong.has(method)) last = asked.catch(() => undefined);
    void asked.then(
      (value) => port.postMessage({ id, ok: true, value } satisfies StoreAnswer),
      (error: unknown) => port.postMessage(failureOf(id, error)),
    );
  });
}

const failureOf = (id: number, error: unknown): StoreAnswer =>
  error instanceof LatchkeyError
    ? { id, ok: false, error: toWireError(error) }
    : { id, ok: false, kind: error instanceof Error ? error.name : typeof error };
