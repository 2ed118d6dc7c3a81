/**
 * Which file a file is. Invariant: two files at one path have two stamps even when somebody gave them the same length
 * and time (as `rsync -t` does): the inode and the time of the last change of it, which nobody can set, count.
 */

export type FileFacts = {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
};

/** Same text, same content, as far as a file system tells without reading. */
export function fileStamp({ dev, ino, size, mtimeMs, ctimeMs }: FileFacts): string {
  return [dev, ino, size, Math.trunc(mtimeMs * 1000), Math.trunc(ctimeMs * 1000)]
    .map((number) => number.toString(36))
    .join('-');
}

/** When it became what it is: a copy may carry an older time of modification. */
export function changedAtMs({ mtimeMs, ctimeMs }: FileFacts): number {
  return Math.max(mtimeMs, ctimeMs);
}
