/**
 * Reads a feed as it is now and joins it to what was kept. Invariant: nothing takes a record away but its author's word
 * (withdrawn) or an operator's; an older copy of a record never replaces a newer one; what was kept stands until all of
 * the new is written.
 */
import { createHash } from 'node:crypto';
import { replaceFileByPieces } from '../../disk/write-file.ts';
import type { FeedBounds } from './bounds.ts';
import { feedBounds } from './bounds.ts';
import { Tally } from './bytes.ts';
import { entriesOf, filesOf } from './entries.ts';
import { FeedError } from './problem.ts';
import type { FeedKind } from './readers.ts';
import { readers } from './readers.ts';
import type { FeedRecord } from './records.ts';
import { keptRecords } from './records.ts';
import { isWhole } from './whole-records.ts';

export type ReadFeedJob = {
  readonly kind: FeedKind;
  /** A folder, an archive or a file. */
  readonly path: string;
  /** Records of before, and what their file must be: of one that is another nothing is used. */
  readonly kept?: { readonly path: string; readonly sha256: string | undefined } | undefined;
  /** How the source was then: when it still is, nothing is read. */
  readonly lastStamp?: string | undefined;
  /** Takes the source as it is: fewer records than before, and none that it has no longer. */
  readonly acceptShrunk: boolean;
  /** Where the records go. */
  readonly toPath: string;
  readonly bounds?: FeedBounds;
  /** For tests; the computer's otherwise. */
  readonly nowMs?: number;
};

export type ReadFeed =
  | { readonly status: 'unchanged' }
  /** So much smaller that somebody has to look; what was kept stands. */
  | { readonly status: 'shrunk'; readonly from: number; readonly to: number }
  | {
      readonly status: 'read';
      /** That count: neither withdrawn nor of nothing. */
      readonly records: number;
      /** Of them, those that the source has no longer. */
      readonly gone: number;
      readonly bad: number;
      readonly firstBad?: string;
      readonly stamp: string;
      /** Of the written file, hex. */
      readonly sha256: string;
      /** What was kept before was damaged. */
      readonly wasDamaged: boolean;
    };

/** A feed that lost more than this part of its records waits for somebody. */
const shrinksBy = 0.1;
/** Fewer say nothing: one of five is a fifth. */
const shrinksFrom = 10;
/** More than this part cannot be read: it is not what it was taken for. */
const mostBad = 0.1;

/** @throws FeedError; LatchkeyError of the disk */
export async function readFeed(job: ReadFeedJob): Promise<ReadFeed> {
  const tally = new Tally(job.bounds ?? feedBounds);
  const files = await filesOf(job.path, tally);
  const stamp = createHash('sha256')
    .update(JSON.stringify([job.kind, files.map((file) => [file.place, file.stamp])]))
    .digest('hex');
  if (stamp === job.lastStamp && !job.acceptShrunk) return { status: 'unchanged' };

  const before = new Map<string, FeedRecord>();
  const isKeptGood = job.kept === undefined || (await isWhole(job.kept.path, job.kept.sha256));
  if (isKeptGood) for await (const record of keptRecords(job.kept?.path)) before.set(record.id, record);
  const read = await readAll(job, files, before, tally);
  const good = read.found.size;
  if (isMostlyBad(read.bad, good)) throw manyBad(read, job.path);
  if (good === 0) throw new FeedError('empty', job.path);

  const counted = (records: Iterable<FeedRecord>): number => [...records].filter(counts).length;
  const [from, to] = [counted(presentOf(before)), counted(read.found.values()) + read.badIds.size];
  if (!job.acceptShrunk && from >= shrinksFrom && to < (1 - shrinksBy) * from)
    return { status: 'shrunk', from, to };

  const after = job.acceptShrunk ? read.found : joined(before, read.found, read.badIds);
  const sha256 = await write(job.toPath, after, tally.bounds);
  const all = [...after.values()];
  return {
    status: 'read',
    records: all.filter((record) => record.isWithdrawn === undefined).length,
    gone: all.filter((record) => record.isGone === true).length,
    bad: read.bad,
    ...(read.firstBad === undefined ? {} : { firstBad: read.firstBad }),
    stamp,
    sha256,
    wasDamaged: !isKeptGood,
  };
}

const isMostlyBad = (bad: number, good: number): boolean => bad > mostBad * (good + bad);

const manyBad = ({ bad, found, firstBad }: Found, path: string): FeedError =>
  new FeedError('many-bad', firstBad ?? path, `${bad} of ${found.size + bad} records cannot be read`);

const counts = ({ isWithdrawn, isGone }: FeedRecord): boolean =>
  isWithdrawn === undefined && isGone === undefined;
const presentOf = (records: ReadonlyMap<string, FeedRecord>) => records.values();

type Found = {
  readonly found: Map<string, FeedRecord>;
  bad: number;
  firstBad: string | undefined;
  /** Records that are there and cannot be read: what was kept of them stands. */
  readonly badIds: Set<string>;
};

async function readAll(
  job: ReadFeedJob,
  files: Awaited<ReturnType<typeof filesOf>>,
  before: ReadonlyMap<string, FeedRecord>,
  tally: Tally,
): Promise<Found> {
  const { forms, read } = readers[job.kind];
  const result: Found = { found: new Map(), bad: 0, firstBad: undefined, badIds: new Set() };
  const sameFiles = new Map(
    [...before.values()].flatMap((record) => (record.from === undefined ? [] : [[record.from, record]])),
  );
  const latestMs = (job.nowMs ?? Date.now()) + clocksDifferByMs;
  let isOfKind = files.length === 0;
  for await (const entry of entriesOf(files, tally)) {
    if (!forms.includes(entry.form)) continue;
    isOfKind = true;
    const same = entry.stamp === undefined ? undefined : sameFiles.get(`${entry.place} ${entry.stamp}`);
    if (same !== undefined) {
      take(result.found, { ...same, isGone: undefined }, latestMs);
      continue;
    }
    for await (const one of read(entry, tally)) {
      if (one.ok) {
        const { record } = one;
        // Who takes the source as it is takes older copies too.
        const known = record === undefined || job.acceptShrunk ? undefined : before.get(record.id);
        if (record !== undefined) take(result.found, newer(known, record, latestMs), latestMs);
      } else {
        result.bad += 1;
        result.firstBad ??= `${one.place}: ${one.why}`;
        // However many good ones may still come.
        if (isMostlyBad(result.bad, tally.bounds.records)) throw manyBad(result, job.path);
        if (one.id !== undefined && before.has(one.id)) result.badIds.add(one.id);
      }
    }
    if (result.found.size > tally.bounds.records)
      throw new FeedError('too-large', job.path, `more than ${tally.bounds.records} records`);
  }
  if (!isOfKind) throw new FeedError('not-known', job.path, `no file for ${job.kind} in it`);
  for (const id of result.found.keys()) result.badIds.delete(id);
  return result;
}

/** A record from later than that has a time that somebody made up. */
const clocksDifferByMs = 24 * 3_600_000;

/** Of one id twice in a feed the newer one counts. */
function take(found: Map<string, FeedRecord>, record: FeedRecord, latestMs: number): void {
  found.set(record.id, newer(found.get(record.id), record, latestMs));
}

/**
 * A record that claims to be older than what is known of it is an old copy; but what claims to be of the future, once and
 * wrongly, must not stand against every correction.
 */
function newer(known: FeedRecord | undefined, record: FeedRecord, latestMs: number): FeedRecord {
  const isOlder =
    known?.modifiedMs !== undefined &&
    record.modifiedMs !== undefined &&
    record.modifiedMs < known.modifiedMs &&
    known.modifiedMs <= latestMs;
  return isOlder ? { ...known, isGone: undefined } : record;
}

/** All that is there, and what of before is not, marked. */
function joined(
  before: ReadonlyMap<string, FeedRecord>,
  found: ReadonlyMap<string, FeedRecord>,
  badIds: ReadonlySet<string>,
): Map<string, FeedRecord> {
  const all = new Map(found);
  for (const [id, record] of before) {
    if (all.has(id)) continue;
    all.set(
      id,
      badIds.has(id) ? { ...record, isGone: undefined } : { ...record, from: undefined, isGone: true },
    );
  }
  return all;
}

async function write(
  path: string,
  records: ReadonlyMap<string, FeedRecord>,
  bounds: FeedBounds,
): Promise<string> {
  const hash = createHash('sha256');
  let length = 0;
  const pieces = async function* (): AsyncGenerator<Buffer> {
    let batch: string[] = [];
    const bytesOf = (): Buffer => {
      const bytes = Buffer.from(batch.join(''), 'utf8');
      batch = [];
      hash.update(bytes);
      length += bytes.length;
      if (length > bounds.keptBytes)
        throw new FeedError('too-large', path, `more than ${bounds.keptBytes} bytes of records`);
      return bytes;
    };
    for (const id of [...records.keys()].toSorted()) {
      batch.push(`${JSON.stringify(records.get(id))}\n`);
      if (batch.length >= 1000) yield bytesOf();
    }
    yield bytesOf();
  };
  await replaceFileByPieces(path, pieces(), { mode: 0o600 });
  return hash.digest('hex');
}
