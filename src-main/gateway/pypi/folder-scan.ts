/**
 * Lists the wheels and sdists of a folder. Invariant: every path it gives is a real path inside the folder. Folders that
 * are links are not entered, a file that is a link counts only if it leads to a file inside; what begins with a dot is
 * not seen at all. Runs in a worker, in steps.
 */
import type { Dirent } from 'node:fs';
import { opendirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileStamp } from '../file-stamp.ts';
import { FolderError } from './folder-error.ts';
import { parseFileName } from './file-names.ts';
import type { ParsedFileName } from './file-names.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.channels;

export type FolderFile = ParsedFileName & {
  readonly filename: string;
  /** Real path inside the folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Which file it is (file-stamp.ts). */
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
 * @throws FolderError if the folder itself cannot be read, or is too large
 */
export function* scanFolder(folder: string, max = maxEntries): Generator<void, FolderFile[]> {
  const found = new Map<string, FolderFile>();
  let root: string;
  let level: { path: string; entries: Dirent[] }[];
  try {
    root = realpathSync(folder);
    level = [{ path: root, entries: list(root, max) }];
  } catch (error) {
    if (error instanceof FolderError) throw error;
    throw new FolderError(words.folderUnreadable, { cause: error });
  }
  let seen = level[0]?.entries.length ?? 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const { path, entries } of level) {
      // By code unit, so the same on every computer.
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        if (entry.name.startsWith('.')) continue;
        const entryPath = join(path, entry.name);
        if (entry.isDirectory() && depth < maxDepth) {
          const below = orGone(() => list(entryPath, max - seen));
          seen += below?.length ?? 0;
          if (below !== undefined) next.push({ path: entryPath, entries: below });
          yield;
        } else if ((entry.isFile() || entry.isSymbolicLink()) && !found.has(entry.name)) {
          const file = readEntry(root, entryPath, entry);
          if (file !== undefined) found.set(entry.name, file);
          yield;
        }
      }
    }
    level = next;
  }
  return [...found.values()];
}

/** Read on only as far as they are taken: a listing as a whole may be larger than memory. @throws FolderError */
function list(path: string, max: number): Dirent[] {
  const folder = opendirSync(path, { bufferSize: 1024 });
  try {
    const entries: Dirent[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (entries.length >= max) throw new FolderError(words.folderTooLarge);
      entries.push(entry);
    }
    return entries;
  } finally {
    folder.closeSync();
  }
}

function readEntry(root: string, path: string, entry: Dirent): FolderFile | undefined {
  const parsed = parseFileName(entry.name);
  if (parsed === undefined) return undefined;
  const real = entry.isFile() ? path : orGone(() => realpathSync(path));
  if (real === undefined || !isInside(root, real)) return undefined;
  const facts = orGone(() => statSync(real));
  if (facts === undefined || !facts.isFile()) return undefined;
  const { size: sizeBytes, mtimeMs } = facts;
  return { ...parsed, filename: entry.name, path: real, sizeBytes, mtimeMs, stamp: fileStamp(facts) };
}

export function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The value, or undefined if what was asked for is gone or closed to us. Other errors are thrown. */
export function orGone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

export function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && goneCodes.has(error.code);
}
