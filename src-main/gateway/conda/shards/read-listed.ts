/** Takes the records out of an index as it is served, for its shards. Runs in a worker, on a document of ours. */
import { ByteWriter } from '../../documents/byte-writer.ts';
import type { DocumentReader } from '../../documents/document-reader.ts';
import { JsonRecords } from '../../documents/json-records.ts';
import { HashSet, NameHash } from '../../documents/name-hash.ts';
import { TooLargeError } from '../../documents/not-an-index.ts';
import { knownRevision, namesOf, treatmentOf } from '../index-shape.ts';
import { readRecord } from '../record-facts.ts';
import type { ListedRecords } from './listed-records.ts';
import { shardContainers } from './listed-records.ts';
import type { ChannelId } from '../../../../shared/model/ids.ts';

export type ListedJob = {
  readonly type: 'conda-listed';
  readonly channelId: ChannelId;
  readonly subdir: string;
};
/** The pieces beside it are keys and records, one after the other. */
export type ListedResult = {
  readonly digest: string;
  readonly names: readonly string[];
  readonly hasRevision: boolean;
  readonly removed: readonly string[];
  /** By record: its name, its container, the lengths of its key and of itself. */
  readonly columns: Uint32Array<ArrayBuffer>;
};

const columnsOfRow = 4;
/** Ten times what conda-forge has: they stand in a thread's memory. */
const maxNames = 300_000;

export class ListedReader implements DocumentReader<ListedResult> {
  readonly #records: JsonRecords;
  readonly #out = new ByteWriter();
  readonly #names = new Map<string, number>();
  #place = 0;
  #hasRevision = false;
  #columns = new Uint32Array(columnsOfRow * 256);
  #rows = 0;
  #removed: readonly string[] = [];

  constructor({ channelId, subdir }: ListedJob) {
    let extension: string | undefined;
    const hash = new NameHash();
    const files = new HashSet();
    this.#records = new JsonRecords({
      treat: treatmentOf,
      open: (path, treatment) => {
        this.#hasRevision ||= path[0] === knownRevision;
        extension = path[0] === knownRevision ? path[1] : undefined;
        if (treatment === 'records')
          this.#place = shardContainers.findIndex((known) => known === path.join('/'));
      },
      close: () => {},
      record: (_path, name, _key, value, commas) => {
        const facts = readRecord(name, value, commas, { channelId, subdir, extension })?.facts;
        // Of two containers that have it the first.
        if (facts === undefined || !files.add(hash.of(facts.filename))) return;
        this.#row(facts.name, Buffer.from(name), value);
      },
      whole: ([top], value) => {
        if (top === 'removed') this.#removed = namesOf(value);
      },
      skipped: () => {},
    });
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#records.push(chunk);
    return this.#out.take();
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: ListedResult } {
    this.#records.end();
    return {
      pieces: this.#out.take(),
      result: {
        digest: '',
        names: [...this.#names.keys()],
        hasRevision: this.#hasRevision,
        removed: this.#removed,
        columns: this.#columns.slice(0, this.#rows * columnsOfRow),
      },
    };
  }

  #row(name: string, key: Buffer, value: Buffer): void {
    let id = this.#names.get(name);
    if (id === undefined) {
      if (this.#names.size === maxNames) throw new TooLargeError();
      id = this.#names.size;
      this.#names.set(name, id);
    }
    const at = this.#rows * columnsOfRow;
    if (at === this.#columns.length) {
      const columns = new Uint32Array(this.#columns.length * 2);
      columns.set(this.#columns);
      this.#columns = columns;
    }
    this.#columns.set([id, this.#place, key.length, value.length], at);
    this.#rows += 1;
    this.#out.bytes(key);
    this.#out.bytes(value);
  }
}

/** The records that such a job found. @param pieces each has whole records */
export function listedIn(
  { names, hasRevision, removed, columns }: ListedResult,
  pieces: readonly Uint8Array[],
): ListedRecords {
  const column = (row: number, which: number): number => columns[row * columnsOfRow + which] ?? 0;
  const rows: number[][] = names.map(() => []);
  const count = columns.length / columnsOfRow;
  const pieceOf = new Uint32Array(count);
  const starts = new Uint32Array(count);
  let piece = 0;
  let start = 0;
  for (let row = 0; row < count; row += 1) {
    while (start === pieces[piece]?.length) {
      piece += 1;
      start = 0;
    }
    pieceOf[row] = piece;
    starts[row] = start;
    start += column(row, 2) + column(row, 3);
    rows[column(row, 0)]?.push(row);
  }
  const part = (row: number, from: number, length: number): Uint8Array => {
    const at = (starts[row] ?? 0) + from;
    return (pieces[pieceOf[row] ?? 0] ?? new Uint8Array()).subarray(at, at + length);
  };
  return {
    names,
    hasRevision,
    removed,
    rowsOf: (name) => rows[name] ?? [],
    placeOf: (row) => column(row, 1),
    sizeOf: (row) => column(row, 2) + column(row, 3),
    partsOf: (row) => [part(row, 0, column(row, 2)), part(row, column(row, 2), column(row, 3))],
  };
}
