/**
 * Writes into every record of a conda index that has no `indexed_timestamp` (CEP 47) when the gateway saw its file for the
 * first time, so that cooldowns of clients and rules about age have a clock that no author sets. Runs in a worker, behind
 * the link filter, on a stream. Invariant: every byte is copied, in order; all that is added is that one member, at the end
 * of a record of `packages`, `packages.conda` or a revision (CEP 48). It relies on nothing but where strings begin and end
 * and on brackets; a record that two readers read differently stays one.
 */
import { isBlank } from '../documents/json-blank.ts';
import { NotAnIndexError, TooLargeError } from '../documents/not-an-index.ts';
import { NameHash } from '../documents/name-hash.ts';
import { knownRevision } from './index-shape.ts';
import { millisecondsOf } from './record-facts.ts';
import type { NewSights, SightBuffers } from './sight-table.ts';
import { FoundSights, sightOf } from './sight-table.ts';

export type Clock = {
  readonly nowMs: number;
  /** When files came for the first time. */
  readonly sights: SightBuffers;
  /** Nothing of this document was seen before: its builders' times count, as CEP 47 allows for what was there already. */
  readonly isFirstSight: boolean;
};

/** What an object that is open is. */
type Role = 'top' | 'revision' | 'container' | 'record' | 'other';

/** As elsewhere (json-records.ts): a record of conda has 1 kB; the largest known 100. */
const maxRecordBytes = 1024 * 1024;

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

const indexedKey = Buffer.from('indexed_timestamp');
const builtKey = Buffer.from('timestamp');
const digestKey = Buffer.from('sha256');

export class RecordClock {
  /** How many records had none. */
  stamped = 0;
  readonly #clock: Clock;
  readonly #hash: NameHash;
  readonly #found = new FoundSights();
  /** Of the objects that are open, as far as records are deep. */
  readonly #roles: Role[] = [];
  #depth = 0;
  #awaitsKey = false;
  #key = '';
  /** Of the container: where keys of records have none (CEP 48). */
  #extension = '';
  #isInString = false;
  #held: Buffer = Buffer.alloc(0);

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#hash = new NameHash(clock.sights.key);
  }

  /**
   * @returns what may be sent on: views of the chunk, and what is added
   * @throws TooLargeError, NotAnIndexError
   */
  push(chunk: Buffer): Buffer[] {
    const input = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const output: Buffer[] = [];
    let copied = 0;
    let at = 0;
    this.#held = Buffer.alloc(0);
    const hold = (from: number): Buffer[] => {
      if (input.length - from > maxRecordBytes) throw new TooLargeError();
      if (copied < from) output.push(input.subarray(copied, from));
      this.#held = Buffer.from(input.subarray(from));
      return output;
    };

    while (at < input.length) {
      if (this.#isInString) {
        at = stringEnd(input, at);
        if (at < 0) return hold(input[input.length - 1] === backslash ? endlessFrom(input) : input.length);
        this.#isInString = false;
        continue;
      }
      const byte = input[at] ?? 0;
      if (byte === quote) {
        if (!this.#awaitsKey) {
          this.#isInString = true;
          at += 1;
          continue;
        }
        const end = stringEnd(input, at + 1);
        if (end < 0) return hold(at);
        this.#key = textOf(input, at, end);
        this.#awaitsKey = false;
        at = end;
        continue;
      }
      if (byte === openObject || byte === openList) {
        const role = byte === openObject ? this.#roleOf() : 'other';
        if (role === 'record') {
          const record = scanRecord(input, at);
          if (record === undefined) return hold(at);
          const added = this.#added(input, record);
          if (added !== undefined) {
            output.push(input.subarray(copied, record.end - 1), added);
            copied = record.end - 1;
          }
          at = record.end;
          continue;
        }
        if (role === 'container') this.#extension = this.#roles.at(-1) === 'revision' ? `.${this.#key}` : '';
        this.#depth += 1;
        if (this.#roles.length === this.#depth - 1 && role !== 'other') this.#roles.push(role);
        this.#awaitsKey = this.#isKnown;
      } else if (byte === closeObject || byte === closeList) {
        if (this.#isKnown) this.#roles.pop();
        this.#depth = Math.max(0, this.#depth - 1);
        this.#awaitsKey = false;
      } else if (byte === comma) this.#awaitsKey = this.#isKnown;
      at += 1;
    }
    if (copied < input.length) output.push(input.subarray(copied));
    return output;
  }

  /** @returns what was held back of a document that breaks off @throws NotAnIndexError */
  end(): void {
    if (this.#held.length > 0) throw new NotAnIndexError('The document breaks off');
  }

  /** Those that were seen for the first time. */
  get sights(): NewSights {
    return this.#found.build();
  }

  /** Whether what is open is one of the objects that are looked into. */
  get #isKnown(): boolean {
    return this.#depth > 0 && this.#roles.length === this.#depth;
  }

  /** Of an object that begins. */
  #roleOf(): Role {
    if (this.#depth === 0) return 'top';
    if (!this.#isKnown) return 'other';
    switch (this.#roles.at(-1)) {
      case 'top':
        if (this.#key === knownRevision) return 'revision';
        return this.#key === 'packages' || this.#key === 'packages.conda' ? 'container' : 'other';
      case 'revision':
        return 'container';
      case 'container':
        return 'record';
      case 'record':
      case 'other':
      case undefined:
        return 'other';
    }
  }

  #added(input: Buffer, record: ScannedRecord): Buffer | undefined {
    if (record.isIndexed) return undefined;
    this.stamped += 1;
    const atMs = this.#sightOf(`${this.#key}${this.#extension}`, input, record);
    return Buffer.from(`${record.isEmpty ? '' : ','}"indexed_timestamp":${atMs}`);
  }

  /** Other bytes under a known name are another file. */
  #sightOf(
    filename: string,
    input: Buffer,
    { builtAt, builtEnd, digestAt, digestEnd }: ScannedRecord,
  ): number {
    const { sights, isFirstSight, nowMs } = this.#clock;
    const digest = digestAt < 0 ? '' : `\0${input.toString('latin1', digestAt, digestEnd).trim()}`;
    const hash = this.#hash.of(`${filename}${digest}`);
    const known = sightOf(sights, hash);
    if (known !== undefined) return known;
    const text = builtAt < 0 ? '' : input.toString('latin1', builtAt, builtEnd).trim();
    const builtAtMs = isFirstSight && text !== '' ? millisecondsOf(Number(text)) : undefined;
    const atMs = Math.trunc(Math.min(builtAtMs ?? nowMs, nowMs));
    this.#found.add(hash, atMs);
    return atMs;
  }
}

type ScannedRecord = {
  /** Just after its brace. */
  readonly end: number;
  readonly isIndexed: boolean;
  readonly isEmpty: boolean;
  /** The value of `timestamp`; -1 where there is none. */
  readonly builtAt: number;
  readonly builtEnd: number;
  /** The same of `sha256`. */
  readonly digestAt: number;
  readonly digestEnd: number;
};

/** @param start of its brace @returns undefined where it goes on beyond the input */
function scanRecord(input: Buffer, start: number): ScannedRecord | undefined {
  let depth = 1;
  let awaitsKey = true;
  let isEmpty = true;
  let isIndexed = false;
  let builtAt = -1;
  let builtEnd = -1;
  let digestAt = -1;
  let digestEnd = -1;
  let at = start + 1;
  while (at < input.length) {
    const byte = input[at] ?? 0;
    if (byte === quote) {
      const from = at;
      at = stringEnd(input, at + 1);
      if (at < 0) return undefined;
      isEmpty = false;
      if (!awaitsKey) continue;
      awaitsKey = false;
      if (isKey(input, from, at, indexedKey)) isIndexed = true;
      else if (isKey(input, from, at, builtKey)) {
        builtAt = afterColon(input, at);
        builtEnd = -1;
      } else if (isKey(input, from, at, digestKey)) {
        digestAt = afterColon(input, at);
        digestEnd = -1;
      }
      continue;
    }
    if (byte === openObject || byte === openList) depth += 1;
    else if (byte === closeObject || byte === closeList) {
      depth -= 1;
      if (depth === 0) {
        if (builtAt >= 0 && builtEnd < 0) builtEnd = at;
        if (digestAt >= 0 && digestEnd < 0) digestEnd = at;
        return { end: at + 1, isIndexed, isEmpty, builtAt, builtEnd, digestAt, digestEnd };
      }
    } else if (byte === comma && depth === 1) {
      awaitsKey = true;
      if (builtAt >= 0 && builtEnd < 0) builtEnd = at;
      if (digestAt >= 0 && digestEnd < 0) digestEnd = at;
    }
    if (!isBlank(byte)) isEmpty = false;
    at += 1;
  }
  return undefined;
}

function afterColon(input: Buffer, from: number): number {
  let at = from;
  while (at < input.length && isBlank(input[at])) at += 1;
  return at + 1;
}

/** Just after the closing quote; -1 where it goes on. */
function stringEnd(input: Buffer, from: number): number {
  for (let at = from; at < input.length; at += 1) {
    const byte = input[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return -1;
}

/** Where the backslashes at the end begin: the last of them may escape what comes next. */
function endlessFrom(input: Buffer): number {
  let at = input.length;
  while (at > 0 && input[at - 1] === backslash) at -= 1;
  return (input.length - at) % 2 === 0 ? input.length : input.length - 1;
}

/** Whether a string is this key, however it is written. */
function isKey(input: Buffer, start: number, end: number, key: Buffer): boolean {
  const length = end - start - 2;
  if (length < key.length || length > key.length * 6) return false;
  if (length === key.length) {
    for (let at = 0; at < length; at += 1) if (input[start + 1 + at] !== key[at]) return false;
    return true;
  }
  for (let at = start + 1; at < end; at += 1)
    if (input[at] === backslash) return textOf(input, start, end) === key.toString();
  return false;
}

/** @throws NotAnIndexError */
function textOf(input: Buffer, start: number, end: number): string {
  const text = input.toString('utf8', start + 1, end - 1);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch (cause) {
    throw new NotAnIndexError('A key that is not JSON', { cause });
  }
}
