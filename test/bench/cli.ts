/** How long a person waits for the command line itself: starts that open no vault. The goal: help within 150 ms. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { print } from './print.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'main', 'cli.cjs');
const runs = 21;

function medianMs(args: readonly string[]): number {
  const times = Array.from({ length: runs }, () => {
    const startedAtMs = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - startedAtMs;
  });
  return times.toSorted((a, b) => a - b)[(runs - 1) / 2] ?? 0;
}

console.log(`\nStart of the command line, median of ${runs}`);
print('what', 'ms', 'goal');
print('node -e 0', medianMs(['-e', '0']).toFixed(0), '');
print('latchkey --help', medianMs([cli, '--help']).toFixed(0), '150');
print('latchkey complete -- token', medianMs([cli, 'complete', '--', 'token', '']).toFixed(0), '150');
