/** The thread's entry: see log-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LogThreadData, ToLogThread } from './log-messages.ts';
import { LogThread } from './log-thread.ts';

const port = parentPort;
if (port !== null) {
  const thread = new LogThread({
    ...(workerData as LogThreadData),
    now: Date.now,
    post: (message) => port.postMessage(message),
  });
  let last: Promise<void> = Promise.resolve();
  // One after the other: what is thrown ends the thread, and the gateway starts another one.
  port.on('message', (message: ToLogThread) => {
    last = last.then(() => thread.take(message));
  });
}
