/** The store of a request log on its thread: what services and the command line open. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RowStore } from './row-store.ts';
import { StoreThread, storeThreadLimits } from './store-thread.ts';

export type StoreWorkerData = {
  readonly dir: string;
  readonly queryMs: number;
  /** Whoever else needs the processor comes first, where the system can do that for a thread. */
  readonly isBackground: boolean;
};

/** At 50 million rows the slowest takes a few. */
const queryMs = 20_000;

/**
 * Nothing is started before the first question; a thread that nobody asks for a minute ends.
 * @param dir of the request log; the databases are in its folder `store`, which need not be there
 * @param isBackground nobody waits for it: a gateway's, which only takes segments in
 */
export function openStoreThread(dir: string, { isBackground = false } = {}): RowStore {
  const workerData: StoreWorkerData = { dir, queryMs, isBackground };
  return new StoreThread(() => startWorker(workerData), queryMs);
}

/**
 * The source under a Node that takes types off, the bundle in a build, whose text is handed over instead of its path,
 * because a thread does not see into Electron's archive.
 */
function startWorker(workerData: StoreWorkerData): Worker {
  const options = { workerData, resourceLimits: storeThreadLimits };
  const source = new URL('./store-worker.ts', import.meta.url);
  if (existsSync(source)) return new Worker(source, { ...options, execArgv: [] });
  const bundle = fileURLToPath(new URL('./log-store-worker.cjs', import.meta.url));
  return new Worker(readFileSync(bundle, 'utf8'), { ...options, eval: true });
}
