import { cpus } from 'node:os';

/** What the processors have done since the machine started, of all programs on it. */
export function processorTimes(of = cpus()) {
  const total = { busyMs: 0, allMs: 0 };
  for (const { times } of of) {
    const all = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    total.busyMs += all - times.idle;
    total.allMs += all;
  }
  return total;
}

/** How much of the processors was used between two of these times, from 0 to 1: what is left would be room for more. */
export function busyShare(before, after) {
  const allMs = after.allMs - before.allMs;
  return allMs > 0 ? (after.busyMs - before.busyMs) / allMs : 0;
}
