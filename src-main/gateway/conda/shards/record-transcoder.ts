/**
 * A record of a conda index from the bytes of its JSON into MessagePack, as shards hold it (CEP 16: `sha256` and `md5` as
 * bytes). Invariant: what comes out says what the JSON says, to every reader of JSON; a record that is no JSON object in
 * UTF-8 (RFC 8259), is nested deeper than any, has a key twice, a digest that is none, or a number that is infinite does not come out at all.
 * Lone surrogates, which JSON can write and UTF-8 cannot, become U+FFFD. Each byte is looked at once.
 */
import { isUtf8 } from 'node:buffer';
import { isBlank } from '../../documents/json-blank.ts';
import type { MessagePackWriter } from './message-pack.ts';
import { digitOf } from './message-pack.ts';

/** Records have 4. */
const maxDepth = 64;
/** Of one object; records have 20. */
const maxKeys = 1000;
/** Hexadecimal digits of the members that are digests. */
const digestChars: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['md5', 32],
]);

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const minus = 0x2d;
const dot = 0x2e;

const numberShape = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Beyond, JSON's readers give up or round to nothing. */
const maxNumberChars = 400;

class NotJson extends Error {}

export class RecordTranscoder {
  readonly #out: MessagePackWriter;
  #input: Uint8Array = new Uint8Array();
  #at = 0;
  #end = 0;
  readonly #texts = new ShortTexts();
  readonly #keysOfRecord = new KeysOfRecord();

  constructor(out: MessagePackWriter) {
    this.#out = out;
  }

  /**
   * Writes a record's map.
   * @returns false for one that cannot be relied on; then nothing is written
   */
  write(json: Uint8Array): boolean {
    const start = this.#out.length;
    if (!isUtf8(json)) return false;
    this.#input = json;
    this.#at = 0;
    this.#end = json.length;
    try {
      this.#blanks();
      if (this.#byte() !== openObject) return false;
      this.#object(1);
      this.#blanks();
      if (this.#at === this.#end) return true;
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
    }
    this.#out.cut(start);
    return false;
  }

  #value(depth: number): void {
    const byte = this.#byte();
    if (byte === quote) this.#string();
    else if (byte === openObject || byte === openList) {
      if (depth > maxDepth) throw new NotJson();
      if (byte === openObject) this.#object(depth);
      else this.#list(depth);
    } else if (byte === 0x74) this.#word('true', () => this.#out.boolean(true));
    else if (byte === 0x66) this.#word('false', () => this.#out.boolean(false));
    else if (byte === 0x6e) this.#word('null', () => this.#out.nil());
    else this.#number();
  }

  #object(depth: number): void {
    const opened = this.#out.open();
    const keys = depth === 1 ? this.#keysOfRecord.next() : new Set<string>();
    let count = 0;
    this.#at += 1;
    this.#blanks();
    while (this.#byte() !== closeObject) {
      if (count > 0) this.#comma();
      if (this.#byte() !== quote) throw new NotJson();
      const key = this.#key();
      count += 1;
      if (keys.has(key) || count > maxKeys) throw new NotJson();
      keys.add(key);
      this.#blanks();
      if (this.#byte() !== colon) throw new NotJson();
      this.#at += 1;
      this.#blanks();
      const digits = depth === 1 ? digestChars.get(key) : undefined;
      if (digits !== undefined && this.#byte() === quote) this.#digest(digits);
      else this.#value(depth + 1);
      this.#blanks();
    }
    this.#at += 1;
    this.#out.close(opened, 'map', count);
  }

  #list(depth: number): void {
    const opened = this.#out.open();
    let count = 0;
    this.#at += 1;
    this.#blanks();
    while (this.#byte() !== closeList) {
      if (count > 0) this.#comma();
      this.#value(depth + 1);
      count += 1;
      this.#blanks();
    }
    this.#at += 1;
    this.#out.close(opened, 'list', count);
  }

  #key(): string {
    const start = this.#at;
    const hasEscape = this.#passString();
    const end = this.#at - 1;
    if (hasEscape) {
      const text = this.#unescaped(start, this.#at);
      this.#out.text(text);
      return text;
    }
    this.#out.utf8(this.#input, start + 1, end);
    return this.#texts.of(this.#input, start + 1, end);
  }

  #string(): void {
    const start = this.#at;
    if (this.#passString()) this.#out.text(this.#unescaped(start, this.#at));
    else this.#out.utf8(this.#input, start + 1, this.#at - 1);
  }

  #digest(digits: number): void {
    const start = this.#at;
    this.#passString();
    const end = this.#at - 1;
    if (end - start - 1 !== digits) throw new NotJson();
    for (let at = start + 1; at < end; at += 1) if (digitOf(this.#input[at] ?? 0) < 0) throw new NotJson();
    this.#out.hexadecimal(this.#input, start + 1, end);
  }

  /** To after the closing quote. @returns whether there is an escape in it */
  #passString(): boolean {
    let hasEscape = false;
    for (let at = this.#at + 1; at < this.#end; at += 1) {
      const byte = this.#input[at] ?? 0;
      if (byte === quote) {
        this.#at = at + 1;
        return hasEscape;
      }
      if (byte < 0x20) throw new NotJson();
      if (byte === backslash) {
        hasEscape = true;
        at += 1;
      }
    }
    throw new NotJson();
  }

  #unescaped(start: number, end: number): string {
    try {
      // There and back: a lone surrogate becomes U+FFFD.
      return Buffer.from(JSON.parse(this.#utf8(start, end)) as string).toString();
    } catch {
      throw new NotJson();
    }
  }

  #number(): void {
    const start = this.#at;
    let at = start;
    let value = 0;
    const isNegative = this.#input[at] === minus;
    if (isNegative) at += 1;
    const firstDigit = at;
    for (; at < this.#end; at += 1) {
      const digit = (this.#input[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - firstDigit;
    const byte = this.#input[at] ?? 0;
    const isPlain = byte !== dot && (byte | 0x20) !== 0x65;
    if (isPlain && digits > 0 && digits <= 15 && (digits === 1 || this.#input[firstDigit] !== 0x30)) {
      this.#at = at;
      this.#out.integer(isNegative && value > 0 ? -value : value);
      return;
    }
    while (at < this.#end && isOfNumber(this.#input[at] ?? 0)) at += 1;
    if (at - start > maxNumberChars) throw new NotJson();
    const text = this.#latin1(start, at);
    if (!numberShape.test(text)) throw new NotJson();
    this.#at = at;
    if (isPlain) {
      const long = BigInt(text);
      if (long >= -(2n ** 63n) && long < 2n ** 64n) return this.#out.long(long);
    }
    const number = Number(text);
    if (!Number.isFinite(number)) throw new NotJson();
    this.#out.float(number);
  }

  #word(word: string, write: () => void): void {
    if (this.#latin1(this.#at, this.#at + word.length) !== word) throw new NotJson();
    this.#at += word.length;
    write();
  }

  #comma(): void {
    if (this.#byte() !== comma) throw new NotJson();
    this.#at += 1;
    this.#blanks();
  }

  #blanks(): void {
    while (this.#at < this.#end && isBlank(this.#input[this.#at])) this.#at += 1;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new NotJson();
    return this.#input[this.#at] ?? 0;
  }

  #latin1(start: number, end: number): string {
    return this.#buffer(start, end).toString('latin1');
  }

  #utf8(start: number, end: number): string {
    return this.#buffer(start, end).toString('utf8');
  }

  #buffer(start: number, end: number): Buffer {
    const { buffer, byteOffset } = this.#input;
    return Buffer.from(buffer, byteOffset + start, Math.min(end, this.#end) - start);
  }
}

/** Keys of the record that is read: of one after the other, so that no set is made for each. */
class KeysOfRecord {
  #record = 0;
  readonly #lastRecords = new Map<string, number>();

  next(): this {
    this.#record += 1;
    // Those that a hostile index draws anew for each record.
    if (this.#lastRecords.size > maxKeys * 2) this.#lastRecords.clear();
    return this;
  }

  has(key: string): boolean {
    return this.#lastRecords.get(key) === this.#record;
  }

  add(key: string): void {
    this.#lastRecords.set(key, this.#record);
  }
}

/** Texts that come again and again, each made once. */
class ShortTexts {
  readonly #known: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = [];

  of(input: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0 || length > 32) return textOf(input, start, end);
    const place = (length * 64 + (input[start] ?? 0) * 7 + (input[end - 1] ?? 0) * 3) & 1023;
    const known = this.#known[place];
    if (known !== undefined && known.bytes.length === length) {
      let at = 0;
      while (at < length && known.bytes[at] === input[start + at]) at += 1;
      if (at === length) return known.text;
    }
    const text = textOf(input, start, end);
    this.#known[place] = { bytes: input.slice(start, end), text };
    return text;
  }
}

const textOf = (input: Uint8Array, start: number, end: number): string =>
  Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('utf8');

function isOfNumber(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === minus ||
    byte === 0x2b ||
    byte === dot ||
    (byte | 0x20) === 0x65
  );
}
