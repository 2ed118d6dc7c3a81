/**
 * What is done to a request log beside writing it: closed segments go into the store and are packed, and what is older
 * than it is to be kept goes. Invariant: a segment is packed after it was taken in, and retired after that, so that its
 * sums stay; one process of the folder does it at a time, and all of it can be killed and repeated.
 */
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Retention } from '../../shared/model/log-keeping.ts';
import { withFileLock } from '../disk/file-lock.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { packSegment, sweepSegments } from './pack-segments.ts';
import type { Retired } from './retire-segments.ts';
import { retireSegments } from './retire-segments.ts';
import { isRunOver } from './run-lock.ts';
import { listSegments } from './segment-files.ts';
import { FolderSegments } from './store/folder-segments.ts';
import type { RowStore } from './store/row-store.ts';

type Keeping = Pick<RowStore, 'index' | 'prune'>;

/**
 * Takes closed segments into the store, those of killed gateways among them, and packs them.
 * @param dir of the request log
 * @returns false: another process does it
 * @throws the system's error, or the store's
 */
export const takeIn = (dir: string, store: Keeping, signal?: AbortSignal): Promise<boolean> =>
  alone(dir, 0, () => takeInNow(dir, store, signal));

export type PruneOptions = {
  readonly signal?: AbortSignal;
  /** How long another process that does it is waited for; not at all where it is left out. */
  readonly patienceMs?: number;
};

/**
 * Takes away what is older than it is to be kept: rows, personal fields, sums; and what killed processes left.
 * @param dir of the request log
 * @returns what went; undefined: another process does it
 * @throws the system's error, or the store's
 */
export async function pruneLog(
  dir: string,
  store: Keeping,
  retention: Retention,
  nowMs: number,
  { signal, patienceMs = 0 }: PruneOptions = {},
): Promise<Retired | undefined> {
  let retired: Retired | undefined;
  await alone(dir, patienceMs, async () => {
    await takeInNow(dir, store, signal);
    retired = await retireSegments(dir, { ...retention, nowMs, ...(signal === undefined ? {} : { signal }) });
    await store.prune(retention, nowMs);
    await sweepSegments(dir, nowMs);
  });
  return retired;
}

async function takeInNow(dir: string, store: Keeping, signal?: AbortSignal): Promise<void> {
  const source = new FolderSegments(dir, { isRunOver: (segment) => isRunOver(dir, segment) });
  const plain = new Set(
    (await listSegments(dir)).filter(({ isPacked }) => !isPacked).map(({ name }) => name),
  );
  const closed = (await source.segments()).filter(({ isClosed }) => isClosed).map(({ name }) => name);
  signal?.throwIfAborted();
  await store.index(closed);
  for (const name of closed) {
    signal?.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop
    if (plain.has(name)) await packSegment(dir, name);
  }
}

/** @returns false: another process is at it */
async function alone(dir: string, giveUpAfterMs: number, work: () => Promise<void>): Promise<boolean> {
  await makeFolder(dir);
  try {
    await withFileLock(join(dir, 'keeping.lock'), { giveUpAfterMs }, work);
    return true;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code === 'VAULT_BUSY') return false;
    if (error.code !== 'LOCK_UNSUPPORTED') throw error;
    // Twice the work, and the same.
    await work();
    return true;
  }
}
