/**
 * The calls that the cache makes to the disk, handed in as one object so that a test can let any of them fail. Invariant:
 * what is read is a regular file at its own place: no link is followed, and no pipe is waited for.
 */
import * as fs from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';

/** What is open. */
export type CacheHandle = {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  read(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  stat(): Promise<Stats>;
  close(): Promise<void>;
};

export type CacheDisk = {
  open(path: string, flags: string | number, mode?: number): Promise<CacheHandle>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  readdir(path: string): Promise<readonly string[]>;
  /** All of a regular file. @returns undefined where there is none that is so short */
  readFile(path: string, maxBytes: number): Promise<Buffer | undefined>;
  writeFile(path: string, data: string, options: { flag: string; mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  utimes(path: string, atime: Date, mtime: Date): Promise<void>;
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  /** Bytes that are free for this user; undefined where the system does not say (Node 16). */
  freeBytes(path: string): Promise<number | undefined>;
};

type StatFs = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Gone, a link, or nothing that can be opened for reading. */
const absentCodes: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);

/** The disk of this computer. */
export const systemCacheDisk: CacheDisk = {
  open: (path, flags, mode) => fs.open(path, flags, mode),
  lstat: (path) => fs.lstat(path),
  realpath: (path) => fs.realpath(path),
  readdir: (path) => fs.readdir(path),
  readFile: (path, maxBytes) => readWhole(path, maxBytes),
  writeFile: (path, data, options) => fs.writeFile(path, data, options),
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  utimes: (path, atime, mtime) => fs.utimes(path, atime, mtime),
  mkdir: (path, options) => fs.mkdir(path, options),
  freeBytes: async (path) => {
    const { statfs } = fs as { readonly statfs?: StatFs };
    if (statfs === undefined) return undefined;
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

/** Opens a regular file for reading; the caller closes it. @returns undefined where there is none @throws all else */
export async function openRegular(
  disk: Pick<CacheDisk, 'open'>,
  path: string,
): Promise<{ readonly handle: CacheHandle; readonly stats: Stats } | undefined> {
  let handle: CacheHandle;
  try {
    handle = await disk.open(path, readFlags);
  } catch (error) {
    if (absentCodes.has(codeOf(error))) return undefined;
    throw error;
  }
  try {
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

/** Reads so much from a place on, or to the end. */
export async function readFully(handle: CacheHandle, bytes: Uint8Array, from: number): Promise<number> {
  let read = 0;
  while (read < bytes.length) {
    // oxlint-disable-next-line no-await-in-loop
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return read;
}

async function readWhole(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const opened = await openRegular(systemCacheDisk, path);
  if (opened === undefined) return undefined;
  const { handle, stats } = opened;
  try {
    if (stats.size > maxBytes) return undefined;
    const bytes = Buffer.allocUnsafe(stats.size);
    return bytes.subarray(0, await readFully(handle, bytes, 0));
  } finally {
    await handle.close();
  }
}

/** Whether a folder stands at the path itself, and not a link to one. @throws all else than that there is none */
export async function isFolder(disk: Pick<CacheDisk, 'lstat'>, path: string): Promise<boolean> {
  return (await ifThere(() => disk.lstat(path)))?.isDirectory() === true;
}

/** Makes a folder of ours. @throws the system's error, also where something else stands in its place */
export async function makeFolder(disk: Pick<CacheDisk, 'lstat' | 'mkdir'>, path: string): Promise<void> {
  await disk.mkdir(path, { recursive: true, mode: 0o700 });
  if (await isFolder(disk, path)) return;
  throw Object.assign(new Error('A link stands where a folder should.'), { code: 'ENOTDIR' });
}

/** What stands in a folder of ours; nothing where there is none. */
export async function namesIn(disk: CacheDisk, dir: string): Promise<readonly string[]> {
  if (!(await isFolder(disk, dir))) return [];
  return (await ifThere(() => disk.readdir(dir))) ?? [];
}

/** The system's code of an error, e.g. `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Gives `undefined` where there is nothing at the path. @throws all else */
export async function ifThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A failure of the disk, which costs the cache and nothing else. @throws what is none, which is a bug */
export async function quietly<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
