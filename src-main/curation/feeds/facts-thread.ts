/** Starts a thread per job (facts-worker.ts): jobs are rare and long, so none is kept. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Compiled, CompileJob } from './compile.ts';
import type { FeedProblem } from './problem.ts';
import { FeedError } from './problem.ts';
import type { ReadFeed, ReadFeedJob } from './read-feed.ts';

export type FactsJob =
  ({ readonly type: 'read' } & ReadFeedJob) | ({ readonly type: 'compile' } & CompileJob);
export type FactsAnswer =
  | { readonly ok: true; readonly type: 'read'; readonly result: ReadFeed }
  | { readonly ok: true; readonly type: 'compile'; readonly result: Compiled }
  | { readonly ok: false; readonly problem: FeedProblem };

/** All of PyPI takes 300 MB and half a minute on one slow core. */
const resourceLimits = { maxOldGenerationSizeMb: 1536, maxYoungGenerationSizeMb: 32 };
const endsWithinMs = 15 * 60_000;

/**
 * @param signal ends it
 * @throws FeedError; whatever the signal was aborted with
 */
export async function readFeedInThread(job: ReadFeedJob, signal: AbortSignal): Promise<ReadFeed> {
  const answer = await run({ type: 'read', ...job }, job.path, signal);
  if (answer.ok && answer.type === 'read') return answer.result;
  throw new Error('the thread answered something else');
}

/** @throws FeedError; whatever the signal was aborted with */
export async function compileInThread(job: CompileJob, signal: AbortSignal): Promise<Compiled> {
  const answer = await run({ type: 'compile', ...job }, job.toPath, signal);
  if (answer.ok && answer.type === 'compile') return answer.result;
  throw new Error('the thread answered something else');
}

function run(job: FactsJob, place: string, signal: AbortSignal): Promise<Extract<FactsAnswer, { ok: true }>> {
  signal.throwIfAborted();
  const worker = startThread(job);
  return new Promise<Extract<FactsAnswer, { ok: true }>>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new FeedError('too-slow', place, `longer than ${endsWithinMs / 60_000} minutes`)),
      endsWithinMs,
    );
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    worker.once('message', (answer: FactsAnswer) => {
      settle();
      if (answer.ok) resolve(answer);
      else reject(new FeedError(answer.problem.code, answer.problem.place, answer.problem.detail));
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new FeedError('too-much-memory', place) : error);
    });
    worker.once('exit', () => {
      settle();
      // After an answer this says nothing any more.
      reject(new FeedError('broken', place, 'the thread ended'));
    });
  }).finally(() => void worker.terminate());
}

/**
 * The source under a Node that takes types off, the bundle in a build, whose text is handed over instead of its path,
 * because a thread does not see into Electron's archive.
 */
function startThread(job: FactsJob): Worker {
  const options = { workerData: job, resourceLimits };
  const source = new URL('./facts-worker.ts', import.meta.url);
  if (existsSync(source)) return new Worker(source, { ...options, execArgv: [] });
  const bundle = fileURLToPath(new URL('./facts-worker.cjs', import.meta.url));
  return new Worker(readFileSync(bundle, 'utf8'), { ...options, eval: true });
}
