/**
 * Reads one document of an upstream or a folder in a worker while it comes in. Invariant: of a document that is not
 * complete, not what it should be or too large nothing is used; memory is bounded by one batch per document and by the
 * slots, whatever the upstream sends and however fast.
 */
import type { Readable } from 'node:stream';
import { UpstreamError } from '../types.ts';
import { decoderOf } from './codings.ts';
import type { FairSlots, Holder } from '../fair-slots.ts';
import type { DocumentJob, EndAnswer, PushAnswer, ReadProblem, ResultOf } from './jobs.ts';
import { releaseBytes } from '../release-bytes.ts';
import { NotAnIndexError } from './not-an-index.ts';
import type { UpstreamDeadline } from './upstream-deadline.ts';
import type { Lane, WorkerThreads } from './worker-threads.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** One step of a worker: some milliseconds. */
const batchBytes = 256 * 1024;
/** Longer ones are read few at a time: what comes of them is as large as they are. */
const smallBytes = 1024 * 1024;
/** A long document that brings less than `paceBytes` in this time gives way to those who wait for their turn. */
const paceMs = 10_000;
const paceBytes = 1024 * 1024;

export type ReadOptions<J extends DocumentJob> = {
  readonly threads: WorkerThreads;
  /** Turns of long documents. */
  readonly longSlots: FairSlots;
  /** Whose document it is, for the turns. */
  readonly owner: string;
  readonly job: J;
  readonly body: Readable;
  /** Content-Encoding of the body. */
  readonly coding: string | undefined;
  /** Nobody else ever looks at its chunks. */
  readonly ownsBody?: boolean;
  /** Of the document itself, decoded. */
  readonly maxBytes: number;
  /** What the worker wrote so far. A promise is waited for, so that a slow reader slows the document down. */
  readonly onPieces: (pieces: readonly Uint8Array[]) => Promise<void> | void;
  readonly signal?: AbortSignal;
  /** Stands while the document waits for its turn. */
  readonly deadline?: UpstreamDeadline;
};

export type ReadDocument<J extends DocumentJob> = { readonly result: ResultOf<J>; readonly bytes: number };

/** What came is not a document of its kind, or larger than such a one ever is. */
export class DocumentError extends UpstreamError {
  readonly problem: ReadProblem;

  constructor(problem: ReadProblem, cause: unknown) {
    super(502, reasons[problem], { cause, isOfPath: true });
    this.problem = problem;
  }
}

let nextId = 1;

/**
 * @throws UpstreamError when the body breaks off, is none of its kind, or is too large; BusyError
 */
export async function readDocument<J extends DocumentJob>(options: ReadOptions<J>): Promise<ReadDocument<J>> {
  const { threads, job, body, onPieces, maxBytes } = options;
  const lane = threads.lane();
  lane.load += 1;
  const document = new LaneDocument(lane, job, onPieces);
  let giveBack: (() => void) | undefined;
  let bytes = 0;
  const pace = { bytes: 0, atMs: 0 };
  /** Since when the document waits for the thread. */
  let pushedAtMs: number | undefined;
  const holder: Holder = {
    isStuck: () => pushedAtMs === undefined && performance.now() - pace.atMs > paceMs,
    cut: () => body.destroy(new UpstreamError(504, words.indexTooSlowForOthers)),
  };
  try {
    const batch = new Batch();
    const isOwned = options.ownsBody === true || !isPlain(options.coding);
    for await (const chunk of decoded(body, options.coding)) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw problem('too-large');
      if (bytes > smallBytes && giveBack === undefined) {
        options.deadline?.stop();
        giveBack = await options.longSlots.take(options.owner, options.signal, holder);
        options.deadline?.start();
        Object.assign(pace, { bytes, atMs: performance.now() });
      } else if (bytes - pace.bytes >= paceBytes) Object.assign(pace, { bytes, atMs: performance.now() });
      for (const full of batch.add(chunk)) {
        pushedAtMs = performance.now();
        await document.push(full);
        // A slow computer of ours is no slow upstream.
        pace.atMs += performance.now() - pushedAtMs;
        pushedAtMs = undefined;
      }
      // A copy of it is in the batch.
      if (isOwned) releaseBytes(chunk);
    }
    return { result: (await document.end(batch.rest())) as ResultOf<J>, bytes };
  } catch (error) {
    document.drop();
    body.destroy();
    if (error instanceof NotAnIndexError) throw problem('not-an-index', error);
    throw error;
  } finally {
    giveBack?.();
    lane.load -= 1;
  }
}

/** Steps of one document: the next one is prepared while the thread is at the last. */
class LaneDocument<J extends DocumentJob> {
  readonly #lane: Lane;
  readonly #job: J;
  readonly #onPieces: ReadOptions<J>['onPieces'];
  #id: number | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(lane: Lane, job: J, onPieces: ReadOptions<J>['onPieces']) {
    this.#lane = lane;
    this.#job = job;
    this.#onPieces = onPieces;
  }

  async push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#running;
    let id = this.#id;
    if (id === undefined) {
      id = nextId;
      nextId += 1;
      this.#id = id;
      await this.#lane.run('open', [id, this.#job]);
    }
    this.#running = this.#lane
      .run<PushAnswer>('push', [id, bytes], [bytes.buffer])
      .then(async (answer) => await this.#onPieces(checked(answer).pieces));
    // It is looked at with the next step; a failure is not lost, and not reported as lost.
    this.#running.catch(() => undefined);
  }

  async end(rest: Uint8Array<ArrayBuffer>): Promise<object> {
    let answer: EndAnswer<object>;
    if (this.#id === undefined) {
      answer = await this.#lane.run<EndAnswer<object>>('read', [this.#job, rest], [rest.buffer]);
    } else {
      await this.push(rest);
      await this.#running;
      answer = await this.#lane.run<EndAnswer<object>>('end', [this.#id]);
      this.#id = undefined;
    }
    const { pieces, result } = checked(answer);
    await this.#onPieces(pieces);
    return result;
  }

  drop(): void {
    // A thread that is gone has dropped it.
    if (this.#id !== undefined) this.#lane.run('drop', [this.#id]).catch(() => undefined);
  }
}

/** What comes is the body's own, and not made by a decoder. */
const isPlain = (coding: string | undefined): boolean =>
  ['', 'identity'].includes(coding?.trim().toLowerCase() ?? '');

/** Collects chunks into arrays that can be handed over. */
class Batch {
  #bytes = new Uint8Array(batchBytes);
  #filled = 0;

  *add(chunk: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + batchBytes - this.#filled);
      this.#bytes.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === batchBytes) {
        const full = this.#bytes;
        this.#bytes = new Uint8Array(batchBytes);
        this.#filled = 0;
        yield full;
      }
    }
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#filled);
  }
}

/** The body without its coding. Errors of the body are the upstream's, those of the decoder the document's. */
async function* decoded(body: Readable, coding: string | undefined): AsyncGenerator<Buffer> {
  let decoder;
  try {
    decoder = decoderOf(coding);
  } catch (error) {
    throw new NotAnIndexError('Unknown coding', { cause: error });
  }
  let broken: unknown;
  body.once('error', (error) => {
    broken = error;
    decoder?.destroy();
  });
  body.once('close', () => {
    if (!body.readableEnded) decoder?.destroy();
  });
  try {
    yield* (decoder === undefined ? body : body.pipe(decoder)) as AsyncIterable<Buffer>;
  } catch (error) {
    if (decoder !== undefined && broken === undefined && body.errored === null && !isCut(error))
      throw new NotAnIndexError('Bad coding', { cause: error });
    const cause = broken ?? body.errored ?? error;
    if (cause instanceof UpstreamError) throw cause;
    throw new UpstreamError(502, words.indexBrokeOff, { cause });
  } finally {
    decoder?.destroy();
  }
}

/** The decoder was destroyed because the body was. */
function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function checked<A extends PushAnswer | EndAnswer<object>>(answer: A): Extract<A, { ok: true }> {
  if (!answer.ok) throw problem(answer.problem, new Error(answer.why));
  return answer as Extract<A, { ok: true }>;
}

const reasons: Readonly<Record<ReadProblem, string>> = {
  'not-an-index': words.noIndex,
  'too-large': words.indexTooLarge,
};

function problem(kind: ReadProblem, cause?: unknown): DocumentError {
  return new DocumentError(kind, cause);
}
