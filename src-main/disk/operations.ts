/**
 * The few calls that everything in this room is made of. They are handed in as one object, so that a test can let any
 * single one of them fail. An algorithm is written once, as a generator of calls, and run with waiting (the event loop
 * goes on) or without.
 */
import fs from 'node:fs';
import type { Stats } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export type DiskOps = {
  open(path: string, flags: number, mode: number): number;
  close(fd: number): void;
  /** @returns how many bytes were taken, which may be fewer than were offered */
  write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  read(fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number;
  fsync(fd: number): void;
  ftruncate(fd: number, length: number): void;
  fchmod(fd: number, mode: number): void;
  fstat(fd: number): Stats;
  lstat(path: string): Stats;
  stat(path: string): Stats;
  realpath(path: string): string;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  pause(ms: number): void;
};

type AsyncDiskOps = {
  [K in keyof DiskOps]: (...args: Parameters<DiskOps[K]>) => Promise<ReturnType<DiskOps[K]>>;
};

/** A disk: the same calls, at once and with waiting. */
export type Disk = { readonly sync: DiskOps; readonly async: AsyncDiskOps };

type Done<T> = (error: Error | null, result: T) => void;
const settled = <T>(start: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    start((error, result) => (error === null ? resolve(result) : reject(error)));
  });

/** The disk of this computer. */
export const systemDisk: Disk = {
  sync: {
    open: fs.openSync,
    close: fs.closeSync,
    write: fs.writeSync,
    read: fs.readSync,
    fsync: fs.fsyncSync,
    ftruncate: fs.ftruncateSync,
    fchmod: fs.fchmodSync,
    fstat: (fd) => fs.fstatSync(fd),
    lstat: (path) => fs.lstatSync(path),
    stat: (path) => fs.statSync(path),
    realpath: (path) => fs.realpathSync(path),
    rename: fs.renameSync,
    unlink: fs.unlinkSync,
    pause: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  },
  async: {
    open: (path, flags, mode) => settled((done) => fs.open(path, flags, mode, done)),
    close: (fd) => settled<void>((done) => fs.close(fd, (error) => done(error ?? null))),
    write: (fd, bytes, offset, length, position) =>
      settled((done) => fs.write(fd, bytes, offset, length, position, done)),
    read: (fd, bytes, offset, length, position) =>
      settled((done) => fs.read(fd, bytes, offset, length, position, done)),
    fsync: (fd) => settled<void>((done) => fs.fsync(fd, done)),
    ftruncate: (fd, length) => settled<void>((done) => fs.ftruncate(fd, length, done)),
    fchmod: (fd, mode) => settled<void>((done) => fs.fchmod(fd, mode, done)),
    fstat: (fd) => settled((done) => fs.fstat(fd, done)),
    lstat: (path) => settled((done) => fs.lstat(path, done)),
    stat: (path) => settled((done) => fs.stat(path, done)),
    realpath: (path) => settled((done) => fs.realpath(path, done)),
    rename: (from, to) => settled<void>((done) => fs.rename(from, to, done)),
    unlink: (path) => settled<void>((done) => fs.unlink(path, done)),
    pause: (ms) => wait(ms),
  },
};

type Call =
  | { readonly name: keyof DiskOps; readonly args: readonly unknown[] }
  | { readonly wait: () => Promise<unknown> };
/** An algorithm over the disk. */
export type Steps<T> = Generator<Call, T, unknown>;

/** One call, inside an algorithm: `const fd = yield* call('open', path, flags, mode)`. */
export function* call<K extends keyof DiskOps>(
  name: K,
  ...args: Parameters<DiskOps[K]>
): Steps<ReturnType<DiskOps[K]>> {
  return (yield { name, args }) as ReturnType<DiskOps[K]>;
}

/** Waits for something that is not the disk; only in an algorithm that is run with waiting. */
export function* waitFor<T>(wait: () => Promise<T>): Steps<T> {
  return (yield { wait }) as T;
}

type AnyCall = (...args: readonly unknown[]) => unknown;

/** Runs an algorithm without a pause. */
export function runSync<T>(disk: Disk, steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) {
    const step = next.value;
    if ('wait' in step) throw new Error('this algorithm has to wait: use run');
    let result: unknown;
    try {
      result = (disk.sync[step.name] as AnyCall)(...step.args);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(result);
  }
  return next.value;
}

/** Runs an algorithm while the event loop goes on. */
export async function run<T>(disk: Disk, steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (next.done !== true) {
    const step = next.value;
    let result: unknown;
    try {
      // One after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      result = await ('wait' in step ? step.wait() : (disk.async[step.name] as AnyCall)(...step.args));
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(result);
  }
  return next.value;
}

/** Closes when something has failed already: that failure is the one to tell. */
export function* closeQuietly(fd: number): Steps<void> {
  try {
    yield* call('close', fd);
  } catch {
    // The descriptor is gone either way (close(2)).
  }
}
