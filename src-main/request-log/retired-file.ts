/**
 * What went by retention, or because there was no more room: a line of `retired.jsonl` each. Invariant: a line counts
 * only as far as a gateway's signature, the vault or what is still there bears it out (judge-retired.ts): whoever can
 * write this file cannot make a segment that he took away look as old as it would have to be.
 */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOfSeed } from '../base/seed-key.ts';
import { readIfThere } from '../disk/read-file.ts';
import { replaceFile } from '../disk/write-file.ts';
import { parseSegmentFile } from './segment-files.ts';
import { isSegmentSignature, signSegment } from './segment-signature.ts';

export type RetiredSegment = {
  readonly segment: string;
  readonly root: string;
  /** `room`: it was the oldest, and the log was as large as it may be. */
  readonly why: 'retention' | 'room';
  /** When the last of it was written. */
  readonly endMs: number;
  readonly atMs: number;
  /** The gateway of the folder that it was taken from, and its signature of all that; '' where that had no key. */
  readonly by: string;
  readonly sig: string;
};

/** Who says that something was taken away. */
export type RetiredSigner = { readonly gatewayId: string; readonly seed: string };

const pathOf = (dir: string): string => join(dir, 'retired.jsonl');
/** Some 800 bytes each: those of eighty thousand runs. */
const maxBytes = 64 * 1024 * 1024;
/** Read in some milliseconds. */
const defaultLargeBytes = 1024 * 1024;
const append =
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_WRONLY |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOFOLLOW ?? 0);

/**
 * By the segments' names; lines that are none are left out, so that their segments are told as missing.
 * @throws LatchkeyError when it cannot be read
 */
export async function readRetired(dir: string): Promise<ReadonlyMap<string, RetiredSegment>> {
  const bytes = await readIfThere(pathOf(dir), { maxBytes, refuseLink: true });
  const retired = new Map<string, RetiredSegment>();
  for (const line of bytes?.toString('utf8').split('\n') ?? []) {
    const found = parse(line);
    if (found !== undefined) retired.set(found.segment, found);
  }
  return retired;
}

/** Of a run, whose segments go one after the other: what was before the last one that went has gone, too. */
export function lastOfRuns(names: Iterable<string>): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const name of names) {
    const segment = parseSegmentFile(`${name}.jsonl`);
    if (segment === undefined) continue;
    const run = `${segment.gateway}.${segment.run}`;
    last.set(run, Math.max(segment.n, last.get(run) ?? 0));
  }
  return last;
}

/**
 * Leaves of each run what says that its last one went, once the file is large. For one process at a time: a line that another
 * adds meanwhile is lost.
 * @throws LatchkeyError when it cannot be read or written
 */
export async function shortenRetired(dir: string, largeBytes = defaultLargeBytes): Promise<void> {
  if ((await sizeOf(pathOf(dir))) < largeBytes) return;
  const retired = await readRetired(dir);
  const last = lastOfRuns(retired.keys());
  const kept = [...retired.values()].filter(({ segment }) => {
    const at = segment.lastIndexOf('.');
    return last.get(segment.slice(0, at)) === Number(segment.slice(at + 1));
  });
  if (kept.length === retired.size) return;
  const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
  await replaceFile(pathOf(dir), text, { mode: 0o600, refuseLink: true });
}

const sizeOf = (path: string): Promise<number> =>
  lstat(path).then(
    ({ size }) => size,
    () => 0,
  );

function parse(line: string): RetiredSegment | undefined {
  try {
    const value = JSON.parse(line) as RetiredSegment | null;
    return typeof value?.segment === 'string' && typeof value.root === 'string' ? value : undefined;
  } catch {
    // Torn, or somebody's hand.
    return undefined;
  }
}

/** A line, on the disk when this resolves. Several processes may append at once; a torn line before it stays one. */
export async function noteRetired(
  dir: string,
  said: Omit<RetiredSegment, 'by' | 'sig'>,
  signer: RetiredSigner | undefined,
): Promise<void> {
  const by = signer?.gatewayId ?? '';
  const sig =
    signer === undefined ? '' : signSegment(keyOfSeed(signer.seed), by, claimOf(said), 'lk-retired');
  const file = await open(pathOf(dir), append, 0o600);
  try {
    await file.write(`\n${JSON.stringify({ ...said, by, sig })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the gateway that it names says so. @param x of that gateway's key, from a place that is not the log */
export function isSignedRetired(line: RetiredSegment, x: string): boolean {
  return isSegmentSignature(String(line.sig), x, String(line.by), claimOf(line), 'lk-retired');
}

const claimOf = ({ segment, root, why, endMs, atMs }: Omit<RetiredSegment, 'by' | 'sig'>): string =>
  JSON.stringify({ segment, root, why, endMs, atMs });
