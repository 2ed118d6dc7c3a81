/**
 * Which folder of this computer a channel's label means: `folders.json` beside the vault. Invariant: a path is never
 * taken from the log, so nobody who may write there makes another computer serve a folder of its own.
 */
import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { limits, slug } from '../../shared/model/domain.ts';
import { parseFileJson } from '../base/bounded-json.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { replaceFileSync } from '../disk/write-file.ts';

/** Thousands of folders; a larger file is not ours. */
const maxBytes = 4 * 1024 * 1024;
/** How soon a change by another process (`latchkey folder map`) is seen. */
const lookEveryMs = 1_000;
const fileContent = z.strictObject({
  version: z.literal(1),
  folders: z.record(slug, z.string().min(1).max(limits.pathChars).refine(isAbsolute)),
});
type Folders = ReadonlyMap<string, string>;

export interface FolderMap {
  /** The path of a label; undefined when it is not mapped here. */
  pathOf(label: string): string | undefined;
  entries(): readonly (readonly [label: string, path: string])[];
  /** @throws LatchkeyError FILE_NOT_WRITABLE; FILE_NOT_READABLE when what is there would be lost */
  map(label: string, path: string): void;
  unmap(label: string): void;
  /** Told after a change, by this process or another. @returns the function that ends it */
  onChange(listener: () => void): () => void;
}

/** Read again when it changed. A file that is not in its form maps nothing, and is never replaced. */
export function openFolderMap(dataDir: string, disk: Disk = systemDisk): FolderMap {
  const path = join(dataDir, 'folders.json');
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let known: { readonly version: string; readonly folders: Folders } | undefined;
  let told = versionOf(path);

  const current = (): Folders => {
    const version = versionOf(path);
    if (known?.version !== version) known = { version, folders: readLeniently(path) };
    return known.folders;
  };
  const tell = (): void => {
    const version = versionOf(path);
    if (version === told) return;
    told = version;
    for (const listener of listeners) listener();
  };
  const write = (folders: Folders): void => {
    const sorted = [...folders].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const content = { version: 1, folders: Object.fromEntries(sorted) };
    replaceFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, disk });
    tell();
  };

  return {
    pathOf: (label) => current().get(label),
    entries: () => [...current()],
    map: (label, folder) => write(new Map(read(path)).set(label, folder)),
    unmap: (label) => {
      const folders = new Map(read(path));
      if (folders.delete(label)) write(folders);
    },
    onChange: (listener) => {
      listeners.add(listener);
      timer ??= setInterval(tell, lookEveryMs).unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** Changes whenever the file does: every write of ours makes a new one. */
function versionOf(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  } catch (error) {
    // A link that leads to itself, a folder that may not be looked into: reading it says so to whoever asks.
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

/** @throws LatchkeyError FILE_NOT_READABLE, FILE_NOT_REGULAR, FILE_TOO_LARGE */
function read(path: string): Folders {
  const bytes = readIfThereSync(path, { maxBytes });
  if (bytes === undefined) return new Map();
  try {
    return new Map(Object.entries(fileContent.parse(parseFileJson(bytes.toString('utf8'))).folders));
  } catch (cause) {
    throw new LatchkeyError('FILE_NOT_READABLE', ['folderMapDamaged', path], { details: { path }, cause });
  }
}

function readLeniently(path: string): Folders {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof LatchkeyError) return new Map();
    throw error;
  }
}
