/** Whether what was kept of a feed is what was written: records that somebody changed, or that are cut off, count for nothing. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * @param sha256 hex, of what was written; undefined where nobody noted it
 * @returns false too where the file is gone or cannot be read
 */
export async function isWhole(path: string, sha256: string | undefined): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }))
      hash.update(chunk as Buffer);
  } catch {
    return false;
  }
  return hash.digest('hex') === sha256;
}
