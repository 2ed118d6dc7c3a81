/** How much room the segments of a request log take. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/disk-error.ts';
import { asideDir, isFolder, parseFieldKeysFile, segmentsDir } from './segment-files.ts';

/** Bytes. */
export type SegmentSizes = {
  readonly packed: number;
  readonly plain: number;
  /** Of MACs. */
  readonly keys: number;
  /** Of each personal field. */
  readonly address: number;
  readonly ciUser: number;
};

/** Those that were put aside among them; what comes or goes meanwhile may be counted or not. @param dir of the request log @throws the system's error */
export async function segmentSizes(dir: string): Promise<SegmentSizes> {
  const sizes = { packed: 0, plain: 0, keys: 0, address: 0, ciUser: 0 };
  await addSizes(segmentsDir(dir), sizes);
  if (await isFolder(asideDir(dir))) await addSizes(asideDir(dir), sizes);
  return sizes;
}

async function addSizes(
  folder: string,
  sizes: { -readonly [K in keyof SegmentSizes]: number },
): Promise<void> {
  for (const name of await orNone(readdir(folder), [])) {
    // oxlint-disable-next-line no-await-in-loop
    const found = await orNone(stat(join(folder, name)), undefined);
    sizes[kindOf(name)] += found?.size ?? 0;
  }
}

const kindOf = (name: string): keyof SegmentSizes =>
  parseFieldKeysFile(name)?.field ??
  (name.endsWith('.mac.json') ? 'keys' : name.endsWith('.gz') ? 'packed' : 'plain');

async function orNone<T>(found: Promise<T>, none: T): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return none;
    throw error;
  }
}
