/** The calls that the cache makes to the disk, handed in as one object so that a test can let any of them fail. */
import * as fs from 'node:fs/promises';
import type { Stats } from 'node:fs';

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
  stat(): Promise<{ readonly size: number }>;
  close(): Promise<void>;
};

export type CacheDisk = {
  open(path: string, flags: string | number, mode?: number): Promise<CacheHandle>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  readdir(path: string): Promise<readonly string[]>;
  readFile(path: string): Promise<Buffer>;
  writeFile(path: string, data: string, options: { flag: string; mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  utimes(path: string, atime: Date, mtime: Date): Promise<void>;
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  /** Bytes that are free for this user; undefined where the system does not say (Node 16). */
  freeBytes(path: string): Promise<number | undefined>;
};

type StatFs = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

/** The disk of this computer. */
export const systemCacheDisk: CacheDisk = {
  open: (path, flags, mode) => fs.open(path, flags, mode),
  lstat: (path) => fs.lstat(path),
  realpath: (path) => fs.realpath(path),
  readdir: (path) => fs.readdir(path),
  readFile: (path) => fs.readFile(path),
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
