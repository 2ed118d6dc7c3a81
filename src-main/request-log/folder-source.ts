/** The request log of a data folder, to be verified. */
import { readFile } from 'node:fs/promises';
import { codeOf } from '../disk/disk-error.ts';
import { readLines } from './read-segment.ts';
import { readRetired } from './retired-file.ts';
import { isRunOver } from './run-lock.ts';
import { listSegments, macKeysPath, segmentName, segmentPath, whoKeysPath } from './segment-files.ts';
import type { LogSource } from './verify-log.ts';

/** @param dir `request-log` of the data folder */
export function folderSource(dir: string): LogSource {
  const paths = new Map<string, string>();
  return {
    segments: async () => {
      const files = await listSegments(dir);
      for (const { name, path } of files) paths.set(name, path);
      return files;
    },
    parts: async (segment) => {
      const name = segmentName(segment);
      return {
        lines: readLines(paths.get(name) ?? segmentPath(dir, name)),
        macKeys: await textIfThere(macKeysPath(dir, name)),
        whoKeys: await textIfThere(whoKeysPath(dir, name)),
      };
    },
    isOpen: async (segment) => !(await isRunOver(dir, segment)),
    retired: async () =>
      new Map([...(await readRetired(dir)).values()].map(({ segment, root }) => [segment, root])),
  };
}

async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
