/**
 * The files of a feed, wherever it is kept: a folder of them, an archive, a single one. Invariant: only regular files are
 * read, links are not followed, in an order that is always the same.
 */
import { createReadStream } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import type { Tally } from './bytes.ts';
import { plainBytes } from './bytes.ts';
import { FeedError } from './problem.ts';
import { zipEntries } from './zip-entries.ts';

export type EntryForm = 'json' | 'lines' | 'csv';
export type Entry = {
  /** For messages: the path below the feed's own. */
  readonly place: string;
  readonly form: EntryForm;
  /** Changes with the file; absent where that cannot be known without reading it. */
  readonly stamp?: string;
  /** Once. */
  readonly open: () => AsyncIterable<Buffer>;
};

type Found = { readonly path: string; readonly place: string; readonly stamp: string };

/** Every file of a folder with its stamp, or the one file; sorted. @throws FeedError not-readable, too-large */
export async function filesOf(path: string, tally: Tally): Promise<readonly Found[]> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return [{ path, place: basename(path), stamp: stampOf(stats) }];
    if (!stats.isDirectory()) throw new FeedError('not-known', path);
    const found: Found[] = [];
    await look(path, path, 0, tally, found);
    return found.toSorted((a, b) => (a.place < b.place ? -1 : 1));
  } catch (error) {
    if (error instanceof FeedError) throw error;
    throw new FeedError('not-readable', path, codeOf(error), { cause: error });
  }
}

const stampOf = ({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): string =>
  `${size} ${Math.round(mtimeMs)} ${ino}`;

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? 'unknown');

async function look(root: string, dir: string, depth: number, tally: Tally, found: Found[]): Promise<void> {
  if (depth > tally.bounds.folderDepth)
    throw new FeedError('too-large', relative(root, dir), 'nests too deeply');
  for await (const entry of await opendir(dir)) {
    const path = join(dir, entry.name);
    // Hidden ones are a checkout's own (.git), or half written.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) await look(root, path, depth + 1, tally, found);
    else if (entry.isFile() && formOf(entry.name) !== undefined) {
      const place = relative(root, path);
      tally.countEntry(place);
      found.push({ path, place, stamp: stampOf(await lstat(path)) });
    }
  }
}

/** By its name, without `.gz`. */
function formOf(name: string): EntryForm | 'zip' | undefined {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  if (plain.endsWith('.zip')) return plain === name.toLowerCase() ? 'zip' : undefined;
  if (plain.endsWith('.json')) return 'json';
  if (plain.endsWith('.jsonl') || plain.endsWith('.ndjson')) return 'lines';
  return plain.endsWith('.csv') ? 'csv' : undefined;
}

const isGzip = (name: string): boolean => name.toLowerCase().endsWith('.gz');

/** @throws FeedError not-readable, not-known, broken, too-large */
export async function* entriesOf(files: readonly Found[], tally: Tally): AsyncGenerator<Entry> {
  for (const { path, place, stamp } of files) {
    const form = formOf(path);
    if (form === undefined) throw new FeedError('not-known', place);
    if (form === 'zip') yield* zipped(path, place, tally);
    else {
      yield { place, form, stamp, open: () => plainBytes(fileStream(path), place, isGzip(path), tally) };
    }
  }
}

async function* zipped(path: string, place: string, tally: Tally): AsyncGenerator<Entry> {
  const isWanted = (name: string): boolean =>
    ['json', 'lines', 'csv'].includes(formOf(name) ?? '') && !isGzip(name);
  for await (const { name, bytes } of zipEntries(readingOf(path), place, isWanted, tally)) {
    const form = formOf(name);
    if (form === undefined || form === 'zip') continue;
    yield { place: `${place}/${name}`, form, open: () => Readable.from([bytes]) };
  }
}

const fileStream = (path: string): Readable => createReadStream(path, { highWaterMark: 256 * 1024 });

async function* readingOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of fileStream(path) as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    throw new FeedError('not-readable', path, codeOf(error), { cause: error });
  }
}
