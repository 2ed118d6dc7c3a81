/** Work that is cut into steps, each of a few milliseconds at most, by a generator that yields between them. */
import { setImmediate as breath } from 'node:timers/promises';

export type Steps<T> = Generator<void, T>;

/** How long the event loop is held before others get their turn. */
const holdMs = 15;

/** All of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** All of it, with the event loop free now and then; what takes no time does not wait either. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (let heldSinceMs = performance.now(); ;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    if (performance.now() - heldSinceMs < holdMs) continue;
    await breath();
    heldSinceMs = performance.now();
  }
}
