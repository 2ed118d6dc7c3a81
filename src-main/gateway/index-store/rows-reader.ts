/**
 * Reads an index of conda into rows. Runs in a worker, on a document of ours (links are out of it already). Invariant: the
 * whole document is JSON, by the letter, or nothing of it is used; a key that stands twice where it decides ends it; only
 * entries whose records can be relied on are kept, as the bytes that they are and with a time that their author did not
 * set; all else is left out and counted. A file that stands in two containers is taken from the first.
 */
import { createHash } from 'node:crypto';
import * as buffers from 'node:buffer';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { knownRevision, namesOf, objectIn, treatmentOf } from '../conda/index-shape.ts';
import { readRecord } from '../conda/record-facts.ts';
import type { NewSights, SightBuffers } from '../conda/sight-table.ts';
import { FoundSights, sightOf } from '../conda/sight-table.ts';
import { ByteWriter } from '../documents/byte-writer.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import type { Treatment } from '../documents/json-records.ts';
import { NameHash } from '../documents/name-hash.ts';
import { NotAnIndexError, TooLargeError } from '../documents/not-an-index.ts';
import { WasmScanner } from './entries-wasm.ts';
import type { EntryScanner } from './entry-scanner.ts';
import {
  at,
  endBytes,
  maxInputBytes,
  noNumber,
  rowFlags,
  rowNumbers,
  timeAt,
  timeNumbers,
} from './entry-scanner.ts';
import { FileRowsBuilder } from './file-rows.ts';
import { bytesOf, isBlank } from './json-tokens.ts';
import type { RowColumns, RowContainer } from './row-columns.ts';
import { ColumnsBuilder, shared, sharedBytes } from './row-columns.ts';

export type RowsJob = {
  readonly type: 'conda-rows';
  readonly channelId: ChannelId;
  readonly subdir: string;
  /** How long the document is. */
  readonly plainBytes: number;
  readonly nowMs: number;
  /** When files came for the first time, for those of which the index has no time of its own. */
  readonly sights: SightBuffers;
  /** Nothing of this document was seen before: its builders' times count. */
  readonly isFirstSight: boolean;
};

export type RowsResult = {
  /** Of all times. */
  readonly digest: string;
  readonly columns: RowColumns;
  /** Files that were taken out of the index. */
  readonly removed: readonly string[];
  /** The document has records of CEP 48, or says so. */
  readonly hasRevision: boolean;
  readonly hasRemoved: boolean;
  /** Records and containers that were left out because nobody knows what they are. */
  readonly unknown: number;
  readonly sights: NewSights;
};

/** A record of conda has 1 kB; the largest known 100. */
const maxRecordBytes = 1024 * 1024;
const maxWholeBytes = 4 * 1024 * 1024;
const maxIndexRows = 5_000_000;
/** Beside the records there are a few keys. */
const maxKeys = 1000;
/** Names, versions and licences of conda-forge's largest index take 3 MB. */
const maxTextBytes = 128 * 1024 * 1024;
/** An unusual place near the end of the input may be usual with what comes. */
const nearEndBytes = 16;
/** Of one record and what is around it, seen. */
const usualEntryBytes = 450;

/** For the loop over all entries. */
const {
  flags: flagsAt,
  hashLow: lowAt,
  hashHigh: highAt,
  key: keyAt,
  valueEnd: endAt,
  name: nameAt,
  version: versionAt,
  license: licenseAt,
} = at;
const { indexed: indexedAt, built: builtAt } = timeAt;
const { odd, hasIndexed, hasBuilt } = rowFlags;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
type Level = { readonly path: readonly string[]; readonly keys: Set<string> };
type State = 'start' | 'key-or-end' | 'key' | 'comma-or-end' | 'entries' | 'skip' | 'done';

/** What is made of a document. */
export type Reading = {
  /** Of a member, by its path. */
  readonly treatment: (path: readonly string[]) => Treatment;
  /** Else it is only looked at whether it could be read: `check` ends it. */
  readonly keepsRows: boolean;
  /** Told of each entry that can be relied on: the hash of its file's name, and its bytes until it returns. */
  readonly onEntry?: (low: number, high: number, entry: Uint8Array) => void;
};
const rowsOfIndex: Reading = { treatment: treatmentOf, keepsRows: true };
export const checkOfIndex: Reading = { treatment: treatmentOf, keepsRows: false };
/** Of a document that is none: JSON by the letter, no member twice. */
export const checkOfAny: Reading = { treatment: () => 'skip', keepsRows: false };

export class RowsReader implements DocumentReader<RowsResult> {
  readonly #job: RowsJob;
  readonly #how: Reading;
  readonly #scanner: EntryScanner;
  readonly #hash: NameHash;
  readonly #files: FileRowsBuilder;
  readonly #columns: ColumnsBuilder;
  readonly #found = new FoundSights();
  readonly #containers: RowContainer[] = [];
  readonly #levels: Level[] = [];
  #state: State = 'start';
  /** Of the input: where what comes next begins, and where it ends. */
  #at: number;
  #end: number;
  #isLast = false;
  /** Brackets of a value that is passed over. */
  readonly #skipped: number[] = [];
  #skipState: 'value' | 'first' | 'key' | 'after' = 'value';
  /** Entries of this container so far. */
  #entries = 0;
  #allEntries = 0;
  /** Of the document, before the input. */
  #passedBytes = 0;
  /** The row that an entry follows with nothing but a comma between; less than 0: of none. */
  #lastKept = -1;
  /** Entries that were given a time, and the rows that they are: their places are told when all bytes are there. */
  readonly #patches = new ByteWriter();
  readonly #patched: number[] = [];
  #patchBytes = 0;
  #removed: readonly string[] | undefined;
  #hasRevision = false;
  #unknown = 0;

  constructor(job: RowsJob, scanner: EntryScanner = new WasmScanner(), how: Reading = rowsOfIndex) {
    this.#job = job;
    this.#how = how;
    this.#scanner = scanner;
    this.#hash = new NameHash(job.sights.key);
    const expected = Math.min(maxIndexRows, Math.ceil(job.plainBytes / usualEntryBytes));
    this.#files = new FileRowsBuilder(job.sights.key, expected);
    this.#columns = new ColumnsBuilder(expected);
    scanner.begin(job.sights.key, job.subdir);
    this.#at = scanner.inputAt;
    this.#end = scanner.inputAt;
  }

  push(chunk: Buffer): Uint8Array[] {
    for (let from = 0; from < chunk.length;) {
      const { bytes, inputAt } = this.#scanner;
      const room = inputAt + maxInputBytes - this.#end;
      if (room === 0) throw new TooLargeError();
      const part = chunk.subarray(from, from + room);
      bytes.set(part, this.#end);
      from += part.length;
      this.#end += part.length;
      bytes.fill(0, this.#end, this.#end + endBytes);
      this.#run();
    }
    // Kept as it is: rows are places in it.
    return [chunk];
  }

  /** @throws NotAnIndexError where the document is not complete */
  check(): void {
    this.#isLast = true;
    this.#run();
    if (this.#state !== 'done') throw new NotAnIndexError('The document breaks off');
  }

  /** @throws NotAnIndexError where the document is not complete */
  end(): { readonly pieces: Uint8Array[]; readonly result: RowsResult } {
    this.check();
    const { numbers } = this.#columns.room(0);
    for (const row of this.#patched)
      for (const column of numbers.slice(0, 2)) column[row] = (column[row] ?? 0) + this.#passedBytes;
    const [names, versions, licenses] = (['name', 'version', 'license'] as const).map((kind) => {
      const { bytes, offsets } = this.#scanner.texts(kind);
      return { bytes: sharedBytes(bytes), offsets: shared(offsets) };
    }) as [RowColumns['names'], RowColumns['versions'], RowColumns['licenses']];
    const columns: RowColumns = {
      ...this.#columns.build(names.offsets.length - 1),
      names,
      versions,
      licenses,
      files: this.#files.build(),
      containers: this.#containers,
    };
    const { timesMs } = columns;
    // Without the room that is left behind them.
    const times = new Uint8Array(timesMs.buffer, timesMs.byteOffset, timesMs.byteLength);
    const digest = createHash('sha256').update(times).digest('base64url');
    return {
      pieces: this.#patches.take(),
      result: {
        digest,
        columns,
        removed: this.#removed ?? [],
        hasRemoved: this.#removed !== undefined,
        hasRevision: this.#hasRevision,
        unknown: this.#unknown,
        sights: this.#found.build(),
      },
    };
  }

  /** As far as the input goes; what is not over yet is moved to the front. */
  #run(): void {
    const { inputAt } = this.#scanner;
    while (this.#step());
    const { bytes } = this.#scanner;
    checkUtf8(bytes.subarray(inputAt, this.#at));
    const left = this.#end - this.#at;
    const isEntry = this.#state === 'entries';
    if (left > (isEntry ? maxRecordBytes : maxWholeBytes)) throw new TooLargeError();
    bytes.copyWithin(inputAt, this.#at, this.#end);
    this.#passedBytes += this.#at - inputAt;
    this.#at = inputAt;
    this.#end = inputAt + left;
    bytes.fill(0, this.#end, this.#end + endBytes);
  }

  /** @returns false where the input is not long enough */
  #step(): boolean {
    const { bytes } = this.#scanner;
    while (isBlank(bytes[this.#at])) this.#at += 1;
    if (this.#state === 'entries') return this.#scanEntries();
    if (this.#at >= this.#end) return false;
    const byte = bytes[this.#at];
    switch (this.#state) {
      case 'start':
        if (byte !== 0x7b) throw new NotAnIndexError('Not a JSON object');
        this.#enter([]);
        return true;
      case 'key-or-end':
        if (byte === 0x7d) return this.#leave();
        return this.#member();
      case 'key':
        return this.#member();
      case 'comma-or-end':
        if (byte === 0x7d) return this.#leave();
        if (byte !== 0x2c) throw new NotAnIndexError('A comma was expected');
        this.#at += 1;
        this.#state = 'key';
        return true;
      case 'skip':
        return this.#skip();
      case 'done':
        throw new NotAnIndexError('Bytes after the end');
    }
  }

  #enter(path: readonly string[]): void {
    this.#at += 1;
    this.#levels.push({ path, keys: new Set() });
    this.#state = 'key-or-end';
  }

  #leave(): true {
    this.#at += 1;
    this.#levels.pop();
    this.#state = this.#levels.length === 0 ? 'done' : 'comma-or-end';
    return true;
  }

  /** Key, colon, and the value unless it is taken in parts. */
  #member(): boolean {
    const { bytes } = this.#scanner;
    const from = this.#at;
    if (bytes[from] !== 0x22) throw new NotAnIndexError('A key was expected');
    const keyEnd = this.#whole(from, 1);
    if (keyEnd === undefined) return false;
    const colon = this.#blanks(keyEnd);
    const start = this.#blanks(colon + 1);
    if (colon >= this.#end || start >= this.#end) return false;
    if (bytes[colon] !== 0x3a) throw new NotAnIndexError('A colon was expected');
    const name = keyOf(bytesOf(bytes, from, keyEnd));
    const level = this.#levels.at(-1);
    const path = [...(level?.path ?? []), name];
    const treatment = this.#how.treatment(path);
    if (treatment === 'whole') {
      const end = this.#whole(start, 1);
      if (end === undefined) return false;
      this.#take(name, bytesOf(bytes, start, end));
      this.#at = end;
      this.#state = 'comma-or-end';
    } else {
      this.#at = start;
      if (treatment === 'skip') {
        this.#skipState = 'value';
        this.#state = 'skip';
      } else {
        if (bytes[start] !== 0x7b) throw new NotAnIndexError(`"${name.slice(0, 40)}" is no object`);
        if (path[0] === knownRevision) this.#hasRevision = true;
        if (treatment === 'enter') this.#enter(path);
        else this.#open(path);
      }
    }
    const keys = level?.keys ?? new Set();
    if (keys.has(name)) throw new NotAnIndexError('A key is there twice');
    if (keys.add(name).size > maxKeys) throw new TooLargeError();
    return true;
  }

  #take(name: string, value: Buffer): void {
    if (name === 'removed') this.#removed = namesOf(value);
    else if (name === 'info') {
      const revisions = objectIn(objectIn(value)?.['repodata_revisions']);
      this.#hasRevision ||= revisions?.[knownRevision] !== undefined;
    }
  }

  #open(path: readonly string[]): void {
    const extension = path[0] === knownRevision ? path[1] : undefined;
    const first = this.#columns.count;
    this.#containers.push({ path, extension, first, end: first });
    this.#scanner.enter(extension === undefined ? '' : `.${extension}`);
    this.#at += 1;
    this.#entries = 0;
    this.#lastKept = -1;
    this.#state = 'entries';
  }

  #scanEntries(): boolean {
    const { rows, resumeAt, isClosed, stoppedAt } = this.#scanner.entries(
      this.#at,
      this.#end,
      this.#entries === 0,
    );
    this.#entries += rows;
    this.#allEntries += rows;
    if (this.#allEntries > maxIndexRows || this.#scanner.textBytes > maxTextBytes) throw new TooLargeError();
    if (rows > 0) this.#keep(rows);
    this.#at = resumeAt;
    if (isClosed) {
      const last = this.#containers.pop();
      if (last !== undefined) this.#containers.push({ ...last, end: this.#columns.count });
      this.#state = 'comma-or-end';
      return true;
    }
    if (stoppedAt === undefined) return true;
    return this.#waits(stoppedAt);
  }

  /** @returns false: for more input. @throws NotAnIndexError where that cannot help */
  #waits(stoppedAt: number): false {
    if (this.#isLast || stoppedAt < this.#end - nearEndBytes) throw new NotAnIndexError('Not JSON');
    return false;
  }

  /** Decides about the entries that were scanned last, and keeps what may be served. */
  #keep(count: number): void {
    // Looked at anew after each text that is added: their memory may have moved.
    let { rows, times } = this.#scanner;
    const container = this.#containers.length;
    const { numbers, timesMs, joins } = this.#columns.room(count);
    const [starts, ends, nameIds, versionIds, licenseIds] = numbers as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    const offset = this.#passedBytes - this.#scanner.inputAt;
    this.#files.expect(rows, lowAt, rowNumbers, count);
    let next = this.#columns.count;
    let isJoined = next - 1 === this.#lastKept && next > 0 ? 1 : 0;
    for (let index = 0; index < count; index += 1) {
      const row = index * rowNumbers;
      const flags = rows[row + flagsAt] ?? 0;
      const time = index * timeNumbers;
      let builtAtMs: number | undefined;
      let atMs: number | undefined;
      let isKnown = true;
      if ((flags & odd) === 0) {
        if ((flags & hasIndexed) !== 0) atMs = times[time + indexedAt];
        if ((flags & hasBuilt) !== 0) builtAtMs = times[time + builtAt];
      } else {
        const read = this.#readOdd(row);
        ({ rows, times } = this.#scanner);
        isKnown = read !== undefined;
        atMs = read?.facts.publishedAtMs;
        builtAtMs = read?.builtAtMs;
      }
      const low = rows[row + lowAt] ?? 0;
      const high = rows[row + highAt] ?? 0;
      const added = this.#files.add(low, high, container, isKnown ? next : -1);
      if (added === 'twice') throw new NotAnIndexError('A key is there twice');
      if (!isKnown || added === 'listed') {
        this.#unknown += 1;
        isJoined = 0;
        continue;
      }
      if (!this.#how.keepsRows) {
        const from = rows[row + keyAt] ?? 0;
        this.#how.onEntry?.(low, high, bytesOf(this.#scanner.bytes, from, rows[row + endAt] ?? 0));
        continue;
      }
      const start = rows[row + keyAt] ?? 0;
      const end = rows[row + endAt] ?? 0;
      if (atMs === undefined) {
        atMs = this.#sightOf(low, high, builtAtMs);
        starts[next] = this.#patchBytes;
        this.#patch(next, start, end, atMs);
        ends[next] = this.#patchBytes;
        joins[next] = 0;
        isJoined = 0;
      } else {
        starts[next] = start + offset;
        ends[next] = end + offset;
        joins[next] = isJoined;
        isJoined = 1;
      }
      nameIds[next] = rows[row + nameAt] ?? 0;
      versionIds[next] = rows[row + versionAt] ?? 0;
      licenseIds[next] = rows[row + licenseAt] ?? 0;
      timesMs[next] = atMs;
      next += 1;
    }
    this.#columns.count = next;
    this.#lastKept = isJoined === 1 ? next - 1 : -1;
  }

  /** Puts an entry aside with its time put in. */
  #patch(row: number, start: number, end: number, atMs: number): void {
    // Without its brace.
    this.#patches.bytes(this.#scanner.bytes.subarray(start, end - 1));
    const stamp = `,"indexed_timestamp":${atMs}}`;
    this.#patches.text(stamp);
    this.#patchBytes += end - 1 - start + stamp.length;
    this.#patched.push(row);
  }

  /** An entry that is not written as usual. Its numbers and its hash stand in its row afterwards. */
  #readOdd(row: number): ReturnType<typeof readRecord> {
    const { rows, bytes } = this.#scanner;
    const key = keyOf(bytesOf(bytes, rows[row + at.key] ?? 0, rows[row + at.keyEnd] ?? 0));
    const value = bytesOf(bytes, rows[row + at.value] ?? 0, rows[row + at.valueEnd] ?? 0);
    const { channelId, subdir } = this.#job;
    const extension = this.#containers.at(-1)?.extension;
    const { low, high } = this.#hash.of(extension === undefined ? key : `${key}.${extension}`);
    rows[row + at.hashLow] = low;
    rows[row + at.hashHigh] = high;
    const read = readRecord(key, value, rows[row + at.commas] ?? 0, { channelId, subdir, extension });
    if (read === undefined) return undefined;
    const { name, version, license } = read.facts;
    const nameId = this.#scanner.intern('name', name);
    const versionId = this.#scanner.intern('version', version);
    const licenseId = license === undefined ? noNumber : this.#scanner.intern('license', license);
    // Their memory may have moved.
    const { rows: now } = this.#scanner;
    now[row + at.name] = nameId;
    now[row + at.version] = versionId;
    now[row + at.license] = licenseId;
    return read;
  }

  /** When a file was first seen: now, unless it was before. */
  #sightOf(low: number, high: number, builtAtMs: number | undefined): number {
    const { sights, isFirstSight, nowMs } = this.#job;
    const known = sightOf(sights, { low, high });
    if (known !== undefined) return known;
    const atMs = isFirstSight ? Math.trunc(Math.min(builtAtMs ?? nowMs, nowMs)) : nowMs;
    this.#found.add({ low, high }, atMs);
    return atMs;
  }

  /** @returns after the value; undefined where the input is not long enough. @throws NotAnIndexError */
  #whole(from: number, depth: number): number | undefined {
    const end = this.#scanner.value(from, depth);
    if (end < 0) {
      this.#waits(-end);
      return undefined;
    }
    // A number may go on.
    return end < this.#end || this.#isLast ? end : undefined;
  }

  #blanks(from: number): number {
    let to = from;
    while (isBlank(this.#scanner.bytes[to])) to += 1;
    return to;
  }

  /** A part of a value that is passed over: what does not fit into the input is entered. */
  #skip(): boolean {
    const { bytes } = this.#scanner;
    const byte = bytes[this.#at];
    const close = this.#skipped.at(-1);
    switch (this.#skipState) {
      case 'first':
      case 'after':
        if (byte === close) {
          this.#at += 1;
          this.#skipped.pop();
          this.#skipState = 'after';
          return this.#isSkipOver();
        }
        if (this.#skipState === 'after') {
          if (byte !== 0x2c) throw new NotAnIndexError('A comma was expected');
          this.#at += 1;
        }
        this.#skipState = close === 0x7d ? 'key' : 'value';
        return true;
      case 'key': {
        const end = byte === 0x22 ? this.#whole(this.#at, 1) : undefined;
        if (end === undefined) {
          if (byte !== 0x22) throw new NotAnIndexError('A key was expected');
          return false;
        }
        const colon = this.#blanks(end);
        if (colon >= this.#end) return false;
        if (bytes[colon] !== 0x3a) throw new NotAnIndexError('A colon was expected');
        this.#at = colon + 1;
        this.#skipState = 'value';
        return true;
      }
      case 'value': {
        const end = this.#whole(this.#at, 1 + this.#skipped.length);
        if (end !== undefined) {
          this.#at = end;
          this.#skipState = 'after';
          return this.#isSkipOver();
        }
        const isLong = this.#end - this.#at > maxRecordBytes;
        if (!isLong || (byte !== 0x7b && byte !== 0x5b)) return false;
        this.#skipped.push(byte === 0x7b ? 0x7d : 0x5d);
        this.#at += 1;
        this.#skipState = 'first';
        return true;
      }
    }
  }

  #isSkipOver(): true {
    if (this.#skipped.length === 0) {
      this.#unknown += 1;
      this.#state = 'comma-or-end';
    }
    return true;
  }
}

/** @param token a string with its quotes, of which it is known that it is one */
function keyOf(token: Buffer): string {
  try {
    return JSON.parse(utf8.decode(token)) as string;
  } catch (cause) {
    throw new NotAnIndexError('Not UTF-8', { cause });
  }
}

/** Newer nodes look at 16 bytes at once. */
function checkUtf8(bytes: Uint8Array): void {
  const isUtf8 = buffers.isUtf8 as ((input: Uint8Array) => boolean) | undefined;
  if (isUtf8 !== undefined) {
    if (!isUtf8(bytes)) throw new NotAnIndexError('Not UTF-8');
    return;
  }
  try {
    utf8.decode(bytes);
  } catch (cause) {
    throw new NotAnIndexError('Not UTF-8', { cause });
  }
}
