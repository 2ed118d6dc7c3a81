/** How much room the segments of a request log take. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/disk-error.ts';
import { maxSegmentBytes } from './read-segment.ts';
import { asideDir, isFolder, parseFieldKeysFile, parseSegmentFile, segmentsDir } from './segment-files.ts';

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

/**
 * Those that were put aside among them; what comes or goes meanwhile may be counted or not. What is none of ours does not
 * count, nor what a file has more than any of ours: rows would go to make room for it.
 * @param dir of the request log
 * @throws the system's error
 */
export async function segmentSizes(dir: string): Promise<SegmentSizes> {
  const sizes = { packed: 0, plain: 0, keys: 0, address: 0, ciUser: 0 };
  await addSizes(segmentsDir(dir), sizes);
  if ((await isFolder(asideDir(dir))) === true) await addSizes(asideDir(dir), sizes);
  return sizes;
}

async function addSizes(
  folder: string,
  sizes: { -readonly [K in keyof SegmentSizes]: number },
): Promise<void> {
  for (const name of await orNone(readdir(folder), [])) {
    const kind = kindOf(name);
    if (kind === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop
    const found = await orNone(lstat(join(folder, name)), undefined);
    if (found?.isFile() === true) sizes[kind] += Math.min(found.size, maxSegmentBytes);
  }
}

function kindOf(name: string): keyof SegmentSizes | undefined {
  const segment = parseSegmentFile(name);
  if (segment !== undefined) return segment.isPacked ? 'packed' : 'plain';
  return name.endsWith('.mac.json') ? 'keys' : parseFieldKeysFile(name)?.field;
}

async function orNone<T>(found: Promise<T>, none: T): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return none;
    throw error;
  }
}
