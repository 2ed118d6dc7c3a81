/**
 * Files of the request log by their names. A segment is `<gateway>.<run>.<n>.jsonl`, packed `.jsonl.gz`; beside it stand
 * the keys that it was begun with, sealed to the admins: `….mac.json` (of its MACs), `….address.json` and `….ci-user.json`
 * (of its personal fields). Removing one of the last two is what erases that field.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

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
};

const shape = /^([\w-]{16})\.([1-9]\d{0,15})\.([1-9]\d{0,8})\.jsonl(\.gz)?$/;

/** What is personal of a row. Each has a key of its own in each segment, so that each goes at its time. */
export const personFields = ['address', 'ciUser'] as const;
export type PersonField = (typeof personFields)[number];
const fieldFiles = { address: 'address', ciUser: 'ci-user' } as const;

export const segmentsDir = (dir: string): string => join(dir, 'segments');
export const segmentName = ({ gateway, run, n }: SegmentName): string => `${gateway}.${run}.${n}`;
export const macKeysPath = (dir: string, name: string): string => join(segmentsDir(dir), `${name}.mac.json`);
export const fieldKeysPath = (dir: string, name: string, field: PersonField): string =>
  join(segmentsDir(dir), `${name}.${fieldFiles[field]}.json`);
export const segmentPath = (dir: string, name: string): string => join(segmentsDir(dir), `${name}.jsonl`);

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
 * All segments of a request log, by gateway, run and number. One that is there both packed and not (its packing was
 * killed before the plain one went) is told once, as the plain one. Links, folders and pipes are none of ours.
 * @param dir of the request log; none there: none
 */
export async function listSegments(dir: string): Promise<readonly SegmentFile[]> {
  let files: readonly string[];
  try {
    const entries = await readdir(segmentsDir(dir), { withFileTypes: true });
    files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const found = new Map<string, SegmentFile>();
  for (const file of files) {
    const parsed = parseSegmentFile(file);
    if (parsed === undefined) continue;
    const name = segmentName(parsed);
    if (parsed.isPacked && found.has(name)) continue;
    found.set(name, { ...parsed, name, path: join(segmentsDir(dir), file) });
  }
  return [...found.values()].toSorted(inOrder);
}

const inOrder = (a: SegmentFile, b: SegmentFile): number =>
  a.gateway === b.gateway ? a.run - b.run || a.n - b.n : a.gateway < b.gateway ? -1 : 1;
