import os from 'node:os';

/** How many processors this process may use. Electron's older Node does not know the question. */
export function availableParallelism(): number {
  return typeof os.availableParallelism === 'function' ? os.availableParallelism() : os.cpus().length;
}
