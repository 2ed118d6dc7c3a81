/**
 * What an index says of its files' content, where no policy needs its rows: a hash for each file, in memory that threads
 * share. Made in a worker when the first of them is asked for, over a document that was read as strictly as any
 * (read-index.ts). Invariant: one record, one hash; a record that is written unusually has none.
 */
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { ExpectedFile } from '../../package-cache/expected-file.ts';
import type { DocumentReader } from '../documents/document-reader.ts';
import { NameHash, newHashKey } from '../documents/name-hash.ts';
import { splitEntry } from '../index-store/entry-facts.ts';
import type { FileRowBuffers } from '../index-store/file-rows.ts';
import { FileRows, FileRowsBuilder } from '../index-store/file-rows.ts';
import { checkOfIndex, RowsReader } from '../index-store/rows-reader.ts';
import { SightTable } from './sight-table.ts';

export type DigestsJob = {
  readonly type: 'conda-digests';
  readonly channelId: ChannelId;
  readonly subdir: string;
  /** How long the document is. */
  readonly plainBytes: number;
};
export type DigestsResult = {
  /** It writes no document. */
  readonly digest: '';
  readonly files: FileRowBuffers;
  /** 32 bytes for each file; of MD5 the first 16. */
  readonly hashes: Uint8Array;
  /** What each of them is. */
  readonly kinds: Uint8Array;
  /** The lower halves of the hashes of their names: the table of files keeps the upper ones. */
  readonly lows: Uint32Array;
};

const kind = { none: 0, sha256: 1, md5: 2 } as const;
const hashBytes = 32;
/** Of one record, seen. */
const usualEntryBytes = 450;
const maxFiles = 5_000_000;

export class DigestsReader implements DocumentReader<DigestsResult> {
  readonly #rows: RowsReader;
  readonly #files: FileRowsBuilder;
  #hashes: Uint8Array;
  #kinds: Uint8Array;
  #lows: Uint32Array;
  #count = 0;

  constructor({ channelId, subdir, plainBytes }: DigestsJob) {
    const key = newHashKey();
    const expected = Math.min(maxFiles, Math.ceil(plainBytes / usualEntryBytes) + 1);
    this.#files = new FileRowsBuilder(key, expected);
    this.#hashes = sharedBytes(expected * hashBytes);
    this.#kinds = sharedBytes(expected);
    this.#lows = sharedNumbers(expected);
    const sights = { sights: new SightTable(key).buffers, isFirstSight: false };
    const job = { type: 'conda-rows', channelId, subdir, plainBytes: 0, nowMs: 0, ...sights } as const;
    const onEntry = (low: number, high: number, entry: Uint8Array) => this.#add(low, high, entry);
    this.#rows = new RowsReader(job, undefined, { ...checkOfIndex, onEntry });
  }

  push(chunk: Buffer): Uint8Array[] {
    this.#rows.push(chunk);
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: DigestsResult } {
    this.#rows.check();
    const result = {
      digest: '',
      files: this.#files.build(),
      hashes: this.#hashes,
      kinds: this.#kinds,
      lows: this.#lows,
    } as const;
    return { pieces: [], result };
  }

  #add(low: number, high: number, entry: Uint8Array): void {
    // Of two containers the first one counts, as for rows.
    if (this.#files.add(low, high, 0, this.#count) !== 'new') return;
    if (this.#count === this.#kinds.length) this.#grow();
    this.#lows[this.#count] = low;
    const found = hashIn(entry);
    if (found !== undefined) {
      this.#kinds[this.#count] = found.kind;
      this.#hashes.set(Buffer.from(found.hex, 'hex'), this.#count * hashBytes);
    }
    this.#count += 1;
  }

  #grow(): void {
    const [hashes, kinds] = [sharedBytes(this.#hashes.length * 2), sharedBytes(this.#kinds.length * 2)];
    const lows = sharedNumbers(this.#lows.length * 2);
    hashes.set(this.#hashes);
    kinds.set(this.#kinds);
    lows.set(this.#lows);
    this.#lows = lows;
    this.#hashes = hashes;
    this.#kinds = kinds;
  }
}

/** Hashes of an index's files. */
export class FileDigests {
  readonly #files: FileRows;
  readonly #name: NameHash;
  readonly #hashes: Buffer;
  readonly #kinds: Uint8Array;
  readonly #lows: Uint32Array;
  readonly weightBytes: number;

  constructor({ files, hashes, kinds, lows }: DigestsResult) {
    this.#files = new FileRows(files);
    this.#name = new NameHash(files.key);
    this.#lows = lows;
    this.#hashes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
    this.#kinds = kinds;
    this.weightBytes = hashes.byteLength + kinds.byteLength + lows.byteLength + this.#files.weightBytes;
  }

  /** undefined where the index says nothing. */
  of(filename: string): ExpectedFile | undefined {
    const { low } = this.#name.of(filename);
    const row = this.#files.rowOf(filename, (found) => this.#lows[found] === low);
    if (row === undefined) return undefined;
    const from = row * hashBytes;
    const hex = (bytes: number) => this.#hashes.toString('hex', from, from + bytes);
    if (this.#kinds[row] === kind.sha256) return { sha256: hex(hashBytes) };
    return this.#kinds[row] === kind.md5 ? { md5: hex(hashBytes / 2) } : undefined;
  }
}

/** What a record says of its file's content. @param record JSON */
export function expectedOfRecord(record: Uint8Array): ExpectedFile | undefined {
  let found: { readonly sha256?: unknown; readonly md5?: unknown; readonly size?: unknown };
  try {
    found = JSON.parse(Buffer.from(record).toString()) as typeof found;
  } catch {
    return undefined;
  }
  const { sha256, md5, size } = found;
  const sizeBytes = Number.isSafeInteger(size) && (size as number) > 0 ? (size as number) : undefined;
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256))
    return { sha256: sha256.toLowerCase(), sizeBytes };
  if (typeof md5 === 'string' && /^[0-9a-f]{32}$/i.test(md5)) return { md5: md5.toLowerCase(), sizeBytes };
  return undefined;
}

type Found = { readonly kind: number; readonly hex: string };
const keys = [
  { kind: kind.sha256, key: Buffer.from('"sha256"'), digits: 64 },
  { kind: kind.md5, key: Buffer.from('"md5"'), digits: 32 },
];

/** Most records are looked at without being parsed: a key that stands in one once is the file's. */
function hashIn(entry: Uint8Array): Found | undefined {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength);
  for (const { kind: what, key, digits } of keys) {
    const at = bytes.indexOf(key);
    if (at === -1) continue;
    const after = bytes.toString('latin1', at + key.length, at + key.length + digits + 8);
    const value = /^\s{0,2}:\s{0,2}"([0-9a-f]{32,64})"/.exec(after)?.[1];
    if (value?.length === digits && bytes.indexOf(key, at + 1) === -1) return { kind: what, hex: value };
    return parsedHash(entry);
  }
  return undefined;
}

function parsedHash(entry: Uint8Array): Found | undefined {
  const said = expectedOfRecord(splitEntry(entry).record);
  if (said?.sha256 !== undefined) return { kind: kind.sha256, hex: said.sha256 };
  return said?.md5 === undefined ? undefined : { kind: kind.md5, hex: said.md5 };
}

const sharedNumbers = (count: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
const sharedBytes = (count: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(count));
