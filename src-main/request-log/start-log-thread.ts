/** Starts the thread that writes: its source under a Node that takes types off, the bundle in a build. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromLogThread, LogThreadData, LogThreadPort } from './log-messages.ts';

/** It holds one batch of a megabyte, and as text a few times. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

export function startLogThread(data: LogThreadData): LogThreadPort {
  const worker = makeWorker(data);
  // The gateway ends when its channel closes, whatever is left to write.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', (message: FromLogThread) => listener(message)),
    onEnd: (listener) => {
      worker.on('error', listener);
      worker.on('exit', listener);
    },
    end: () => void worker.terminate(),
  };
}

function makeWorker(workerData: LogThreadData): Worker {
  const source = new URL('./log-worker.ts', import.meta.url);
  if (existsSync(source)) return new Worker(source, { execArgv: [], workerData, resourceLimits });
  // Its text and not its path: a thread does not see into Electron's archive.
  const bundle = fileURLToPath(new URL('./log-worker.cjs', import.meta.url));
  return new Worker(readFileSync(bundle, 'utf8'), { eval: true, workerData, resourceLimits });
}
