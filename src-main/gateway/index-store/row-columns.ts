/**
 * The rows of an index as columns in memory that threads share. Invariant: rows stand in the order of the document, those
 * of one container together; whatever is in them was checked, so that who has rows needs no look at the records.
 */
import * as buffers from 'node:buffer';
import type { FileRowBuffers } from './file-rows.ts';
import type { TextBuffers } from './entry-scanner.ts';

export type RowContainer = {
  readonly path: readonly string[];
  /** Of its files, where its keys have none (CEP 48). */
  readonly extension: string | undefined;
  /** Its rows: from `first` on, before `end`. */
  readonly first: number;
  readonly end: number;
};

export type RowColumns = {
  readonly count: number;
  /** Where an entry begins and ends among the kept bytes. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1: nothing but a comma and blanks stands between the row before and this one. */
  readonly joins: Uint8Array;
  readonly nameIds: Uint32Array;
  readonly versionIds: Uint32Array;
  /** 0xffffffff: it says none. */
  readonly licenseIds: Uint32Array;
  /** When the channel had it, by the channel's clock or the gateway's: milliseconds since the epoch. */
  readonly timesMs: Float64Array;
  /** Rows by name: those of a name stand from its number's place in `nameFirsts` on, before that of the next. */
  readonly byName: Uint32Array;
  readonly nameFirsts: Uint32Array;
  readonly names: TextBuffers;
  readonly versions: TextBuffers;
  readonly licenses: TextBuffers;
  readonly files: FileRowBuffers;
  readonly containers: readonly RowContainer[];
};

/** Numbers per row that a table of so many rows is made for, and grown by. */
const firstRows = 4096;

type Room = {
  readonly numbers: readonly Uint32Array[];
  readonly timesMs: Float64Array;
  readonly joins: Uint8Array;
};

/** Columns while they grow. */
export class ColumnsBuilder {
  #numbers: Uint32Array[];
  #timesMs: Float64Array;
  #joins: Uint8Array;
  count = 0;

  constructor(expected: number) {
    const rows = Math.max(firstRows, expected);
    this.#numbers = Array.from({ length: 5 }, () => sharedNumbers(rows));
    this.#timesMs = sharedTimes(rows);
    this.#joins = sharedFlags(rows);
  }

  /** Room for so many more, written by number: start, end, name, version, licence; and times. */
  room(rows: number): Room {
    const wanted = this.count + rows;
    if (wanted > this.#timesMs.length) {
      const room = Math.max(wanted, this.#timesMs.length * 2);
      this.#numbers = this.#numbers.map((column) => {
        const larger = sharedNumbers(room);
        larger.set(column);
        return larger;
      });
      const larger = sharedTimes(room);
      larger.set(this.#timesMs);
      this.#timesMs = larger;
      const joins = sharedFlags(room);
      joins.set(this.#joins);
      this.#joins = joins;
    }
    return { numbers: this.#numbers, timesMs: this.#timesMs, joins: this.#joins };
  }

  build(
    names: number,
  ): Pick<
    RowColumns,
    | 'count'
    | 'starts'
    | 'ends'
    | 'joins'
    | 'nameIds'
    | 'versionIds'
    | 'licenseIds'
    | 'timesMs'
    | 'byName'
    | 'nameFirsts'
  > {
    const { count } = this;
    const [starts, ends, nameIds, versionIds, licenseIds] = this.#numbers.map((column) =>
      column.subarray(0, count),
    ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    const timesMs = this.#timesMs.subarray(0, count);
    const joins = this.#joins.subarray(0, count);
    return {
      count,
      starts,
      ends,
      joins,
      nameIds,
      versionIds,
      licenseIds,
      timesMs,
      ...groups(nameIds, names),
    };
  }
}

/** Counting sort: rows of one name stay in their order. */
function groups(nameIds: Uint32Array, names: number): Pick<RowColumns, 'byName' | 'nameFirsts'> {
  const nameFirsts = sharedNumbers(names + 1);
  for (const name of nameIds) nameFirsts[name + 1] = (nameFirsts[name + 1] ?? 0) + 1;
  for (let name = 0; name < names; name += 1)
    nameFirsts[name + 1] = (nameFirsts[name + 1] ?? 0) + (nameFirsts[name] ?? 0);
  const next = nameFirsts.slice();
  const byName = sharedNumbers(nameIds.length);
  for (let row = 0; row < nameIds.length; row += 1) {
    const name = nameIds[row] ?? 0;
    const place = next[name] ?? 0;
    next[name] = place + 1;
    byName[place] = row;
  }
  return { byName, nameFirsts };
}

const sharedNumbers = (count: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
const sharedTimes = (count: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
const sharedFlags = (count: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(count));

/** A copy in memory that threads share. */
export function shared(numbers: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}

export function sharedBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}

/** Texts that are read by their number. */
export class Texts {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  /** All of them at once, where each character is one byte. */
  #ascii: string | undefined;

  constructor({ bytes, offsets }: TextBuffers) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offsets = offsets;
    this.count = Math.max(0, offsets.length - 1);
  }

  get(number: number): string {
    return this.#bytes.toString('utf8', this.#offsets[number], this.#offsets[number + 1]);
  }

  /** Every one of them; quicker than one by one. */
  all(): string[] {
    this.#ascii ??= isAscii(this.#bytes) ? this.#bytes.toString('latin1') : undefined;
    const text = this.#ascii;
    const found: string[] = [];
    for (let number = 0; number < this.count; number += 1)
      found.push(
        text === undefined ? this.get(number) : text.slice(this.#offsets[number], this.#offsets[number + 1]),
      );
    return found;
  }

  /** The number of a text. */
  find(text: string): number | undefined {
    const wanted = Buffer.from(text);
    if (wanted.length === 0) return undefined;
    for (let at = this.#bytes.indexOf(wanted); at !== -1; at = this.#bytes.indexOf(wanted, at + 1)) {
      const number = this.#startingAt(at);
      if (number !== undefined && this.#offsets[number + 1] === at + wanted.length) return number;
    }
    return undefined;
  }

  #startingAt(offset: number): number | undefined {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const start = this.#offsets[middle] ?? 0;
      // An empty one stands where the next begins.
      if (start < offset || (start === offset && this.#offsets[middle + 1] === offset)) low = middle + 1;
      else if (start > offset) high = middle - 1;
      else return middle;
    }
    return undefined;
  }
}

const isAscii = (bytes: Buffer): boolean => {
  // Newer nodes look at 16 bytes at once.
  const look = buffers.isAscii as ((input: Uint8Array) => boolean) | undefined;
  if (look !== undefined) return look(new Uint8Array(bytes));
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
};
