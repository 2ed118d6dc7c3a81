/** Answers on a thread's port. Queries take turns at each segment that is read or taken in. */
import type { MessagePort } from 'node:worker_threads';
import { LatchkeyError, toWireError } from '../../../shared/errors.ts';
import type { RowStore } from './row-store.ts';
import type { StoreAnswer, StoreRequest } from './store-calls.ts';

export function serveStore(port: MessagePort, store: RowStore): void {
  port.on('message', ({ id, method, args }: StoreRequest) => {
    // The arguments of a method are those that its name was sent with; TypeScript cannot follow that.
    const asked = (store[method] as (...given: readonly unknown[]) => Promise<unknown>).apply(store, [
      ...args,
    ]);
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
