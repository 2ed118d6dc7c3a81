/**
 * A stream of lines, each checked as far as it can be alone; in threads of their own when there are many. Invariant:
 * order is kept, memory is bounded (a few batches under way), and the answers are the same with and without threads.
 */
import { setImmediate as breath } from 'node:timers/promises';
import type { AuthorityState } from './authority-state.ts';
import { signerOf } from './authority.ts';
import type { StoredLine } from './backend.ts';
import { CheckPool } from './check-pool.ts';
import type { CheckedLine } from './line-check.ts';
import { checkLine } from './line-check.ts';
import { lockedError } from './locked-error.ts';
import type { VerifyKeys } from './sign.ts';

/** Starting a thread takes as long as checking this many lines. */
const linesBeforeWorkers = 500;
/** Small, so that the threads' memory stays small; large enough that talking costs nothing. */
const batchLines = 64;
const batchChars = 256 * 1024;
/** Longer ones are checked by the main thread: they would not fit into a thread's heap several times. */
const charsForWorkers = 4 * 1024 * 1024;
/** Bounds memory when lines are long; a single one may have 64 MiB. */
const charsUnderWay = 16 * 1024 * 1024;
/** How long the event loop is held before others get their turn. */
const holdMs = 15;

export type CheckedItem = { readonly stored: StoredLine; readonly checked: CheckedLine };

export type CheckOptions = {
  readonly keys: VerifyKeys;
  /** The newest that is known while lines are read. */
  readonly authority: () => AuthorityState | undefined;
  readonly orgKey: () => Uint8Array | undefined;
  readonly workers: number;
  /** Ends the threads and the reading, also while nobody asks for more. */
  readonly signal?: AbortSignal;
};

/** Lines with what was found; what a batch could not know yet (a new signer) is left to the caller. */
export async function* checkLines(
  lines: AsyncIterable<StoredLine>,
  options: CheckOptions,
): AsyncGenerator<readonly CheckedItem[]> {
  const iterator = lines[Symbol.asyncIterator]();
  const { signal } = options;
  // Whoever reads may have stopped asking: then nothing else closes the file.
  const endReading = () => void iterator.return?.();
  signal?.addEventListener('abort', endReading, { once: true });
  try {
    yield* checkAlone(iterator, options, options.workers > 0 ? linesBeforeWorkers : Infinity);
    const ahead = await nextBatch(iterator);
    if (ahead.length > 0) yield* checkInWorkers(iterator, options, ahead);
    // What was ended is not the end of the log.
    requireOpen(signal);
  } finally {
    signal?.removeEventListener('abort', endReading);
    await iterator.return?.();
  }
}

async function* checkAlone(
  iterator: AsyncIterator<StoredLine>,
  options: CheckOptions,
  most: number,
): AsyncGenerator<readonly CheckedItem[]> {
  let heldSinceMs = performance.now();
  for (let count = 0; count < most; count += 1) {
    const next = await iterator.next();
    if (next.done === true) return;
    requireOpen(options.signal);
    yield [alone(next.value, options)];
    if (performance.now() - heldSinceMs < holdMs) continue;
    await breath();
    heldSinceMs = performance.now();
  }
}

function alone(stored: StoredLine, options: CheckOptions): CheckedItem {
  const authority = options.authority();
  const checked = checkLine(stored.line, {
    keys: options.keys,
    keyOf: (kid, signer, names) =>
      authority === undefined ? names?.signKey : signerOf(authority, kid, signer)?.key,
    orgKey: options.orgKey(),
  });
  return { stored, checked };
}

/** @throws LatchkeyError VAULT_LOCKED */
function requireOpen(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw lockedError();
}

type Batch = readonly StoredLine[];

async function* checkInWorkers(
  iterator: AsyncIterator<StoredLine>,
  options: CheckOptions,
  first: Batch,
): AsyncGenerator<readonly CheckedItem[]> {
  const pool = new CheckPool(options.workers);
  const { signal } = options;
  const giveUp = () => pool.giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  const underWay: { readonly items: Promise<readonly CheckedItem[]>; readonly chars: number }[] = [];
  let chars = 0;
  const start = (batch: Batch) => {
    const size = charsOf(batch);
    const found =
      size > charsForWorkers ? Promise.resolve([]) : pool.check(batch, options.authority(), options.orgKey());
    const items = found.then((checked) => {
      requireOpen(signal);
      return batch.map((stored, index) => itemOf(stored, checked[index], options));
    });
    // Awaited in its turn; a failure before that is no unhandled one.
    items.catch(() => undefined);
    underWay.push({ items, chars: size });
    chars += size;
  };
  try {
    for (let batch = first; ;) {
      while (batch.length > 0 && underWay.length < 2 * options.workers && chars < charsUnderWay) {
        start(batch);
        batch = await nextBatch(iterator);
      }
      const oldest = underWay.shift();
      if (oldest === undefined) return;
      yield await oldest.items;
      chars -= oldest.chars;
      // When the threads are quicker than whoever goes along the chain, nothing else would get a turn.
      await breath();
    }
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await pool.close();
  }
}

const itemOf = (stored: StoredLine, found: CheckedLine | undefined, options: CheckOptions): CheckedItem =>
  found === undefined ? alone(stored, options) : { stored, checked: found };

async function nextBatch(iterator: AsyncIterator<StoredLine>): Promise<Batch> {
  const batch: StoredLine[] = [];
  for (let chars = 0; batch.length < batchLines && chars < batchChars;) {
    const next = await iterator.next();
    if (next.done === true) break;
    batch.push(next.value);
    chars += next.value.line.length;
  }
  return batch;
}

const charsOf = (batch: Batch): number => batch.reduce((sum, { line }) => sum + line.length, 0);
