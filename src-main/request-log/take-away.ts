/**
 * Takes a segment away. Invariant: that it goes stands in `retired.jsonl`, with its root, before it goes, so that a kill
 * between the two makes no gap.
 */
import { stat, unlink } from 'node:fs/promises';
import { codeOf } from '../disk/disk-error.ts';
import type { RetiredSegment, RetiredSigner } from './retired-file.ts';
import { noteRetired, readRetired } from './retired-file.ts';
import { rootOf } from './segment-root.ts';
import type { SegmentFile } from './segment-files.ts';
import { fieldKeysPath, macKeysPath, personFields, placesOf } from './segment-files.ts';

/** @returns what takes one away after the other */
export function takerAway(
  dir: string,
  why: RetiredSegment['why'],
  atMs: number,
  signer: RetiredSigner | undefined,
): (file: SegmentFile, endMs: number) => Promise<void> {
  let said: ReadonlyMap<string, unknown> | undefined;
  return async (file, endMs) => {
    const { name } = file;
    said ??= await readRetired(dir);
    if (!said.has(name))
      await noteRetired(dir, { segment: name, root: await lastRoot(file), why, endMs, atMs }, signer);
    const fields = personFields.map((field) => fieldKeysPath(dir, name, field));
    // Last what proves the rest: one without it looks as if somebody had removed it.
    for (const one of [...fields, ...placesOf(dir, name), macKeysPath(dir, name)])
      // oxlint-disable-next-line no-await-in-loop
      await removeFile(one);
  };
}

/** '' of one that was put aside because it can't be read. */
async function lastRoot({ path, aside }: SegmentFile): Promise<string> {
  try {
    return await rootOf(path);
  } catch (error) {
    if (aside === undefined) throw error;
    return '';
  }
}

/** @returns whether it was there */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Zero where it is not there any more. */
export const sizeOfFile = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
