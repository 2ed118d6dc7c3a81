/**
 * Whether a gateway's process still writes. Invariant: the kernel's lock on the file of a run says so, and the kernel
 * frees it with its process, however that went. Where there are no such locks, a run is over that has not touched its
 * file for ten minutes.
 */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, readdir, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../disk/disk-error.ts';
import type { NativeLock } from '../disk/native-lock.ts';
import { loadNativeLock } from '../disk/native-lock.ts';
import type { SegmentName } from './segment-files.ts';

type Run = Pick<SegmentName, 'gateway' | 'run'>;
type LoadLock = () => Promise<NativeLock>;

export const touchEveryMs = 60_000;
const silentMs = 10 * touchEveryMs;
/** On Windows a locked range cannot be read by others. */
const [lockFrom, lockLength] = process.platform === 'win32' ? [1_073_741_824, 1] : [0, 0];
const noFollow = constants.O_NOFOLLOW ?? 0;
const nonBlocking = constants.O_NONBLOCK ?? 0;
const makeNew = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | noFollow;
const shape = /^([\w-]{16})\.([1-9]\d{0,15})\.run$/;

export const runsDir = (dir: string): string => join(dir, 'runs');
const pathOf = (dir: string, { gateway, run }: Run): string => join(runsDir(dir), `${gateway}.${run}.run`);

export type RunLock = {
  readonly run: number;
  /** Shows that it goes on, to those who see no locks. Never throws. */
  touch(): Promise<void>;
  /** Over; the file goes. */
  release(): Promise<void>;
};

/**
 * Begins a run of its own: no other has its number, also where two processes of one gateway start at once.
 * @throws the system's error
 */
export async function takeRunLock(
  dir: string,
  gateway: string,
  nowMs: number,
  load: LoadLock = loadNativeLock,
): Promise<RunLock> {
  for (let run = nowMs; ; run += 1) {
    const path = pathOf(dir, { gateway, run });
    try {
      // oxlint-disable-next-line no-await-in-loop
      const file = await open(path, makeNew, 0o600);
      // Somebody who looks whether it is over holds it for a moment.
      // oxlint-disable-next-line no-await-in-loop
      while ((await tryLock(file.fd, load)) === false) await pause(1);
      // Before it was held, it looked over to whoever clears away (`liveRuns`): then it is another run.
      // oxlint-disable-next-line no-await-in-loop
      if (!(await isAt(path, file))) {
        // oxlint-disable-next-line no-await-in-loop
        await file.close();
        continue;
      }
      return {
        run,
        touch: async () => {
          const now = new Date();
          await utimes(path, now, now).catch(() => undefined);
        },
        release: async () => {
          // First the file, so that nobody finds one that is neither held nor over.
          await unlink(path).catch(() => undefined);
          await file.close();
        },
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Whether a run is over. One without a file is: it was stopped, or others looked after it.
 * @throws the system's error
 */
export const isRunOver = (dir: string, run: Run, load: LoadLock = loadNativeLock): Promise<boolean> =>
  ifOver(pathOf(dir, run), load, () => Promise.resolve());

/** @param work is done while the lock is held, so that no run begins with a file that goes */
async function ifOver(path: string, load: LoadLock, work: () => Promise<void>): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDWR | nonBlocking | noFollow);
  } catch (error) {
    // A link or a folder is no run's.
    if (!['ENOENT', 'ELOOP', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
  }
  try {
    const isOver = file === undefined || (await hasEnded(file, load));
    if (isOver) await work();
    return isOver;
  } finally {
    // Closing gives the lock back.
    await file?.close();
  }
}

async function hasEnded(file: FileHandle, load: LoadLock): Promise<boolean> {
  if (!(await file.stat()).isFile()) return true;
  const isFree = await tryLock(file.fd, load);
  if (isFree !== undefined) return isFree;
  const { mtimeMs } = await file.stat();
  return Math.abs(Date.now() - mtimeMs) > silentMs;
}

/** Whether an open file is what stands there. */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  try {
    const [there, ours] = await Promise.all([lstat(path, { bigint: true }), file.stat({ bigint: true })]);
    return there.ino === ours.ino;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * The runs that are not over, as `<gateway>.<run>`. The files of those that are go: they were killed.
 * @throws the system's error
 */
export async function liveRuns(dir: string, load: LoadLock = loadNativeLock): Promise<readonly string[]> {
  const live: string[] = [];
  for (const file of await readdir(runsDir(dir))) {
    const [, gateway, run] = shape.exec(file) ?? [];
    if (gateway === undefined) continue;
    const path = join(runsDir(dir), file);
    // oxlint-disable-next-line no-await-in-loop
    const isOver = await ifOver(path, load, () => unlink(path).catch(() => undefined));
    if (!isOver) live.push(`${gateway}.${run}`);
  }
  return live;
}

/** Whether the lock was free; undefined where there are none. */
async function tryLock(fd: number, load: LoadLock): Promise<boolean | undefined> {
  try {
    return (await load()).tryLock(fd, lockFrom, lockLength);
  } catch {
    // No such package for this computer, or a file system without locks.
    return undefined;
  }
}
