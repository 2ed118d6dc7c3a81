import type { ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';

/** A process that touches nothing is killed all the same. */
const longestMs = 5_000;

/**
 * Kills a process when it has touched the files of a folder a number of times, so that kills fall into every step,
 * however fast the computer is.
 * @param ended settles when the process is gone
 */
export async function killAfterTouches(
  child: ChildProcess,
  dir: string,
  touches: number,
  ended: Promise<unknown>,
): Promise<void> {
  let left = touches;
  const watcher = watch(dir, () => {
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), longestMs);
  await ended;
  clearTimeout(overdue);
  watcher.close();
}

/** From 1 to a number. */
export const randomCount = (most: number): number => 1 + Math.floor(Math.random() * most);
