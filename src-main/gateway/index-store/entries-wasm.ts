/**
 * The scanner in WebAssembly, compiled from wasm/entries.ts: memory, tables of texts and calls. Invariant: before each call
 * there is room for all that the call may add, so that the module itself never looks for memory.
 */
import type { HashKey } from '../documents/name-hash.ts';
import { entriesModule } from './entries-bytes.ts';
import type { EntryScanner, ScannedEntries, TextBuffers, TextKind } from './entry-scanner.ts';
import { endBytes, maxInputBytes, maxRows, rowNumbers, textKinds } from './entry-scanner.ts';
import type { WasmGlobal } from './web-assembly.ts';
import { webAssembly } from './web-assembly.ts';

type Exports = {
  readonly errAt: WasmGlobal;
  readonly rowCount: WasmGlobal;
  readonly resumeAt: WasmGlobal;
  readonly isClosed: WasmGlobal;
  begin(room: number, key: number): void;
  place(subdir: number, subdirLength: number, suffix: number, suffixLength: number): void;
  value(from: number, depth: number): number;
  entries(
    from: number,
    isFirst: number,
    row: number,
    maxRows: number,
    names: number,
    versions: number,
    licenses: number,
  ): void;
  intern(table: number, start: number, end: number): number;
  widen(table: number, slots: number, mask: number): void;
};

const pageBytes = 64 * 1024;
const rowsBytes = maxRows * rowNumbers * 4;
/** Where what is in memory. Below 4 kB: room of the module. */
const place = { key: 4096, subdir: 4352, suffix: 5376, tables: 6144, rows: 8192 } as const;
const inputAt = place.rows + rowsBytes;
const heapAt = (inputAt + maxInputBytes + endBytes + 1024) & ~63;

/** Numbers of a table of texts (wasm/entries.ts). */
const tableNumbers = 16;
const [count, mask, slots, entries, top, entriesRoom, topRoom] = [0, 1, 2, 3, 4, 5, 6] as const;
const firstSlots = 8192;
/** Room for texts is taken in pieces of this. */
const leastTextBytes = 256 * 1024;

export class WasmScanner implements EntryScanner {
  readonly inputAt = inputAt;
  readonly #memory = new webAssembly.Memory({ initial: Math.ceil(heapAt / pageBytes) });
  readonly #calls: Exports;
  #free = heapAt;
  #textBytes = 0;
  bytes!: Uint8Array;
  rows!: Uint32Array;
  times!: Float64Array;
  #numbers!: Uint32Array;

  constructor() {
    const instance = new webAssembly.Instance(entriesModule(), { env: { memory: this.#memory } });
    this.#calls = instance.exports as Exports;
    this.#look();
    for (const kind of textKinds) {
      const table = tableOf(kind);
      this.#set(table, mask, firstSlots - 1);
      this.#set(table, slots, this.#take(firstSlots * 8));
      this.#set(table, entriesRoom, firstSlots / 2);
      this.#set(table, entries, this.#take((firstSlots / 2) * 16));
    }
  }

  get textBytes(): number {
    return this.#textBytes;
  }

  begin(key: HashKey, subdir: string): void {
    this.bytes.set(key, place.key);
    this.#calls.begin(0, place.key);
    this.#subdirBytes = Buffer.from(subdir).subarray(0, 1024);
    this.enter('');
  }
  #subdirBytes: Uint8Array = Buffer.alloc(0);

  enter(suffix: string): void {
    const bytes = Buffer.from(suffix);
    this.bytes.set(this.#subdirBytes, place.subdir);
    this.bytes.set(bytes, place.suffix);
    this.#calls.place(place.subdir, this.#subdirBytes.length, place.suffix, bytes.length);
  }

  value(from: number, depth: number): number {
    const to = this.#try(() => this.#calls.value(from, depth));
    return to ?? -this.#at('errAt');
  }

  entries(from: number, end: number, isFirst: boolean): ScannedEntries {
    for (const kind of textKinds) this.#makeRoom(kind, maxRows, end - from);
    const isWhole = this.#try(() => {
      const [names, versions, licenses] = [tableOf('name'), tableOf('version'), tableOf('license')];
      this.#calls.entries(from, Number(isFirst), place.rows, maxRows, names, versions, licenses);
      return true;
    });
    return {
      rows: this.#at('rowCount'),
      resumeAt: this.#at('resumeAt'),
      isClosed: this.#at('isClosed') === 1,
      stoppedAt: isWhole === true ? undefined : this.#at('errAt'),
    };
  }

  intern(kind: TextKind, text: string): number {
    const bytes = Buffer.from(text);
    // Twice: where it is put first, and where it is kept.
    this.#makeRoom(kind, 1, 2 * bytes.length + 8);
    const from = this.#get(tableOf(kind), topRoom) - bytes.length - 8;
    this.bytes.set(bytes, from);
    return this.#calls.intern(tableOf(kind), from, from + bytes.length);
  }

  texts(kind: TextKind): TextBuffers {
    const table = tableOf(kind);
    const number = this.#get(table, count);
    const from = this.#get(table, entries) / 4;
    const offsets = new Uint32Array(number + 1);
    let sum = 0;
    for (let index = 0; index < number; index += 1) {
      offsets[index] = sum;
      sum += this.#numbers[from + index * 4 + 1] ?? 0;
    }
    offsets[number] = sum;
    const bytes = new Uint8Array(sum);
    for (let index = 0; index < number; index += 1) {
      const start = this.#numbers[from + index * 4] ?? 0;
      const length = this.#numbers[from + index * 4 + 1] ?? 0;
      bytes.set(this.bytes.subarray(start, start + length), offsets[index]);
    }
    return { bytes, offsets };
  }

  /** The answer; undefined where the module stopped. */
  #try<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (error instanceof webAssembly.RuntimeError) return undefined;
      throw error;
    }
  }

  #makeRoom(kind: TextKind, more: number, bytes: number): void {
    const table = tableOf(kind);
    const wanted = this.#get(table, count) + more;
    if (wanted > this.#get(table, entriesRoom)) {
      const room = Math.max(this.#get(table, entriesRoom) * 2, wanted);
      const to = this.#take(room * 16);
      const from = this.#get(table, entries);
      this.bytes.copyWithin(to, from, from + this.#get(table, count) * 16);
      this.#set(table, entries, to);
      this.#set(table, entriesRoom, room);
    }
    if (wanted * 2 > this.#get(table, mask)) {
      const number = 2 ** Math.ceil(Math.log2(wanted * 4));
      this.#calls.widen(table, this.#take(number * 8), number - 1);
    }
    if (this.#get(table, topRoom) - this.#get(table, top) < bytes) {
      const room = Math.max(bytes, leastTextBytes) * 2;
      const start = this.#take(room);
      this.#textBytes += room;
      this.#set(table, top, start);
      this.#set(table, topRoom, start + room);
    }
  }

  /** Zeros that nobody has. */
  #take(bytes: number): number {
    const start = this.#free;
    this.#free = (start + bytes + 63) & ~63;
    const lacking = this.#free - this.bytes.length;
    if (lacking > 0) {
      this.#memory.grow(Math.ceil(lacking / pageBytes));
      this.#look();
    }
    return start;
  }

  #look(): void {
    const { buffer } = this.#memory;
    this.bytes = new Uint8Array(buffer);
    this.#numbers = new Uint32Array(buffer);
    this.rows = new Uint32Array(buffer, place.rows, maxRows * rowNumbers);
    this.times = new Float64Array(buffer, place.rows, (maxRows * rowNumbers) / 2);
  }

  #get(table: number, number: number): number {
    return this.#numbers[table / 4 + number] ?? 0;
  }

  #set(table: number, number: number, to: number): void {
    this.#numbers[table / 4 + number] = to;
  }

  #at(name: 'errAt' | 'rowCount' | 'resumeAt' | 'isClosed'): number {
    return this.#calls[name].value >>> 0;
  }
}

const tableOf = (kind: TextKind): number => place.tables + textKinds.indexOf(kind) * tableNumbers * 4;
