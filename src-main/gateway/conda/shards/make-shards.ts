/**
 * Makes all shards of an index, batch by batch in a worker, while the event loop goes on. Invariant: what is in memory at
 * once is the index, one batch and what came of it; shards that are known are not made again.
 */
import type { Lane } from '../../documents/worker-threads.ts';
import { HashSet } from '../../documents/name-hash.ts';
import { knownRevision } from '../index-shape.ts';
import { nameOfFile } from '../record-facts.ts';
import type { EncodedShards, ShardBatch } from './encode-shards.ts';
import { beginningOf, digestBytes } from './encode-shards.ts';
import type { ListedRecords } from './listed-records.ts';
import { shardContainers } from './listed-records.ts';
import type { Shard } from './shard-set.ts';
import { ShardIndexBuilder } from './shard-set.ts';

/** One step of a worker: some milliseconds. */
const batchBytes = 256 * 1024;
/** Of one name's records, which are one step: five times what any name of conda-forge has. */
const maxNameBytes = 32 * 1024 * 1024;

const isRevision = shardContainers.map((container) => container.startsWith(`${knownRevision}/`));

/** The index cannot be given in shards; it can as a whole. */
export class NotShardedError extends Error {}

export type KnownShards = ReadonlyMap<string, Shard>;
export type MadeShards = {
  readonly shards: ReadonlyMap<string, Shard>;
  readonly index: Uint8Array;
  readonly unreadable: number;
};

/**
 * @param known by their fingerprints
 * @param maxBytes of all shards together
 * @throws NotShardedError where they would have more
 */
export async function makeShards(
  lane: Lane,
  records: ListedRecords,
  subdir: string,
  known: KnownShards,
  maxBytes: number,
): Promise<MadeShards> {
  const index = new ShardIndexBuilder();
  const table = tableOf(known);
  const removed = removedByName(records.removed);
  let bytes = 0;
  let unreadable = 0;
  let revisionRecords = 0;
  const take = (names: readonly Named[], made: EncodedShards): Named[] => {
    const missing: Named[] = [];
    let at = 0;
    unreadable += made.unreadable;
    for (const [place, name] of names.entries()) {
      const length = made.lengths[place] ?? 0;
      const fingerprint = latin1(made.fingerprints, place);
      const shard =
        length === 0
          ? known.get(fingerprint)
          : {
              fingerprint,
              digest: made.digests.slice(place * digestBytes, (place + 1) * digestBytes),
              // Of its own, so that it can go when the others stay.
              bytes: made.bytes.slice(at, at + length),
            };
      at += length;
      if (shard === undefined) missing.push(name);
      else {
        bytes += shard.bytes.length;
        index.add(name.name, shard);
      }
    }
    if (bytes > maxBytes) throw new NotShardedError();
    return missing;
  };
  const run = async (names: readonly Named[], isKnown: boolean): Promise<Named[]> => {
    const batch = batchOf(records, names, removed, isKnown ? table : undefined);
    if (isKnown) revisionRecords += batch.places.filter((place) => isRevision[place] === true).length;
    const made = await lane.run<EncodedShards>('encodeShards', [batch], [batch.bytes.buffer as ArrayBuffer]);
    return take(names, made);
  };
  for (const names of batches(records)) {
    // One after the other: a thread has one queue, and others stand in it too.
    // oxlint-disable-next-line no-await-in-loop
    const missing = await run(names, true);
    // Two fingerprints began alike.
    // oxlint-disable-next-line no-await-in-loop
    if (missing.length > 0) await run(missing, false);
  }
  return {
    shards: index.shards,
    index: await index.build(subdir, records.hasRevision ? revisionRecords : undefined),
    unreadable,
  };
}

type Named = { readonly name: string; readonly rows: readonly number[] };

/** Names that go to the worker together. */
function* batches(records: ListedRecords): Generator<readonly Named[]> {
  let names: Named[] = [];
  let bytes = 0;
  for (const [number, name] of records.names.entries()) {
    const rows = records.rowsOf(number);
    let nameBytes = 0;
    for (const row of rows) nameBytes += records.sizeOf(row);
    if (nameBytes > maxNameBytes) throw new NotShardedError();
    if (names.length > 0 && bytes + nameBytes > batchBytes) {
      yield names;
      names = [];
      bytes = 0;
    }
    names.push({ name, rows });
    bytes += nameBytes;
  }
  if (names.length > 0) yield names;
}

function batchOf(
  records: ListedRecords,
  names: readonly Named[],
  removed: ReadonlyMap<string, readonly string[]>,
  known: Uint32Array<ArrayBuffer> | undefined,
): ShardBatch {
  const rows = names.flatMap((name) => name.rows);
  const lengths = new Uint32Array(rows.length * 2);
  let total = 0;
  const parts = rows.map((row, at) => {
    const [key, record] = records.partsOf(row);
    lengths[at * 2] = key.length;
    lengths[at * 2 + 1] = record.length;
    total += key.length + record.length;
    return [key, record] as const;
  });
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts.flat()) {
    bytes.set(part, at);
    at += part.length;
  }
  return {
    counts: Uint32Array.from(names, (name) => name.rows.length),
    removed: names.map((name) => removedOf(records, name, removed)),
    places: Uint8Array.from(rows, (row) => records.placeOf(row)),
    lengths,
    bytes,
    known,
  };
}

/** One that is listed again is not: clients would leave it out. */
function removedOf(
  records: ListedRecords,
  { name, rows }: Named,
  removed: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const files = removed.get(name);
  if (files === undefined) return [];
  const listed = new Set(rows.map((row) => Buffer.from(records.partsOf(row)[0]).toString()));
  return files.filter((file) => !listed.has(file) && !listed.has(stemOf(file)));
}

const stemOf = (file: string): string => file.replace(/\.(?:conda|tar\.bz2)$/, '');

/** By name; those whose names say none are left out: clients read them as file names. */
function removedByName(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const removed = new Map<string, string[]>();
  for (const file of new Set(files)) {
    const name = nameOfFile(file)?.name;
    if (name === undefined) continue;
    const known = removed.get(name);
    if (known === undefined) removed.set(name, [file]);
    else known.push(file);
  }
  return removed;
}

/** In memory that threads share. */
function tableOf(known: KnownShards): Uint32Array<ArrayBuffer> | undefined {
  if (known.size === 0) return undefined;
  const set = new HashSet();
  for (const fingerprint of known.keys()) set.add(beginningOf(Buffer.from(fingerprint, 'latin1')));
  const shared = new Uint32Array(new SharedArrayBuffer(set.places.byteLength));
  shared.set(set.places);
  return shared as unknown as Uint32Array<ArrayBuffer>;
}

const latin1 = (digests: Uint8Array, place: number): string =>
  Buffer.from(digests.buffer, digests.byteOffset + place * digestBytes, digestBytes).toString('latin1');
