/** Runs work after all that was asked before it. The answer is the work's own, a failure included. */
export type RunExclusive = <T>(work: () => Promise<T> | T) => Promise<T>;

/**
 * Makes a queue in which asynchronous work runs one piece after the other, in the order in which it was asked for. A
 * piece that fails does not stop the next. Work that waits for the queue it runs in waits for ever.
 */
export function createExclusive(): RunExclusive {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T> | T): Promise<T> => {
    const next = last.then(work);
    // This side only orders; whoever asked gets the failure from `next`.
    last = next.catch(() => undefined);
    return next;
  };
}
