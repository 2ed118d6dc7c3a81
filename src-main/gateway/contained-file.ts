/**
 * Finds a file below a channel's folder. Invariant: what is found is a regular file whose real path, after every
 * symbolic link, lies inside the real path of the folder; dot files are not there. What stands there may be another file a
 * moment later, so it is read through `openStamped` alone, which asks again.
 */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { changedAtMs, fileStamp } from './file-stamp.ts';

export type ContainedFile = {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly changedAtMs: number;
  /** Which file it is (file-stamp.ts). */
  readonly stamp: string;
};

/**
 * @param segments decoded path segments, none of them `..` (request-target.ts sees to that; checked again here)
 * @returns undefined when there is no such file, or it must not be served
 */
export async function findContained(
  folder: string,
  segments: readonly string[],
): Promise<ContainedFile | undefined> {
  // A colon would open an alternate data stream on Windows; a trailing dot or blank means another file there.
  if (segments.some((name) => name === '' || /^\.|[/\\:\0]|[. ]$/.test(name))) return undefined;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...segments));
    const prefix = root.endsWith(sep) ? root : root + sep;
    if (!path.startsWith(prefix)) return undefined;
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const { size, mtimeMs } = found;
    return { path, size, mtimeMs, changedAtMs: changedAtMs(found), stamp: fileStamp(found) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG')
      return undefined;
    throw error;
  }
}
