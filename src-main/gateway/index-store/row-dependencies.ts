/**
 * What the records of an index depend on, and their builds, as columns in memory that threads share. Made only where a
 * policy asks whether packages can still be satisfied. Runs in a worker, over the entries that are kept: they are JSON
 * already. Invariant: bounded; what is beyond the bounds counts as without dependencies, so that nothing is hidden for it.
 */
import type { DocumentReader } from '../documents/document-reader.ts';
import type { TextBuffers } from './entry-scanner.ts';
import { isBlank } from './json-tokens.ts';
import { shared, sharedBytes } from './row-columns.ts';

export type DependenciesJob = {
  readonly type: 'conda-dependencies';
  /** Of the entries, in the order in which they come (RowColumns). */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
};

export type RowDependencies = {
  /** It writes no document. */
  readonly digest: '';
  /** Distinct texts of `depends`. */
  readonly specs: TextBuffers;
  /** Rows by spec: those of one stand from its number's place in `specFirsts` on, before that of the next. */
  readonly specFirsts: Uint32Array;
  readonly bySpec: Uint32Array;
  readonly builds: TextBuffers;
  /** By row. */
  readonly buildIds: Uint32Array;
};

/** Four times what conda-forge has in all its subdirs. */
const maxDependencies = 16_000_000;
/** Of texts, which stand in a thread's memory. */
const maxTextBytes = 64 * 1024 * 1024;
/** A spec that is longer is read by no reading of ours (policy/conda/spec-fields.ts). */
const maxSpecBytes = 512;

const quote = 0x22;
const backslash = 0x5c;

export class DependenciesReader implements DocumentReader<RowDependencies> {
  readonly #job: DependenciesJob;
  readonly #specs = new Numbers();
  readonly #builds = new Numbers();
  readonly #buildIds: Uint32Array;
  /** Pairs of row and spec. */
  #pairs = new Uint32Array(8192);
  #count = 0;
  #row = 0;
  /** Bytes that are not read yet, and where they begin. */
  #rest: Buffer = Buffer.alloc(0);
  #from = 0;

  constructor(job: DependenciesJob) {
    this.#job = job;
    this.#buildIds = new Uint32Array(job.starts.length);
  }

  push(chunk: Buffer): Uint8Array[] {
    const { starts, ends } = this.#job;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const from = this.#from;
    const end = from + bytes.length;
    while (this.#row < starts.length && (ends[this.#row] ?? 0) <= end) {
      this.#read(bytes, (starts[this.#row] ?? 0) - from, (ends[this.#row] ?? 0) - from);
      this.#row += 1;
    }
    const kept = Math.min(end, this.#row < starts.length ? Math.max(from, starts[this.#row] ?? 0) : end);
    // A copy: the chunk is another's.
    this.#rest = Buffer.from(bytes.subarray(kept - from));
    this.#from = kept;
    return [];
  }

  end(): { readonly pieces: Uint8Array[]; readonly result: RowDependencies } {
    const specFirsts = new Uint32Array(this.#specs.count + 1);
    for (let at = 0; at < this.#count; at += 1) {
      const spec = this.#pairs[at * 2 + 1] ?? 0;
      specFirsts[spec + 1] = (specFirsts[spec + 1] ?? 0) + 1;
    }
    for (let spec = 0; spec < this.#specs.count; spec += 1)
      specFirsts[spec + 1] = (specFirsts[spec + 1] ?? 0) + (specFirsts[spec] ?? 0);
    const next = specFirsts.slice();
    const bySpec = new Uint32Array(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const spec = this.#pairs[at * 2 + 1] ?? 0;
      const place = next[spec] ?? 0;
      next[spec] = place + 1;
      bySpec[place] = this.#pairs[at * 2] ?? 0;
    }
    return {
      pieces: [],
      result: {
        digest: '',
        specs: this.#specs.build(),
        specFirsts: shared(specFirsts),
        bySpec: shared(bySpec),
        builds: this.#builds.build(),
        buildIds: shared(this.#buildIds),
      },
    };
  }

  /** One entry, `"key": { … }`. */
  #read(bytes: Buffer, start: number, end: number): void {
    let at = stringEnd(bytes, start);
    while (at < end && bytes[at] !== 0x7b) at += 1;
    at += 1;
    let build = -1;
    while (at < end) {
      at = nextQuote(bytes, at, end);
      if (at >= end) break;
      const key = at + 1;
      at = stringEnd(bytes, at);
      const length = at - 1 - key;
      while (isBlank(bytes[at]) || bytes[at] === 0x3a) at += 1;
      if (length === 7 && bytes[at] === 0x5b && isAt(bytes, key, 'depends'))
        at = this.#depends(bytes, at + 1, end);
      else if (length === 5 && bytes[at] === quote && isAt(bytes, key, 'build')) {
        const from = at + 1;
        at = stringEnd(bytes, at);
        build = this.#builds.of(bytes, from, at - 1);
      } else at = valueEnd(bytes, at, end);
    }
    this.#buildIds[this.#row] = build === -1 ? this.#builds.of(bytes, 0, 0) : build;
  }

  /** @returns after the list */
  #depends(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && bytes[at] !== 0x5d) {
      if (bytes[at] === quote) {
        const first = at + 1;
        at = stringEnd(bytes, at);
        if (at - 1 - first <= maxSpecBytes) this.#add(this.#specs.of(bytes, first, at - 1));
      } else if (bytes[at] === 0x2c || isBlank(bytes[at])) at += 1;
      else at = valueEnd(bytes, at, end);
    }
    return at + 1;
  }

  #add(spec: number): void {
    if (spec === -1 || this.#count >= maxDependencies) return;
    if (this.#count * 2 === this.#pairs.length) {
      const larger = new Uint32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#count * 2] = this.#row;
    this.#pairs[this.#count * 2 + 1] = spec;
    this.#count += 1;
  }
}

/** Places that are looked at for one text. Beyond it somebody makes hashes meet: the text gets another number. */
const maxProbes = 64;

/** Texts as they stand in JSON, each with a number: a table of bytes, as millions of strings would be garbage. */
class Numbers {
  count = 0;
  #bytes = Buffer.alloc(65_536);
  #offsets = new Uint32Array(4096);
  /** Number + 1; 0 is free. */
  #places = new Uint32Array(8192);

  /** @returns -1 beyond the bounds */
  of(bytes: Buffer, start: number, end: number): number {
    if (this.count * 2 >= this.#places.length) this.#widen();
    const mask = this.#places.length - 1;
    let place = hashOf(bytes, start, end) & mask;
    for (let probe = 0; probe < maxProbes; probe += 1, place = (place + 1) & mask) {
      const number = (this.#places[place] ?? 0) - 1;
      if (number === -1) break;
      if (this.#is(number, bytes, start, end)) return number;
    }
    return this.#add(bytes, start, end, place);
  }

  build(): TextBuffers {
    const texts = Array.from({ length: this.count }, (_, number) =>
      textOf(this.#bytes.toString('utf8', this.#offsets[number], this.#offsets[number + 1])),
    );
    const offsets = new Uint32Array(texts.length + 1);
    for (const [index, text] of texts.entries())
      offsets[index + 1] = (offsets[index] ?? 0) + Buffer.byteLength(text);
    return { bytes: sharedBytes(Buffer.from(texts.join(''))), offsets: shared(offsets) };
  }

  #is(number: number, bytes: Buffer, start: number, end: number): boolean {
    const first = this.#offsets[number] ?? 0;
    if ((this.#offsets[number + 1] ?? 0) - first !== end - start) return false;
    for (let at = start; at < end; at += 1) if (bytes[at] !== this.#bytes[first + at - start]) return false;
    return true;
  }

  #add(bytes: Buffer, start: number, end: number, place: number): number {
    const from = this.#offsets[this.count] ?? 0;
    const to = from + end - start;
    if (to > maxTextBytes) return -1;
    if (to > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    bytes.copy(this.#bytes, from, start, end);
    const number = this.count;
    this.count += 1;
    if (this.count + 1 > this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[this.count] = to;
    if (this.#places[place] === 0) this.#places[place] = number + 1;
    return number;
  }

  #widen(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    const mask = this.#places.length - 1;
    for (let number = 0; number < this.count; number += 1) {
      let place = hashOf(this.#bytes, this.#offsets[number] ?? 0, this.#offsets[number + 1] ?? 0) & mask;
      for (let probe = 0; probe < maxProbes && this.#places[place] !== 0; probe += 1)
        place = (place + 1) & mask;
      if (this.#places[place] === 0) this.#places[place] = number + 1;
    }
  }
}

/** FNV-1a, mixed. Nothing hangs on it but time, which `maxProbes` bounds. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Of the inside of a string of JSON. */
const textOf = (text: string): string => (text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text);

/** After a string that begins at `from`. */
function stringEnd(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

function isAt(bytes: Buffer, from: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[from + at] !== text.charCodeAt(at)) return false;
  return true;
}

function nextQuote(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== quote) at += 1;
  return at;
}

/** After a value, before the comma behind it. */
function valueEnd(bytes: Buffer, from: number, end: number): number {
  let depth = 0;
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === quote) {
      at = stringEnd(bytes, at);
      if (depth === 0) return at;
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth <= 0) return depth === 0 ? at + 1 : at;
    } else if (byte === 0x2c && depth === 0) return at;
    at += 1;
  }
  return at;
}
