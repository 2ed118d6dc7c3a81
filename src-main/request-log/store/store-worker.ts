/**
 * A thread that answers questions to the request log. Invariant: it writes the databases alone, never a segment, and knows
 * no key. Runs on its own, in Electron's oldest Node too, where it has no SQLite and reads segments.
 */
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { FolderSegments } from './folder-segments.ts';
import { openRowStore } from './log-store.ts';
import { serveStore } from './serve-store.ts';
import type { StoreWorkerData } from './open-store-thread.ts';

const { dir, queryMs, isBackground } = workerData as StoreWorkerData;

// Linux has it by thread (setpriority(2)), others by process.
if (isBackground && process.platform === 'linux') {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox forbids it: then it has its share like all others.
  }
}

if (parentPort !== null)
  serveStore(parentPort, openRowStore({ dir: join(dir, 'store'), source: new FolderSegments(dir), queryMs }));
