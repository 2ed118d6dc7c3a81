/** The request log of a data folder, to be verified. */
import { LatchkeyError } from '../../shared/errors.ts';
import { readIfThere } from '../disk/read-file.ts';
import { readLines } from './read-segment.ts';
import { readRetired } from './retired-file.ts';
import { isRunOver } from './run-lock.ts';
import { maxKeysBytes } from './recipients.ts';
import { fieldKeysPath, listSegments, macKeysPath, segmentName, segmentPath } from './segment-files.ts';
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
        fieldKeys: {
          address: await textIfThere(fieldKeysPath(dir, name, 'address')),
          ciUser: await textIfThere(fieldKeysPath(dir, name, 'ciUser')),
        },
      };
    },
    isOpen: async (segment) => !(await isRunOver(dir, segment)),
    retired: () => readRetired(dir),
  };
}

/** What cannot be read, or is no file of keys by its size or kind, can't be what the segment names. */
async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readIfThere(path, { maxBytes: maxKeysBytes, refuseLink: true }))?.toString('utf8');
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return '';
  }
}
