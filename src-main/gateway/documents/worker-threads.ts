/**
 * Threads that read documents, so that the event loop does not. Invariant: a step of one document never waits for the
 * network or for a client; a thread that dies takes its documents with it and nothing else, and is replaced. What a
 * document may make of a thread's memory is bounded where it is read: V8 ends the whole process when an array or a
 * string does not fit, whatever limit a thread has.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import type { KnowledgeData } from '../../curation/knowledge-data.ts';
import type { KnownData } from './known-data.ts';
import { LaneSteps } from './lane-steps.ts';
import type { WorkerMethods } from './worker.ts';

/**
 * The worst documents at once take less than 300 (test/load/worker-heap.test.ts), a folder of 200,000 files 170, and 400
 * while it is looked through again.
 */
export const maxHeapMb = 640;
/** Objects of one step live no longer than it; with more, V8 grows to three times as much and keeps it. */
const maxYoungMb = 24;
/** Steps that wait for one thread. Those who wait for documents are bounded long before (documents.ts, fair-slots.ts). */
const maxQueuedSteps = 10_000;

export type Lane = {
  /** Documents that are being read on it. */
  load: number;
  run<Answer>(
    method: keyof WorkerMethods,
    parameters: unknown[],
    handedOver?: ArrayBuffer[],
  ): Promise<Answer>;
};

export class WorkerThreads {
  readonly #lanes: KnowingLane[];
  #knowledgeVersion = 0;

  /**
   * @param count one less than there are processors, as the event loop wants one
   * @param heapMb what one of them may take; less in a test, which shows that there is room
   */
  constructor(count: number = Math.min(4, Math.max(1, processors() - 1)), heapMb: number = maxHeapMb) {
    this.#lanes = Array.from({ length: count }, () => makeLane(heapMb));
  }

  /** The thread with the least to do. Steps of one document stay on one. */
  lane(): Lane {
    return this.#lanes.reduce((least, lane) => (lane.load < least.load ? lane : least));
  }

  /** The same for the same key, for what a thread remembers. */
  laneOf(key: string): Lane {
    let hash = 0;
    for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) >>> 0;
    return this.#lanes[hash % this.#lanes.length] ?? this.lane();
  }

  /** Which of all states of knowledge documents are judged by now; a document that is asked by another is not judged. */
  get knowledgeVersion(): number {
    return this.#knowledgeVersion;
  }

  /** What policies are judged by, for every document that is begun from now on. */
  know(data: KnowledgeData): void {
    this.#knowledgeVersion += 1;
    for (const lane of this.#lanes) lane.know({ version: this.#knowledgeVersion, data });
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

/** As workerpool says it of a step that it gave to nobody, because the thread had died before. */
const isUnseen = (error: unknown): boolean =>
  error instanceof workerpool.TerminateError && error.message === 'Worker is terminated';

type KnowingLane = Lane & { readonly close: () => void; readonly know: (given: KnownData) => void };

function makeLane(heapMb: number): KnowingLane {
  let pool: workerpool.Pool | undefined;
  /** Read by each thread that begins. */
  const first: { known?: KnownData } = {};
  /** What the thread was told, or began with. */
  let told: KnownData | undefined;
  const steps = new LaneSteps(maxQueuedSteps, async ({ method, parameters, handedOver }) => {
    if (pool === undefined) {
      // Started with the first document: a gateway of small folders never pays for it.
      pool = makePool(heapMb, first);
      told = first.known;
    }
    const running = pool;
    if (told !== first.known) {
      told = first.known;
      // Only now: of many changes between two steps the last one counts. A thread that died over it leaves its place to one
      // that begins with it; one that cannot be told fails at what comes next too.
      await running.exec('know', [told]).catch(() => undefined);
    }
    const run = () => running.exec(method, [...parameters], { transfer: handedOver });
    try {
      return await run();
    } catch (error) {
      if (isUnseen(error)) return await run();
      throw error;
    }
  });
  return {
    load: 0,
    async run<Answer>(method: keyof WorkerMethods, parameters: unknown[], handedOver: ArrayBuffer[] = []) {
      return (await steps.add({ method, parameters, handedOver })) as Answer;
    },
    know(given) {
      first.known = given;
    },
    close() {
      const running = pool;
      pool = undefined;
      steps.clear();
      // Nobody waits for what it was doing.
      running?.terminate(true).catch(() => undefined);
    },
  };
}

/**
 * One thread. What waits for it waits in lane-steps.ts: workerpool forgets its own queue when a thread dies. The source
 * under a Node that takes types off, the bundle in a build. The bundle's text is handed over instead of its path, because a
 * thread does not see into Electron's archive.
 */
function makePool(heapMb: number, workerData: object): workerpool.Pool {
  const source = new URL('./worker.ts', import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: maxYoungMb };
  const options = { workerType: 'thread', maxWorkers: 1 } as const;
  if (existsSync(source)) {
    const workerThreadOpts = { execArgv: [], resourceLimits, workerData };
    return workerpool.pool(fileURLToPath(source), { ...options, workerThreadOpts });
  }
  const bundle = fileURLToPath(new URL('./document-worker.cjs', import.meta.url));
  const workerThreadOpts = { eval: true, resourceLimits, workerData };
  return workerpool.pool(readFileSync(bundle, 'utf8'), { ...options, workerThreadOpts });
}

/** Node 18 knows how many it may use; before, how many there are. */
function processors(): number {
  return typeof availableParallelism === 'function' ? availableParallelism() : cpus().length;
}
