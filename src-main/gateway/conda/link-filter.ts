/**
 * Takes links out of conda's index documents. Invariant: no object key that makes a client load from somewhere else
 * (`base_url` CEP 15, `shards_base_url` CEP 16, `channel_relations` CEP 42, a record's `url`) gets through, at whatever
 * depth and however it is escaped; nor does a file name that is none: clients put it behind the channel's address by the
 * rules of URLs, by which `../../x` and `http://elsewhere/x` lead away. Works on a stream in constant memory. A link key is
 * renamed to `dropped_<key>`, which no client knows; so is `fn` or `subdir` with such a name; an entry or element with such a name
 * is left out, and so is a member of the document that is not known (index-shape.ts), whatever is in it; every other byte is
 * copied. It relies on nothing but where strings begin and end, on which all JSON readers
 * agree; a NUL byte (UTF-16, UTF-32), a bad escape in a key or a key that is too long ends the stream with an error.
 */
import type { KeyMeaning } from './index-strings.ts';
import {
  LinkFilterError,
  endOf,
  isIndexKey,
  isMisleading,
  maxStringBytes,
  meaningOf,
  scanString,
  textOf,
} from './index-strings.ts';
import { isBlank } from '../documents/json-blank.ts';
import type { Members } from './index-shape.ts';
import { ValueSkip } from './value-skip.ts';

/** Indexes have 5; Python's reader gives up at about 1,000. */
const maxDepth = 512;
/** In front of a key, and between it, its colon and its value; writers put a line's beginning there. */
const maxBlankBytes = 1024;

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Feed chunks in order with `push`, then `end`. */
export class LinkFilter {
  /** How many links were renamed so far. */
  droppedKeys = 0;
  /** How many file names were left out. */
  droppedNames = 0;
  /** How many members were left out because nobody knows them. */
  droppedMembers = 0;
  /** By depth, of what is open: what is known of it, as far as that goes. */
  readonly #known: (Members | undefined)[];
  /** Brackets and braces that are open. */
  #depth = 0;
  /** The first value is over; nothing but blanks may follow. */
  #isOver = false;
  /** What stands after it. */
  #hasRest = false;
  #hasIndexKey = false;
  /** The end of the last chunk, from what may yet have to be left out. */
  #held: Buffer = Buffer.alloc(0);
  /** Inside a string that is too long for a key. */
  #isInLongString = false;
  #isEscaped = false;
  /** Such a string has just ended: it must not turn out to be a key. */
  #isAfterLongString = false;
  /** The value of an entry that is left out. */
  #skip: ValueSkip | undefined;
  /** What was left out was the first: the comma after it goes too. */
  #dropsComma = false;
  /** A key of a list of names came: if a list follows, it is one. */
  #awaitsNames = false;
  /** The depth inside a list of names; 0 elsewhere. */
  #namesDepth = 0;

  /** @param members of the document; undefined: all */
  constructor(members?: Members) {
    this.#known = [undefined, members];
  }

  /**
   * @returns what may be sent on; the chunk itself where nothing had to change
   * @throws LinkFilterError
   */
  push(chunk: Buffer): Buffer[] {
    const input = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const output: Buffer[] = [];
    let copied = 0;
    let at = 0;
    /** The comma in front of what comes, with nothing but blanks between. */
    let before = -1;
    const keep = (until: number) => {
      if (copied < until) output.push(input.subarray(copied, until));
    };
    const hold = (from: number): Buffer[] => {
      keep(from);
      // A copy, so that a large chunk is not kept for its last few bytes.
      this.#held = Buffer.from(input.subarray(from));
      return output;
    };
    const drop = (start: number) => {
      keep(before < 0 ? start : before);
      this.#dropsComma = before < 0;
    };
    const dropName = (start: number) => {
      drop(start);
      this.droppedNames += 1;
    };
    this.#held = Buffer.alloc(0);

    while (at < input.length) {
      if (this.#isInLongString) {
        at = this.#passLongString(input, at);
        continue;
      }
      if (this.#skip !== undefined) {
        at = this.#skip.pass(input, at);
        copied = at;
        if (this.#skip.isOver) this.#skip = undefined;
        continue;
      }
      const byte = input[at];
      if (byte !== quote) {
        if (byte === comma) {
          if (this.#dropsComma) {
            keep(at);
            copied = at + 1;
          } else before = at;
        } else if (!isBlank(byte)) before = -1;
        this.#count(byte);
        at += 1;
        continue;
      }
      const start = at;
      const from = before < 0 ? start : before;
      if (start - from > maxBlankBytes) throw new LinkFilterError('Too many blanks before a string');
      if (this.#isOver) this.#hasRest = true;
      this.#dropsComma = false;
      this.#awaitsNames = false;
      this.#isAfterLongString = false;
      const scanned = scanString(input, start + 1);
      if (scanned === 0) {
        if (input.length - start <= maxStringBytes + 2) return hold(from);
        if (this.#isInNames) throw new LinkFilterError('A name is too long');
        this.#isInLongString = true;
        this.#isEscaped = false;
        before = -1;
        at = start + 1;
        continue;
      }
      const end = endOf(scanned);
      const next = afterBlanks(input, end);
      if (next === input.length) return hold(from);
      if (input[next] !== colon) {
        if (this.#isInNames && isMisleading(input, start, scanned)) {
          dropName(start);
          copied = end;
        }
        before = -1;
        at = next;
        continue;
      }
      if (this.#depth === 1 && !this.#hasIndexKey) this.#hasIndexKey = isIndexKey(input, start, scanned);
      const meaning = meaningOf(input, start, scanned);
      const isKept = this.#known[this.#depth] === undefined || this.#keeps(input, start, scanned, meaning);
      if (meaning === 'misleading' || !isKept) {
        if (isKept) dropName(start);
        else drop(start);
        copied = next + 1;
        this.#skip = new ValueSkip();
      } else if (meaning === 'names') this.#awaitsNames = true;
      else if (meaning !== 'other') {
        const isLink = meaning === 'link';
        const leads = isLink || leadsAway(input, next + 1);
        if (leads === undefined) return hold(from);
        if (leads) {
          keep(start);
          output.push(Buffer.from(`"dropped_${textOf(input, start, scanned)}"`));
          copied = end;
          if (isLink) this.droppedKeys += 1;
          else this.droppedNames += 1;
        }
      }
      before = -1;
      at = next + 1;
    }
    if (before >= 0) {
      if (input.length - before > maxBlankBytes) throw new LinkFilterError('Too many blanks after a comma');
      return hold(before);
    }
    keep(input.length);
    return output;
  }

  /** What was held back. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  /** Whether what was pushed is one object or list, whole, with nothing after it. */
  get isBalanced(): boolean {
    return (
      this.#isOver &&
      !this.#hasRest &&
      !this.#isInLongString &&
      this.#skip === undefined &&
      this.#held.length === 0
    );
  }

  /** Whether it has a key at its top that an index of conda has. */
  get isIndex(): boolean {
    return this.#hasIndexKey;
  }

  /** Whether a member of an object is served of which it is known what it has. */
  #keeps(input: Buffer, start: number, scanned: number, meaning: KeyMeaning): boolean {
    const known = this.#known[this.#depth] ?? {};
    const key = textOf(input, start, scanned);
    const member = Object.hasOwn(known, key) ? known[key] : undefined;
    this.#known.length = this.#depth + 1;
    if (typeof member === 'object') this.#known.push(member);
    if (member === 'left-out') return false;
    // What leads away is renamed as it is everywhere.
    if (member !== undefined || meaning === 'link' || meaning === 'misleading') return true;
    this.droppedMembers += 1;
    return false;
  }

  get #isInNames(): boolean {
    return this.#namesDepth > 0 && this.#depth === this.#namesDepth;
  }

  /** @param byte outside of strings */
  #count(byte: number | undefined): void {
    if (byte === 0) throw new LinkFilterError('NUL byte');
    if (isBlank(byte)) return;
    if (this.#isAfterLongString && byte === colon) throw new LinkFilterError('A key is too long');
    this.#isAfterLongString = false;
    this.#dropsComma = false;
    if (byte === openObject || byte === openList) {
      if (this.#isOver) this.#hasRest = true;
      this.#depth += 1;
      if (this.#depth > maxDepth) throw new LinkFilterError('Nested too deep');
      if (this.#awaitsNames && byte === openList) this.#namesDepth = this.#depth;
    } else if (byte === closeObject || byte === closeList) {
      this.#depth -= 1;
      if (this.#depth < this.#namesDepth) this.#namesDepth = 0;
      if (this.#depth === 0) this.#isOver = true;
      else if (this.#depth < 0) this.#hasRest = true;
    } else if (this.#isOver) this.#hasRest = true;
    this.#awaitsNames = false;
  }

  #passLongString(input: Buffer, from: number): number {
    for (let at = from; at < input.length; at += 1) {
      const byte = input[at];
      if (byte === 0) throw new LinkFilterError('NUL byte');
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) {
        this.#isInLongString = false;
        this.#isAfterLongString = true;
        return at + 1;
      }
    }
    return input.length;
  }
}

/**
 * The next byte that is none.
 * @throws LinkFilterError
 */
function afterBlanks(input: Buffer, from: number): number {
  let at = from;
  while (at < input.length && isBlank(input[at])) at += 1;
  if (at - from > maxBlankBytes) throw new LinkFilterError('Too many blanks after a string');
  return at;
}

/** Whether a key's value, from its colon on, is a string that is no name; undefined while that is open. */
function leadsAway(input: Buffer, from: number): boolean | undefined {
  const start = afterBlanks(input, from);
  if (start === input.length) return undefined;
  if (input[start] !== quote) return false;
  const scanned = scanString(input, start + 1);
  if (scanned === 0) return input.length - start > maxStringBytes + 2 ? true : undefined;
  return isMisleading(input, start, scanned);
}
