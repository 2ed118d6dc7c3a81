/**
 * A thread that reads a feed, or makes one file of all, and ends. Invariant: whatever a feed holds, it costs at most this
 * thread. Runs on its own, in Electron's oldest Node too.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { FactsJob, FactsAnswer } from './facts-thread.ts';
import { compileFacts } from './compile.ts';
import { FeedError } from './problem.ts';
import { readFeed } from './read-feed.ts';

async function work(job: FactsJob): Promise<FactsAnswer> {
  try {
    return job.type === 'read'
      ? { ok: true, type: 'read', result: await readFeed(job) }
      : { ok: true, type: 'compile', result: await compileFacts(job) };
  } catch (error) {
    if (error instanceof FeedError) return { ok: false, problem: error.problem };
    if (error instanceof LatchkeyError)
      return { ok: false, problem: new FeedError('not-written', job.toPath, error.message).problem };
    // A bug, or a kept file that is damaged: only its kind, as its message may quote what was read.
    const kind = error instanceof Error ? error.name : typeof error;
    return { ok: false, problem: new FeedError('broken', job.toPath, kind).problem };
  }
}

void work(workerData as FactsJob).then((answer) => parentPort?.postMessage(answer));
