/**
 * Files of the request log by their names. A segment is `<gateway>.<run>.<n>.jsonl`, packed `.jsonl.gz`; beside it stand
 * the keys that it was begun with, sealed to the admins: `….mac.json` (of its MACs), `….address.json` and `….ci-user.json`
 * (of its personal fields). Removing one of the last two is what erases that field. A damaged segment is put aside, into
 * a folder of its own, where it is a segment as before; its keys stay.
 */
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../disk/disk-error.ts';

export type SegmentName = {
  readonly gateway: string;
  /** Start of the gateway's process, milliseconds since the epoch. */
  readonly run: number;
  /** From 1. */
  readonly n: number;
};

export type SegmentFile = SegmentName & {
  /** `<gateway>.<run>.<n>`: how the segment is called everywhere. */
  readonly name: string;
  readonly path: string;
  readonly isPacked: boolean;
  /** Where it was put aside, from the log's folder on. */
  readonly aside?: string;
};

const shape = /^([\w-]{16})\.([1-9]\d{0,15})\.([1-9]\d{0,8})\.jsonl(\.gz)?$/;

/** What is personal of a row. Each has a key of its own in each segment, so that each goes at its time. */
export const personFields = ['address', 'ciUser'] as const;
export type PersonField = (typeof personFields)[number];
const fieldFiles = { address: 'address', ciUser: 'ci-user' } as const;

const [segmentsFolder, asideFolder] = ['segments', 'damaged'];

export const segmentsDir = (dir: string): string => join(dir, segmentsFolder);
/** Of damaged segments. */
export const asideDir = (dir: string): string => join(dir, asideFolder);
export const segmentName = ({ gateway, run, n }: SegmentName): string => `${gateway}.${run}.${n}`;
export const macKeysPath = (dir: string, name: string): string => join(segmentsDir(dir), `${name}.mac.json`);
export const fieldKeysPath = (dir: string, name: string, field: PersonField): string =>
  join(segmentsDir(dir), `${name}.${fieldFiles[field]}.json`);
export const segmentPath = (dir: string, name: string): string => join(segmentsDir(dir), `${name}.jsonl`);

/** Where a segment is that is not at a path any more: packed, or put aside. @returns undefined: nowhere else */
export function nextPlace(path: string): string | undefined {
  if (!path.endsWith('.gz')) return `${path}.gz`;
  const folder = dirname(path);
  if (basename(folder) !== segmentsFolder) return undefined;
  return join(asideDir(dirname(folder)), basename(path, '.gz'));
}

/** All places where a segment may lie, in the order in which they count. */
export function placesOf(dir: string, name: string): readonly string[] {
  const places: string[] = [];
  for (let path: string | undefined = segmentPath(dir, name); path !== undefined; path = nextPlace(path))
    places.push(path);
  return places;
}

/** What the name of a file of a field's keys says; undefined when it is none. */
export function parseFieldKeysFile(file: string): { name: string; field: PersonField } | undefined {
  for (const field of personFields) {
    const end = `.${fieldFiles[field]}.json`;
    if (file.endsWith(end)) return { name: file.slice(0, -end.length), field };
  }
  return undefined;
}

/** What a file name says; undefined when it is no segment's. */
export function parseSegmentFile(file: string): (SegmentName & { readonly isPacked: boolean }) | undefined {
  const [, gateway, run, n, packed] = shape.exec(file) ?? [];
  if (gateway === undefined) return undefined;
  return { gateway, run: Number(run), n: Number(n), isPacked: packed !== undefined };
}

/**
 * All segments of a request log, those that were put aside among them, by gateway, run and number. One that is there both
 * packed and not (its packing was killed before the plain one went) is told once, as the plain one; one that is in both
 * folders (it was put back from a backup) as what lies among the others. Links, folders and pipes are none of ours.
 * @param dir of the request log; none there: none
 */
export async function listSegments(dir: string): Promise<readonly SegmentFile[]> {
  const found = new Map<string, SegmentFile>();
  const take = (folder: string, file: string) => {
    const parsed = parseSegmentFile(file);
    if (parsed === undefined) return;
    const name = segmentName(parsed);
    const known = found.get(name);
    const isAside = folder === asideFolder;
    if (known !== undefined && (parsed.isPacked || (known.aside !== undefined) !== isAside)) return;
    const path = join(dir, folder, file);
    found.set(name, { ...parsed, name, path, ...(isAside ? { aside: `${folder}/${file}` } : {}) });
  };
  for (const file of await filesIn(segmentsDir(dir))) take(segmentsFolder, file);
  // After the others: one that is put aside meanwhile is found twice and not missed.
  if ((await isFolder(asideDir(dir))) === true)
    for (const file of await filesIn(asideDir(dir))) take(asideFolder, file);
  return [...found.values()].toSorted(inOrder);
}

/** Whether it is one, and no link to one. @returns undefined: there is nothing @throws the system's error */
export const isFolder = (path: string): Promise<boolean | undefined> =>
  lstat(path).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    },
  );

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const inOrder = (a: SegmentFile, b: SegmentFile): number =>
  a.gateway === b.gateway ? a.run - b.run || a.n - b.n : a.gateway < b.gateway ? -1 : 1;
