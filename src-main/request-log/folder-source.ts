/** The request log of a data folder, to be verified. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/disk-error.ts';
import { readLines } from './read-segment.ts';
import { isRunOver } from './run-lock.ts';
import { listSegments, macKeysPath, segmentName, segmentPath, whoKeysPath } from './segment-files.ts';
import type { LogSource } from './verify-log.ts';

export const retiredPath = (dir: string): string => join(dir, 'retired.jsonl');

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
    retired: async () => retiredOf((await textIfThere(retiredPath(dir))) ?? ''),
  };
}

/** Lines `{ "segment", "root", "why", "atMs" }`; what is none is left out, so that its segment is told as missing. */
function retiredOf(text: string): ReadonlyMap<string, string> {
  const retired = new Map<string, string>();
  for (const line of text.split('\n')) {
    try {
      const { segment, root } = JSON.parse(line) as { readonly segment?: unknown; readonly root?: unknown };
      if (typeof segment === 'string' && typeof root === 'string') retired.set(segment, root);
    } catch {
      // See above.
    }
  }
  return retired;
}

async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
