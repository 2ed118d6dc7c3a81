/**
 * The scanner in TypeScript, for where WebAssembly is not to be had, and as what the other one is compared with. Invariant:
 * see entry-scanner.ts. Its input ends with zeros, which are JSON nowhere; what is wrong is thrown with its place.
 */
import type { HashKey } from '../documents/name-hash.ts';
import { NameHash } from '../documents/name-hash.ts';
import type { EntryScanner, ScannedEntries, TextBuffers, TextKind } from './entry-scanner.ts';
import {
  at,
  endBytes,
  maxDepth,
  maxInputBytes,
  maxKeys,
  maxRows,
  noNumber,
  rowFlags,
  rowNumbers,
  timeAt,
  timeNumbers,
} from './entry-scanner.ts';
import { bytesOf, escapeEnd, isBlank, literalEnd, plain, Stop } from './json-tokens.ts';

/** Names of files are hashed up to here without a closer look. */
const maxPlainKey = 1024;
const maxPlainLicense = 4096;

type Span = { start: number; end: number };
const [inName, inVersion, inBuild, inLicense] = [0, 1, 2, 3] as const;

export class ScriptScanner implements EntryScanner {
  /** Not 0, whose place would have no minus. */
  readonly inputAt = 8;
  readonly bytes = new Uint8Array(8 + maxInputBytes + endBytes);
  readonly rows: Uint32Array;
  readonly times: Float64Array;
  readonly #texts: Readonly<Record<TextKind, Map<string, number>>> = {
    name: new Map(),
    version: new Map(),
    license: new Map(),
  };
  #hash = new NameHash();
  #subdir = '';
  #suffix = '';
  #sawEscape = false;
  #row = 0;
  #flags = 0;
  /** Name, version, build and licence of the record at hand; a start of 0: not there. */
  readonly #spans: readonly Span[] = Array.from({ length: 4 }, () => ({ start: 0, end: 0 }));
  readonly #keys: string[] = [];
  textBytes = 0;

  constructor() {
    const buffer = new ArrayBuffer(maxRows * rowNumbers * 4);
    this.rows = new Uint32Array(buffer);
    this.times = new Float64Array(buffer);
  }

  begin(key: HashKey, subdir: string): void {
    this.#hash = new NameHash(key);
    this.#subdir = subdir;
  }

  enter(suffix: string): void {
    this.#suffix = suffix;
  }

  value(from: number, depth: number): number {
    try {
      return this.#value(from, depth);
    } catch (error) {
      if (error instanceof Stop) return -error.at;
      throw error;
    }
  }

  entries(from: number, _end: number, isFirst: boolean): ScannedEntries {
    const { bytes, rows } = this;
    let resumeAt = from;
    let count = 0;
    let isAtFirst = isFirst;
    try {
      for (;;) {
        let i = this.#blanks(resumeAt);
        if (bytes[i] === 0x7d) return { rows: count, resumeAt: i + 1, isClosed: true, stoppedAt: undefined };
        if (count === maxRows) return { rows: count, resumeAt, isClosed: false, stoppedAt: undefined };
        if (!isAtFirst) i = this.#blanks(this.#expect(i, 0x2c));
        if (bytes[i] !== 0x22) throw new Stop(i);
        this.#sawEscape = false;
        const keyEnd = this.#string(i + 1);
        const row = count * rowNumbers;
        this.#row = row;
        this.#flags = this.#sawEscape || keyEnd - i - 1 > maxPlainKey ? rowFlags.odd : 0;
        rows[row + at.key] = i;
        rows[row + at.keyEnd] = keyEnd + 1;
        const start = this.#blanks(this.#expect(this.#blanks(keyEnd + 1), 0x3a));
        rows[row + at.value] = start;
        const end = bytes[start] === 0x7b ? this.#record(start, i + 1, keyEnd) : this.#other(start);
        rows[row + at.valueEnd] = end;
        rows[row + at.flags] = this.#flags;
        count += 1;
        isAtFirst = false;
        resumeAt = end;
      }
    } catch (error) {
      if (error instanceof Stop) return { rows: count, resumeAt, isClosed: false, stoppedAt: error.at };
      throw error;
    }
  }

  intern(kind: TextKind, text: string): number {
    const texts = this.#texts[kind];
    let number = texts.get(text);
    if (number === undefined) {
      number = texts.size;
      texts.set(text, number);
      this.textBytes += text.length + 64;
    }
    return number;
  }

  texts(kind: TextKind): TextBuffers {
    const parts = [...this.#texts[kind].keys()].map((text) => Buffer.from(text));
    const offsets = new Uint32Array(parts.length + 1);
    for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] ?? 0) + part.length;
    return { bytes: new Uint8Array(Buffer.concat(parts)), offsets };
  }

  /** @returns the place of the closing quote */
  #string(from: number): number {
    const { bytes } = this;
    let i = from;
    for (;;) {
      while (plain[bytes[i] ?? 0] === 1) i += 1;
      if (bytes[i] === 0x22) return i;
      if (bytes[i] !== 0x5c) throw new Stop(i);
      this.#sawEscape = true;
      i = escapeEnd(bytes, i);
    }
  }

  #blanks(from: number): number {
    let i = from;
    while (isBlank(this.bytes[i])) i += 1;
    return i;
  }

  #expect(i: number, byte: number): number {
    if (this.bytes[i] !== byte) throw new Stop(i);
    return i + 1;
  }

  /** Passes over one value of which `depth` containers are around. */
  #value(from: number, depth: number): number {
    const { bytes } = this;
    const first = bytes[from];
    if (first === 0x22) return this.#string(from + 1) + 1;
    if (first !== 0x5b && first !== 0x7b) return literalEnd(bytes, from);
    if (depth >= maxDepth) throw new Stop(from);
    const last = first === 0x5b ? 0x5d : 0x7d;
    let i = this.#blanks(from + 1);
    if (bytes[i] === last) return i + 1;
    for (;;) {
      if (last === 0x7d) {
        if (bytes[i] !== 0x22) throw new Stop(i);
        i = this.#blanks(this.#expect(this.#blanks(this.#string(i + 1) + 1), 0x3a));
      }
      i = this.#blanks(this.#value(i, depth + 1));
      if (bytes[i] === last) return i + 1;
      i = this.#blanks(this.#expect(i, 0x2c));
    }
  }

  /** What is no object. */
  #other(from: number): number {
    const end = this.#value(from, 2);
    // A number goes on where the next bytes go on.
    if (this.bytes[end] === 0) throw new Stop(end);
    this.#flags = rowFlags.odd;
    this.rows[this.#row + at.commas] = 0;
    return end;
  }

  #record(from: number, keyStart: number, keyEnd: number): number {
    const { bytes } = this;
    for (const span of this.#spans) span.start = 0;
    this.#keys.length = 0;
    let i = this.#blanks(from + 1);
    if (bytes[i] === 0x7d) {
      this.#flags |= rowFlags.odd;
      i += 1;
    } else {
      for (;;) {
        if (bytes[i] !== 0x22) throw new Stop(i);
        this.#sawEscape = false;
        const end = this.#string(i + 1);
        const key = this.#text(i + 1, end);
        if (this.#sawEscape || this.#keys.length >= maxKeys || this.#keys.includes(key))
          this.#flags |= rowFlags.odd;
        this.#keys.push(key);
        i = this.#blanks(this.#expect(this.#blanks(end + 1), 0x3a));
        const start = i;
        this.#sawEscape = false;
        i = this.#value(i, 3);
        if (bytes[start] === 0x22) this.#member(key, start + 1, i - 1, keyStart, keyEnd);
        else this.#odd(key, start, i);
        i = this.#blanks(i);
        if (bytes[i] === 0x7d) {
          i += 1;
          break;
        }
        i = this.#blanks(this.#expect(i, 0x2c));
      }
    }
    this.rows[this.#row + at.commas] = this.#keys.length - 1;
    if ((this.#flags & rowFlags.odd) === 0) this.#tell(keyStart, keyEnd);
    return i;
  }

  /** One whose value is a text. */
  #member(key: string, start: number, end: number, keyStart: number, keyEnd: number): void {
    const which =
      key === 'name' ? inName : key === 'version' ? inVersion : key === 'build' ? inBuild : undefined;
    let isOdd = false;
    if (which !== undefined || key === 'license') {
      isOdd = this.#sawEscape || (which === undefined && end - start > maxPlainLicense);
      Object.assign(this.#spans[which ?? inLicense] ?? {}, { start, end });
    } else if (key === 'subdir') isOdd = this.#text(start, end) !== this.#subdir;
    else if (key === 'fn') isOdd = this.#text(start, end) !== this.#text(keyStart, keyEnd) + this.#suffix;
    else isOdd = key === 'timestamp' || key === 'indexed_timestamp';
    if (isOdd) this.#flags |= rowFlags.odd;
  }

  /** One whose value is no text. */
  #odd(key: string, start: number, end: number): void {
    if (key === 'timestamp' || key === 'indexed_timestamp') {
      const isBuilt = key === 'timestamp';
      const time = timeOf(this.bytes, start, end);
      const place = (this.#row / rowNumbers) * timeNumbers + (isBuilt ? timeAt.built : timeAt.indexed);
      this.times[place] = time;
      this.#flags |= isBuilt ? rowFlags.hasBuilt : rowFlags.hasIndexed;
      if (time < 0) this.#flags |= rowFlags.odd;
    } else if (deciding.has(key)) this.#flags |= rowFlags.odd;
  }

  /** Numbers and hash of an entry that is as usual; else it is odd. */
  #tell(keyStart: number, keyEnd: number): void {
    const [name = '', version = '', build = '', license] = this.#spans.map(({ start, end }) =>
      start === 0 ? undefined : this.#text(start, end),
    );
    const file = this.#text(keyStart, keyEnd);
    const told = `${name}-${version}-${build}`;
    const [, , { start: buildAt } = { start: 0 }] = this.#spans;
    const isThere = this.#spans[inName]?.start !== 0 && this.#spans[inVersion]?.start !== 0 && buildAt !== 0;
    const isNamed =
      this.#suffix === '' ? file === `${told}.conda` || file === `${told}.tar.bz2` : file === told;
    // eslint-disable-next-line no-control-regex
    if (!isThere || !isNamed || !/^[\0-@[-\x7f]*$/.test(name)) {
      this.#flags |= rowFlags.odd;
      return;
    }
    const { rows } = this;
    const row = this.#row;
    rows[row + at.name] = this.intern('name', name);
    rows[row + at.version] = this.intern('version', version);
    rows[row + at.license] = license === undefined ? noNumber : this.intern('license', license);
    this.#hash.of(file + this.#suffix);
    rows[row + at.hashLow] = this.#hash.low;
    rows[row + at.hashHigh] = this.#hash.high;
  }

  #text(start: number, end: number): string {
    return bytesOf(this.bytes, start, end).toString('utf8');
  }
}

const deciding: ReadonlySet<string> = new Set(['name', 'version', 'license', 'build', 'subdir', 'fn']);

/** A time of plain digits; less than 0 for anything else. */
function timeOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 15) return -1;
  let sum = 0;
  for (let i = start; i < end; i += 1) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    sum = sum * 10 + digit;
  }
  // Seconds, as conda-build wrote them until 2016.
  return sum < 100_000_000_000 ? sum * 1000 : sum;
}
