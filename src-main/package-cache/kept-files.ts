/**
 * All files that the cache keeps, looked at part by part: what each is, and what stands there without one. Invariant: some
 * are looked at at a time, and none is remembered. What comes or goes meanwhile may be told or not.
 */
import { join } from 'node:path';
import type { AboutFile } from './about-file.ts';
import type { CacheDisk } from './cache-disk.ts';
import { ifThere, namesIn, quietly } from './cache-disk.ts';

/** A file of the cache, by what its folder says. */
export type KeptFile = {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** When it was last sent, to the hour. */
  readonly usedAtMs: number;
};
/** What is kept under a hash. */
export type KeptEntry = KeptFile & {
  /** undefined where the text beside it is missing or unreadable. */
  readonly about: AboutFile | undefined;
};

export const sha256Name = /^[0-9a-f]{64}$/;
/** What the system is asked at a time: one by one, each takes three times as much of a processor. */
const atOnce = 32;
/** What has not grown for so long is under way no more: its process was killed. */
const leftAfterMs = 15 * 60_000;

/** Clocks differ by less; what was used later than that was used under a clock that was wrong. */
const slackMs = 86_400_000;

/** When it was used last, as far as that can be; else never, so that it is not kept for ever. */
export const usedAtOf = ({ usedAtMs }: Pick<KeptFile, 'usedAtMs'>, nowMs: number): number =>
  usedAtMs > nowMs + slackMs ? 0 : usedAtMs;
/** The same for each of many, some at a time, in their order. */
export async function* inGroups<T, R>(
  all: readonly T[],
  each: (one: T) => Promise<R>,
): AsyncGenerator<readonly R[]> {
  for (let from = 0; from < all.length; from += atOnce)
    // oxlint-disable-next-line no-await-in-loop
    yield await Promise.all(all.slice(from, from + atOnce).map((one) => each(one)));
}

/** @param dir the folder of all parts, each named by the beginning of the hashes in it */
export async function* keptFiles(disk: CacheDisk, dir: string): AsyncGenerator<readonly KeptFile[]> {
  for await (const { part, path, names } of partsOf(disk, dir)) {
    const look = async (sha256: string): Promise<readonly KeptFile[]> => {
      const [stats, beside] = await Promise.all(
        [sha256, `${sha256}.json`].map((name) => ifThere(() => disk.lstat(join(path, name)))),
      );
      if (stats?.isFile() !== true) return [];
      return [{ sha256, sizeBytes: stats.size, usedAtMs: Math.trunc((beside ?? stats).mtimeMs) }];
    };
    for await (const some of inGroups(hashesIn(part, names), look)) yield some.flat();
  }
}

/** How much that is. */
export async function sizeOfKept(
  disk: CacheDisk,
  dir: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  let [files, bytes] = [0, 0];
  for await (const { part, path, names } of partsOf(disk, dir)) {
    const look = (sha256: string) => ifThere(() => disk.lstat(join(path, sha256)));
    for await (const some of inGroups(hashesIn(part, names), look))
      for (const stats of some) {
        if (stats?.isFile() !== true) continue;
        files += 1;
        bytes += stats.size;
      }
  }
  return { files, bytes };
}

/** Takes away texts without their file, and what nobody knows. Of what has its place nothing is looked at. */
export async function sweepKept(disk: CacheDisk, dir: string, nowMs: number): Promise<void> {
  for await (const { path, names } of partsOf(disk, dir)) {
    const there = new Set(names);
    const isOurs = (name: string): boolean =>
      sha256Name.test(name) ||
      (name.endsWith('.json') && sha256Name.test(name.slice(0, -5)) && there.has(name.slice(0, -5)));
    const others = names.filter((name) => !isOurs(name));
    await removeOld(disk, path, others, nowMs, async (name) => {
      // It may have come since its folder was read.
      const file = name.slice(0, 64);
      return !sha256Name.test(file) || (await ifThere(() => disk.lstat(join(path, file)))) === undefined;
    });
  }
}

/** Takes away what has stood somewhere for long, and is left. */
export async function removeOld(
  disk: CacheDisk,
  dir: string,
  names: readonly string[],
  nowMs: number,
  isLeft: (name: string) => boolean | Promise<boolean>,
): Promise<void> {
  const remove = async (name: string): Promise<void> =>
    await quietly(async () => {
      const stats = await disk.lstat(join(dir, name));
      if (nowMs - stats.mtimeMs > leftAfterMs && !stats.isDirectory() && (await isLeft(name)))
        await disk.unlink(join(dir, name));
    });
  for await (const _some of inGroups(names, remove));
}

type Part = { readonly part: string; readonly path: string; readonly names: readonly string[] };

async function* partsOf(disk: CacheDisk, dir: string): AsyncGenerator<Part> {
  for (const part of await namesIn(disk, dir)) {
    const path = join(dir, part);
    // oxlint-disable-next-line no-await-in-loop
    yield { part, path, names: await namesIn(disk, path) };
  }
}

const hashesIn = (part: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => sha256Name.test(name) && name.startsWith(part));
