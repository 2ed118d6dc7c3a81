import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Collects as cheaply as the 128 MiB to which Node lets it grow while a large log is read, and never gives back. */
const youngBytes = 16 * 1024 * 1024;
/** Smaller ones may grow as they like: a command that is over in a second need not collect. */
const oldBytes = 64 * 1024 * 1024;
/**
 * By how much more than it needed after a collection the rest may grow until the next one. V8 lets it double and more,
 * and keeps freed pages: after 300,000 lines, 75 MiB more than with this.
 */
const growingPercent = 50;
const lookEveryMs = 50;

/**
 * Keeps V8's heap from growing further than it pays. For Node only: V8 in Electron has a smaller one, and flags that are
 * settled.
 */
export function boundHeapGrowth(): void {
  const bounds = [
    { space: 'new_space', bytes: youngBytes, flag: '--semi-space-growth-factor=1' },
    { space: 'old_space', bytes: oldBytes, flag: `--heap-growing-percent=${growingPercent}` },
  ];
  const timer = setInterval(() => {
    const spaces = getHeapSpaceStatistics();
    for (const bound of bounds.slice()) {
      const space = spaces.find(({ space_name: name }) => name === bound.space);
      if (space === undefined || space.space_size < bound.bytes) continue;
      setFlagsFromString(bound.flag);
      bounds.splice(bounds.indexOf(bound), 1);
    }
    if (bounds.length === 0) clearInterval(timer);
  }, lookEveryMs).unref();
}
