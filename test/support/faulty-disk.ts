import type { Disk, DiskOps } from '../../src-main/disk/operations.ts';
import { systemDisk } from '../../src-main/disk/operations.ts';

/** Codes with which a disk refuses, each tried at every call. */
export const refusals = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'] as const;

export type Fault = {
  /** Which call fails, counted from 0. */
  readonly at: number;
  /**
   * A system's code; `SHORT`: a write takes a part only (any other call goes through); `CRASH`: this call and all after
   * it do nothing, as if the process had been killed.
   */
  readonly code: (typeof refusals)[number] | 'SHORT' | 'CRASH';
  /** Every changing call after it fails too, as on a disk that stays full or broken. */
  readonly lasting?: boolean;
};

const changing = new Set<keyof DiskOps>(['write', 'fsync', 'ftruncate', 'fchmod', 'rename', 'unlink']);

/**
 * The real disk, of which one call fails. Syncs are counted and may fail, but are not carried out: no test cuts the power,
 * and they take most of the time. `close` closes first, as close(2) does when it reports an error.
 * @returns the disk, and the names of the calls that were made
 */
export function faultyDisk(fault?: Fault): { disk: Disk; calls: (keyof DiskOps)[] } {
  const calls: (keyof DiskOps)[] = [];

  /** The arguments to go on with, or the error. */
  const judge = (name: keyof DiskOps, args: readonly unknown[]): readonly unknown[] | Error => {
    const index = calls.push(name) - 1;
    if (fault === undefined) return args;
    if (fault.code === 'CRASH') return index >= fault.at ? systemError('EIO', name) : args;
    const isHit = index === fault.at || (fault.lasting === true && index > fault.at && changing.has(name));
    if (!isHit || name === 'pause') return args;
    if (fault.code !== 'SHORT') return systemError(fault.code, name);
    if (name !== 'write') return args;
    if (index > fault.at) return systemError('ENOSPC', name);
    const [fd, bytes, offset, length, position] = args as Parameters<DiskOps['write']>;
    return [fd, bytes, offset, Math.max(1, Math.floor(length / 2)), position];
  };

  const faulty = (ops: object, isAsync: boolean) =>
    Object.fromEntries(
      Object.entries(ops).map(([key, real]) => {
        const name = key as keyof DiskOps;
        const act = (...args: unknown[]): unknown => {
          const judged = judge(name, args);
          const go = real as (...rest: readonly unknown[]) => unknown;
          if (!(judged instanceof Error)) return name === 'fsync' ? undefined : go(...judged);
          if (name === 'close') systemDisk.sync.close(args[0] as number);
          if (isAsync) return Promise.reject(judged);
          throw judged;
        };
        return [name, act];
      }),
    );
  const disk = { sync: faulty(systemDisk.sync, false), async: faulty(systemDisk.async, true) };
  return { disk: disk as unknown as Disk, calls };
}

export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall, errno: -1 });
}

/** Calls that only look: a disk that is full or read-only does not refuse them. */
const looking = new Set<keyof DiskOps>(['read', 'stat', 'lstat', 'fstat', 'realpath', 'close', 'pause']);

/**
 * Every fault at every call of some work that can meet it, once passing and once lasting.
 * @param calls what the work calls when nothing fails
 * @param codes fewer where the work is long: full, failing and read-only are different, the others are like the first
 */
export function everyFault(
  calls: readonly (keyof DiskOps)[],
  codes: readonly Fault['code'][] = [...refusals, 'SHORT'],
): Fault[] {
  return calls.flatMap((name, at) =>
    codes
      .filter((code) => (code === 'SHORT' ? name === 'write' : code === 'EIO' || !looking.has(name)))
      .flatMap((code) => [
        { at, code },
        { at, code, lasting: true },
      ]),
  );
}
