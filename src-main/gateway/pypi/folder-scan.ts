/**
 * Lists the wheels and sdists of a folder. Invariant: every path it gives is a real path inside the folder. Folders that
 * are links are not entered, a file that is a link counts only if it leads to a file inside; what begins with a dot is
 * not seen at all.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UpstreamError } from '../types.ts';
import { parseFileName } from './file-names.ts';
import type { ParsedFileName } from './file-names.ts';

export type FolderFile = ParsedFileName & {
  readonly filename: string;
  /** Real path inside the folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Same text, same content, as far as a file system tells without reading. */
  readonly stamp: string;
};

/** The folder itself, `<project>/`, and one more, as usual tools lay them out. */
const maxDepth = 3;
/** Stops a scan of somebody's whole disk; a folder of this size wants a real index. */
const maxEntries = 200_000;

/** What a folder or file answers that went away, or is not ours to read. */
const goneCodes: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

/**
 * All distribution files by path order; of two with the same name only the first, the least deep.
 * @throws UpstreamError if the folder itself cannot be read, or is too large
 */
export async function scanFolder(folder: string): Promise<FolderFile[]> {
  const found = new Map<string, FolderFile>();
  let root: string;
  let level: { path: string; entries: Dirent[] }[];
  try {
    root = await realpath(folder);
    level = [{ path: root, entries: await readdir(root, { withFileTypes: true }) }];
  } catch (error) {
    throw new UpstreamError(502, "The channel's folder cannot be read", { cause: error });
  }
  let seen = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const { path, entries } of level) {
      seen += entries.length;
      if (seen > maxEntries) throw new UpstreamError(502, "The channel's folder has too many entries");
      // By code unit, so the same on every computer.
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        if (entry.name.startsWith('.')) continue;
        const entryPath = join(path, entry.name);
        if (entry.isDirectory() && depth < maxDepth) {
          const below = await orGone(readdir(entryPath, { withFileTypes: true }));
          if (below !== undefined) next.push({ path: entryPath, entries: below });
        } else if ((entry.isFile() || entry.isSymbolicLink()) && !found.has(entry.name)) {
          const file = await readEntry(root, entryPath, entry);
          if (file !== undefined) found.set(entry.name, file);
        }
      }
    }
    level = next;
  }
  return [...found.values()];
}

/** Whether the path, followed to its end, still is itself and inside the folder: asked again before a file is sent. */
export async function isStillInside(folder: string, path: string): Promise<boolean> {
  const [root, real] = await Promise.all([orGone(realpath(folder)), orGone(realpath(path))]);
  return root !== undefined && real === path && isInside(root, real);
}

async function readEntry(root: string, path: string, entry: Dirent): Promise<FolderFile | undefined> {
  const parsed = parseFileName(entry.name);
  if (parsed === undefined) return undefined;
  const real = entry.isFile() ? path : await orGone(realpath(path));
  if (real === undefined || !isInside(root, real)) return undefined;
  const facts = await orGone(stat(real));
  if (facts === undefined || !facts.isFile()) return undefined;
  return {
    ...parsed,
    filename: entry.name,
    path: real,
    sizeBytes: facts.size,
    mtimeMs: facts.mtimeMs,
    stamp: `${facts.size}:${facts.mtimeMs}:${facts.ctimeMs}:${facts.ino}`,
  };
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The value, or undefined if what was asked for is gone or closed to us. Other errors are thrown. */
export async function orGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && goneCodes.has(error.code)) return undefined;
    throw error;
  }
}
