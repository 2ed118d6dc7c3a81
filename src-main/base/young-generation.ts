import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Collects as cheaply as the 128 MiB to which Node lets it grow while a large log is read, and never gives back. */
const boundBytes = 16 * 1024 * 1024;
const lookEveryMs = 50;

/**
 * Keeps the part of V8's heap where objects begin from growing further than it pays. For Node only: V8 in Electron has a
 * smaller one, and flags that are settled.
 */
export function boundYoungGeneration(): void {
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (young === undefined || young.space_size < boundBytes) return;
    clearInterval(timer);
    setFlagsFromString('--semi-space-growth-factor=1');
  }, lookEveryMs).unref();
}
