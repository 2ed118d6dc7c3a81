/**
 * When files of conda channels came for the first time, kept for good: `indexed_timestamp` (CEP 47) is counted from it
 * where the channel has none, and no author can set it. Invariant: a time that was written never changes; what stands in a
 * document that is looked at for the first time of all may have its builder's time (at most now). One file for each subdir
 * of a channel: 16 bytes a key, then 16 bytes for each file (hash of its name, time); what lost its end is read up to
 * there, what cannot be read is not written over. Bounded, so that a channel cannot fill memory and disk.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { ServedChannel } from '../types.ts';
import { NameHash, newHashKey } from '../documents/name-hash.ts';
import type { NewSights, SightBuffers, SightLine as Line } from './sight-table.ts';
import { isTime, SightTable } from './sight-table.ts';

/** Of all times, in one subdir: four times conda-forge's. 48 MB of memory. */
const maxFiles = 2_000_000;
/** Of a turn: some milliseconds. */
const turnFiles = 20_000;
/** Subdirs in memory. */
const maxTables = 32;
const keyBytes = 16;
const lineBytes = 16;

/** Whose files they are. */
export type SeenChannel = Pick<ServedChannel, 'id' | 'upstream'>;
type Opened = {
  readonly table: SightTable;
  readonly path: string | undefined;
  /** Of its file, as this process read or wrote it; 0 where there is none yet. */
  keptBytes: number;
  /** There is something that could not be read: it is left as it is, and tried again. */
  readonly isUnread: boolean;
};

export class FirstSights {
  readonly #folder: string | undefined;
  readonly #opened = new LRUCache<string, Opened>({ max: maxTables });

  /** @param dataDir undefined: in memory only */
  constructor(dataDir: string | undefined) {
    this.#folder = dataDir === undefined ? undefined : join(dataDir, 'first-sights');
  }

  /**
   * @param document below the channel: whether it was ever looked at. What stands in another one alone, of a subdir whose
   * index was, came after that, whatever its builder says.
   */
  of(
    channel: SeenChannel,
    subdir: string,
    document: string,
  ): { sights: SightBuffers; isFirstSight: boolean } {
    const { table, isUnread } = this.#open(channel, subdir);
    const hash = new NameHash(table.key);
    const isKnown = [document, 'repodata.json'].some((name) => table.has(hash.of(markOf(name))));
    // Whoever cannot read what was seen must not take a builder's word for it.
    return { sights: table.buffers, isFirstSight: !isKnown && !isUnread };
  }

  /** Keeps what was found in a document; in turns, as there may be very many at the first time. */
  async keep(
    channel: SeenChannel,
    subdir: string,
    document: string,
    found: NewSights,
    nowMs: number,
  ): Promise<void> {
    const opened = this.#open(channel, subdir);
    const { table } = opened;
    const mark = new NameHash(table.key).of(markOf(document));
    for (let from = 0; from < found.timesMs.length; from += turnFiles) {
      // oxlint-disable-next-line no-await-in-loop
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      const lines: Line[] = [];
      for (let at = from; at < Math.min(found.timesMs.length, from + turnFiles); at += 1)
        add(
          table,
          lines,
          { low: found.hashes[at * 2] ?? 0, high: found.hashes[at * 2 + 1] ?? 0 },
          found.timesMs[at] ?? nowMs,
        );
      append(opened, lines);
    }
    // Last: a document of which half is kept is looked at for the first time again.
    const marks: Line[] = [];
    add(table, marks, mark, nowMs);
    append(opened, marks);
  }

  #open({ id, upstream }: SeenChannel, subdir: string): Opened {
    const place = upstream.type === 'url' ? upstream.url : upstream.path;
    const name = createHash('sha256').update(`${id}\0${place}\0${subdir}`).digest('hex').slice(0, 32);
    let opened = this.#opened.get(name);
    if (opened === undefined || opened.isUnread) {
      const path = this.#folder === undefined ? undefined : join(this.#folder, `${name}.bin`);
      const found = load(path);
      if (opened !== undefined && found.isUnread) return opened;
      opened = found;
      this.#opened.set(name, opened);
    }
    return opened;
  }
}

/** No file has such a name. */
const markOf = (document: string): string => `/${document}`;

function load(path: string | undefined): Opened {
  const bytes = path === undefined ? undefined : read(path);
  if (bytes === 'unread') return { table: new SightTable(newHashKey()), path, keptBytes: 0, isUnread: true };
  if (bytes === undefined || bytes.length < keyBytes)
    return { table: new SightTable(newHashKey()), path, keptBytes: 0, isUnread: false };
  const table = new SightTable(new Uint8Array(bytes.subarray(0, keyBytes)));
  for (let at = keyBytes; at + lineBytes <= bytes.length && table.size < maxFiles; at += lineBytes) {
    const hash = { low: bytes.readUInt32LE(at), high: bytes.readUInt32LE(at + 4) };
    const atMs = bytes.readDoubleLE(at + 8);
    // What a disk left behind is no time; a hash of zeros is a place that is free.
    if (isTime(atMs) && (hash.low !== 0 || hash.high !== 0)) table.add(hash, Math.trunc(atMs));
  }
  return { table, path, keptBytes: bytes.length, isUnread: false };
}

/** @returns undefined where there is nothing */
function read(path: string): Buffer | 'unread' | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(fd);
    if (!facts.isFile()) return 'unread';
    const bytes = Buffer.alloc(Math.min(facts.size, keyBytes + maxFiles * lineBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : 'unread';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function add(table: SightTable, lines: Line[], hash: { low: number; high: number }, atMs: number): void {
  if (table.size < maxFiles && table.add(hash, atMs)) lines.push([hash.low, hash.high, atMs]);
}

/** A disk that is full costs the times, not the answer. */
function append(opened: Opened, lines: readonly Line[]): void {
  const { path, table, isUnread } = opened;
  if (path === undefined || isUnread || lines.length === 0) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const flags = constants.O_CREAT | constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
    const fd = openSync(path, flags, 0o600);
    try {
      const facts = fstatSync(fd);
      if (!facts.isFile()) return;
      // One that was cut or replaced meanwhile would lose all that is known, or make nonsense of it.
      const isOurs = opened.keptBytes > 0 && facts.size >= opened.keptBytes && hasKey(fd, table.key);
      // Over half a line that an earlier end left behind.
      const from = isOurs ? facts.size - ((facts.size - keyBytes) % lineBytes) : keyBytes;
      const bytes = bytesOf(isOurs ? lines : table.lines());
      if (!isOurs) writeSync(fd, table.key, 0, keyBytes, 0);
      writeSync(fd, bytes, 0, bytes.length, from);
      if (!isOurs) ftruncateSync(fd, from + bytes.length);
      fsyncSync(fd);
      opened.keptBytes = from + bytes.length;
    } finally {
      closeSync(fd);
    }
  } catch {
    // In memory until the gateway stops.
  }
}

function hasKey(fd: number, key: Uint8Array): boolean {
  const found = Buffer.alloc(keyBytes);
  return readSync(fd, found, 0, keyBytes, 0) === keyBytes && found.equals(key);
}

function bytesOf(lines: readonly Line[]): Buffer {
  const bytes = Buffer.alloc(lines.length * lineBytes);
  for (const [index, [low, high, atMs]] of lines.entries()) {
    bytes.writeUInt32LE(low, index * lineBytes);
    bytes.writeUInt32LE(high, index * lineBytes + 4);
    bytes.writeDoubleLE(atMs, index * lineBytes + 8);
  }
  return bytes;
}
