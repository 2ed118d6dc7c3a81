/**
 * What is done to a request log beside writing it: closed segments go into the store and are packed, and what is older
 * than it is to be kept goes. Invariant: a segment is packed, or put aside where it is damaged, after it was taken in, and
 * retired after that, so that its sums stay; one process of the folder does it at a time, and all of it can be killed and repeated.
 */
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Retention } from '../../shared/model/log-keeping.ts';
import { maxBytesOf } from '../../shared/model/log-keeping.ts';
import { withFileLock } from '../disk/file-lock.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { MadeRoom } from './make-room.ts';
import { makeRoom } from './make-room.ts';
import { packSegment, sweepSegments } from './pack-segments.ts';
import type { TellDamaged } from './put-aside.ts';
import { putAside } from './put-aside.ts';
import type { RetiredSigner } from './retired-file.ts';
import { shortenRetired } from './retired-file.ts';
import type { Retired } from './retire-segments.ts';
import { retireSegments } from './retire-segments.ts';
import { isRunOver } from './run-lock.ts';
import { listSegments } from './segment-files.ts';
import { FolderSegments } from './store/folder-segments.ts';
import type { RowStore } from './store/row-store.ts';

type Keeping = Pick<RowStore, 'index' | 'prune'>;

export type KeepOptions = {
  /** Who says what went. */
  readonly signer?: RetiredSigner | undefined;
  readonly signal?: AbortSignal;
  /** Something went because there was no more room. */
  readonly onRoom?: (made: MadeRoom) => void;
  /** A segment of which not all could be read; what could answers, and so do the others. */
  readonly onDamaged?: TellDamaged;
  /** How long another process that does it is waited for; not at all where it is left out. */
  readonly patienceMs?: number;
};

/**
 * Takes closed segments into the store, those of killed gateways among them, and packs them.
 * @param dir of the request log
 * @param room of the organization, where it is known: what there is no room for goes
 * @returns false: another process does it
 * @throws the system's error, or the store's
 */
export const takeIn = (
  dir: string,
  store: Keeping,
  options: KeepOptions = {},
  room?: { readonly retention: Retention; readonly nowMs: number },
): Promise<boolean> =>
  alone(dir, options.patienceMs ?? 0, async () => {
    const taken = await takeInNow(dir, store, options);
    if (room !== undefined) await keepRoom(dir, store, room.retention, room.nowMs, { ...options, ...taken });
    if (taken.problem !== undefined) throw taken.problem;
  });

/**
 * Puts segments aside that were found damaged; none where another process keeps the log for longer than it is waited for.
 * @param dir of the request log
 * @throws the system's error
 */
export async function putDamagedAside(
  dir: string,
  names: readonly string[],
  { onDamaged = ignore, patienceMs = 0 }: Pick<KeepOptions, 'onDamaged' | 'patienceMs'>,
): Promise<void> {
  if (names.length > 0) await alone(dir, patienceMs, () => putAside(dir, names, onDamaged));
}

export type Pruned = Retired & {
  /** What went because the log was as large as it may be; not among the others. */
  readonly forRoom?: MadeRoom;
};

/**
 * Takes away what is older than it is to be kept: rows, personal fields, sums; and what killed processes left.
 * @param dir of the request log
 * @param nowMs a time that is believed (keeping-clock.ts)
 * @returns what went; undefined: another process does it
 * @throws the system's error, or the store's
 */
export async function pruneLog(
  dir: string,
  store: Keeping,
  retention: Retention,
  nowMs: number,
  options: KeepOptions = {},
): Promise<Pruned | undefined> {
  let pruned: Pruned | undefined;
  await alone(dir, options.patienceMs ?? 0, async () => {
    const taken = await takeInNow(dir, store, options);
    // A disk that is full takes nothing in, and needs the room all the more.
    const unreadable: string[] = [];
    const onUnreadable = (name: string) => unreadable.push(name);
    const retired = await retireSegments(dir, { ...options, ...taken, ...retention, nowMs, onUnreadable });
    let problem = taken.problem;
    await putAside(dir, unreadable, options.onDamaged ?? ignore).catch((error: Error) => (problem ??= error));
    await store.prune(retention, nowMs);
    const forRoom = await keepRoom(dir, store, retention, nowMs, { ...options, ...taken });
    await sweepSegments(dir, nowMs);
    await shortenRetired(dir);
    pruned = forRoom === undefined ? retired : { ...retired, forRoom };
    if (problem !== undefined) throw problem;
  });
  return pruned;
}

async function keepRoom(
  dir: string,
  store: Keeping,
  retention: Retention,
  nowMs: number,
  { signer, signal, onRoom, onlyPacked }: KeepOptions & TakenIn,
): Promise<MadeRoom | undefined> {
  const maxBytes = maxBytesOf(retention);
  const made = await makeRoom(dir, { maxBytes, nowMs, signer, signal, onlyPacked });
  if (made === undefined) return undefined;
  onRoom?.(made);
  await store.prune({ ...retention, rowsFromMs: made.toMs }, nowMs);
  return made;
}

const ignore = (): void => undefined;

type TakenIn = {
  /** Why not all was; that keeps nothing else from being done. */
  readonly problem?: Error | undefined;
  /** What is not packed was perhaps not taken in. */
  readonly onlyPacked: boolean;
};

/** @throws what the signal was aborted with */
async function takeInNow(dir: string, store: Keeping, options: KeepOptions): Promise<TakenIn> {
  const { signal } = options;
  const source = new FolderSegments(dir, { isRunOver: (segment) => isRunOver(dir, segment) });
  const plain = new Set(
    (await listSegments(dir))
      .filter(({ isPacked, aside }) => !isPacked && aside === undefined)
      .map(({ name }) => name),
  );
  const closed = (await source.segments()).filter(({ isClosed }) => isClosed).map(({ name }) => name);
  signal?.throwIfAborted();
  let damaged: readonly string[];
  try {
    // Also those that a killed process took in, and did not put aside.
    const unpacked = closed.filter((name) => plain.has(name));
    ({ damaged } = await store.index(closed, unpacked));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return { problem: error, onlyPacked: true };
  }
  let problem: Error | undefined;
  const tell: TellDamaged = (name, aside) => {
    plain.delete(name);
    options.onDamaged?.(name, aside);
  };
  await putAside(dir, damaged, tell).catch((error: Error) => (problem = error));
  for (const name of closed) {
    signal?.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop
    if (plain.has(name)) await packSegment(dir, name).catch((error: Error) => (problem ??= error));
  }
  return { problem, onlyPacked: false };
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
