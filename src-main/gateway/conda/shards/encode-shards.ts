/**
 * Makes shards (CEP 16) of records of a conda index, some names at a time. Runs in a worker. Invariant: a shard has the
 * records that it was given and nothing else; its bytes are one zstd frame, a function of these records alone.
 */
import { createHash } from 'node:crypto';
// As a whole: not each Node has zstd.
import * as zlib from 'node:zlib';
import { HashSet } from '../../documents/name-hash.ts';
import { knownRevision } from '../index-shape.ts';
import { shardContainers } from './listed-records.ts';
import { MessagePackWriter } from './message-pack.ts';
import { RecordTranscoder } from './record-transcoder.ts';

/** Of the bytes that are made: others under the same fingerprint are never taken for these. */
const formatVersion = 1;

/** Records of some names, name after name, those of one name container after container. */
export type ShardBatch = {
  /** How many records each name has. */
  readonly counts: Uint32Array;
  /** Files of each name that were taken out of the index. */
  readonly removed: readonly (readonly string[])[];
  /** By record, of `shardContainers`. */
  readonly places: Uint8Array;
  /** By record: how long its key is, and its JSON. */
  readonly lengths: Uint32Array;
  /** Keys, as they stand in their containers, each followed by its record. */
  readonly bytes: Uint8Array;
  /** Beginnings of fingerprints of shards that need not be made: two numbers each, in memory that threads share. */
  readonly known: Uint32Array<ArrayBuffer> | undefined;
};

/** Of SHA-256. */
export const digestBytes = 32;

/** By name. */
export type EncodedShards = {
  /** Of what each is made from. */
  readonly fingerprints: Uint8Array<ArrayBuffer>;
  /** Of its bytes. */
  readonly digests: Uint8Array<ArrayBuffer>;
  /** How many bytes it has; 0: it is known. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Records that no reader could rely on. */
  readonly unreadable: number;
};

/** @throws Error where a batch is not whole */
export function encodeShards(batch: ShardBatch): EncodedShards {
  const count = batch.counts.length;
  const fingerprints = new Uint8Array(count * digestBytes);
  const digests = new Uint8Array(count * digestBytes);
  const lengths = new Uint32Array(count);
  const frames: Uint8Array[] = [];
  const known = batch.known === undefined ? undefined : new HashSet(batch.known);
  const encoder = new ShardEncoder(batch);
  for (let name = 0; name < count; name += 1) {
    const fingerprint = encoder.next(batch.counts[name] ?? 0, batch.removed[name] ?? []);
    fingerprints.set(fingerprint, name * digestBytes);
    if (known?.has(beginningOf(fingerprint)) === true) continue;
    const frame = zlib.zstdCompressSync(encoder.encoded());
    digests.set(createHash('sha256').update(frame).digest(), name * digestBytes);
    lengths[name] = frame.length;
    frames.push(frame);
  }
  const bytes = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return { fingerprints, digests, lengths, bytes, unreadable: encoder.unreadable };
}

/** What a set of fingerprints is looked up by. */
export function beginningOf(fingerprint: Uint8Array): { readonly low: number; readonly high: number } {
  const view = new DataView(fingerprint.buffer, fingerprint.byteOffset, 8);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
}

type Part = readonly [container: string, first: number, last: number];

class ShardEncoder {
  unreadable = 0;
  readonly #batch: ShardBatch;
  readonly #out = new MessagePackWriter();
  readonly #transcoder = new RecordTranscoder(this.#out);
  /** Where each record begins, and the last ends. */
  readonly #starts: Float64Array;
  #first = 0;
  #last = 0;
  #removed: readonly string[] = [];

  constructor(batch: ShardBatch) {
    this.#batch = batch;
    const { lengths } = batch;
    this.#starts = new Float64Array(lengths.length / 2 + 1);
    for (let row = 0; row * 2 < lengths.length; row += 1)
      this.#starts[row + 1] =
        (this.#starts[row] ?? 0) + (lengths[row * 2] ?? 0) + (lengths[row * 2 + 1] ?? 0);
    if (this.#starts.at(-1) !== batch.bytes.length) throw new Error('A batch of shards is not whole.');
  }

  /** Goes on to the next name. @returns its fingerprint */
  next(rows: number, removed: readonly string[]): Uint8Array {
    const { places, lengths, bytes } = this.#batch;
    this.#first = this.#last;
    this.#last += rows;
    this.#removed = removed;
    const of = (numbers: Uint32Array): Uint8Array =>
      new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    return createHash('sha256')
      .update(JSON.stringify([formatVersion, rows, removed]))
      .update(places.subarray(this.#first, this.#last))
      .update(of(lengths.subarray(this.#first * 2, this.#last * 2)))
      .update(bytes.subarray(this.#starts[this.#first], this.#starts[this.#last]))
      .digest();
  }

  /** MessagePack of that name's, until another one is made. */
  encoded(): Uint8Array {
    const out = this.#out;
    out.cut(0);
    const parts = this.#parts();
    const revisions = parts.flatMap(([container, first, last]): Part[] => {
      const [revision, extension] = container.split('/');
      return revision === knownRevision && extension !== undefined ? [[extension, first, last]] : [];
    });
    out.map(revisions.length > 0 ? 4 : 3);
    for (const container of ['packages', 'packages.conda'])
      this.#records(parts.find(([name]) => name === container) ?? [container, 0, 0]);
    if (revisions.length > 0) {
      out.text(knownRevision);
      out.map(revisions.length);
      for (const part of revisions) this.#records(part);
    }
    out.text('removed');
    out.list(this.#removed.length);
    for (const file of this.#removed) out.text(file);
    return out.view();
  }

  #parts(): Part[] {
    const { places } = this.#batch;
    const parts: Part[] = [];
    for (let row = this.#first; row < this.#last;) {
      const [first, place] = [row, places[row] ?? 0];
      while (row < this.#last && places[row] === place) row += 1;
      parts.push([shardContainers[place] ?? '', first, row]);
    }
    return parts;
  }

  #records([container, first, last]: Part): void {
    const { lengths, bytes } = this.#batch;
    this.#out.text(container);
    const opened = this.#out.open();
    let count = 0;
    for (let row = first; row < last; row += 1) {
      const before = this.#out.length;
      const start = this.#starts[row] ?? 0;
      const recordAt = start + (lengths[row * 2] ?? 0);
      this.#out.utf8(bytes, start, recordAt);
      if (this.#transcoder.write(bytes.subarray(recordAt, this.#starts[row + 1]))) count += 1;
      else {
        this.#out.cut(before);
        this.unreadable += 1;
      }
    }
    this.#out.close(opened, 'map', count);
  }
}
