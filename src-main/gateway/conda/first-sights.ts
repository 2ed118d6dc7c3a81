/**
 * When files of conda channels came for the first time, kept for good: `indexed_timestamp` (CEP 47) is counted from it
 * where the channel has none, and no author can set it. Invariant: a time that was written never changes; what stands in a
 * document that is looked at for the first time of all may have its builder's time (at most now). One file for each subdir
 * of a channel: 16 bytes a key, then 16 bytes for each file (hash of its name, time); what lost its end is read up to
 * there. Bounded, so that a channel cannot fill memory and disk.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { ServedChannel } from '../types.ts';
import { NameHash, newHashKey } from '../documents/name-hash.ts';
import type { NewSights, SightBuffers } from './sight-table.ts';
import { SightTable } from './sight-table.ts';

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
type Line = readonly [low: number, high: number, atMs: number];
type Opened = { readonly table: SightTable; readonly path: string | undefined; isKept: boolean };

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
    const { table } = this.#open(channel, subdir);
    const hash = new NameHash(table.key);
    const isKnown = [document, 'repodata.json'].some((name) => table.has(hash.of(markOf(name))));
    return { sights: table.buffers, isFirstSight: !isKnown };
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
    if (opened === undefined) {
      const path = this.#folder === undefined ? undefined : join(this.#folder, `${name}.bin`);
      opened = load(path);
      this.#opened.set(name, opened);
    }
    return opened;
  }
}

/** No file has such a name. */
const markOf = (document: string): string => `/${document}`;

function load(path: string | undefined): Opened {
  const bytes = path === undefined ? undefined : read(path);
  const isOurs = bytes !== undefined && bytes.length >= keyBytes;
  const table = new SightTable(isOurs ? new Uint8Array(bytes.subarray(0, keyBytes)) : newHashKey());
  for (
    let at = keyBytes;
    isOurs && at + lineBytes <= bytes.length && table.size < maxFiles;
    at += lineBytes
  ) {
    const hash = { low: bytes.readUInt32LE(at), high: bytes.readUInt32LE(at + 4) };
    const atMs = bytes.readDoubleLE(at + 8);
    if (Number.isFinite(atMs)) table.add(hash, atMs);
  }
  return { table, path, isKept: isOurs };
}

function read(path: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) return undefined;
    const bytes = Buffer.alloc(Math.min(facts.size, keyBytes + maxFiles * lineBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

function add(table: SightTable, lines: Line[], hash: { low: number; high: number }, atMs: number): void {
  if (table.size < maxFiles && table.add(hash, atMs)) lines.push([hash.low, hash.high, atMs]);
}

/** A disk that is full costs the times, not the answer. */
function append(opened: Opened, lines: readonly Line[]): void {
  const { path, table } = opened;
  if (path === undefined || lines.length === 0) return;
  const bytes = Buffer.alloc(lines.length * lineBytes);
  for (const [index, [low, high, atMs]] of lines.entries()) {
    bytes.writeUInt32LE(low, index * lineBytes);
    bytes.writeUInt32LE(high, index * lineBytes + 4);
    bytes.writeDoubleLE(atMs, index * lineBytes + 8);
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const flags = constants.O_CREAT | constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
    const fd = openSync(path, flags, 0o600);
    try {
      const facts = fstatSync(fd);
      if (!facts.isFile()) return;
      const isNew = !opened.isKept;
      if (isNew) writeSync(fd, table.key, 0, keyBytes, 0);
      // Over half a line that an earlier end left behind.
      const from = isNew ? keyBytes : facts.size - ((facts.size - keyBytes) % lineBytes);
      writeSync(fd, bytes, 0, bytes.length, from);
      fsyncSync(fd);
      opened.isKept = true;
    } finally {
      closeSync(fd);
    }
  } catch {
    // In memory until the gateway stops.
  }
}
