/**
 * Takes links out of conda's index documents. Invariant: no object key that makes a client load from somewhere else
 * (`base_url` CEP 15, `shards_base_url` CEP 16, `channel_relations` CEP 42, a record's `url`) gets through, at whatever
 * depth and however it is escaped. Works on a stream in constant memory: such a key is renamed to `dropped_<key>`, which
 * no client knows, and every other byte is copied. It relies on nothing but where strings begin and end, on which all
 * JSON readers agree; a NUL byte (UTF-16, UTF-32) or a bad escape in a short string ends the stream with an error.
 */

const linkKeys: ReadonlySet<string> = new Set(['base_url', 'shards_base_url', 'channel_relations', 'url']);
/** `channel_relations` with each character written as \\uXXXX. A longer string is none of the keys. */
const maxKeyBytes = 17 * 6;
/** Between a key and its colon; writers put at most one blank there. */
const maxBlankBytes = 1024;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

export class LinkFilterError extends Error {
  override readonly name = 'LinkFilterError';
}

/** Feed chunks in order with `push`, then `end`. */
export class LinkFilter {
  /** How many keys were renamed so far. */
  dropped = 0;
  /** Brackets and braces that are open. */
  #depth = 0;
  /** The first value is over; nothing but blanks may follow. */
  #isOver = false;
  /** What stands after it. */
  #hasRest = false;
  #hasIndexKey = false;
  /** The end of the last chunk, from the quote of a string that may yet become a key. */
  #held: Buffer = Buffer.alloc(0);
  /** Inside a string that is too long for a key. */
  #isInLongString = false;
  #isEscaped = false;

  /**
   * @returns what may be sent on; the chunk itself where nothing had to change
   * @throws LinkFilterError
   */
  push(chunk: Buffer): Buffer[] {
    const input = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const output: Buffer[] = [];
    let copied = 0;
    let at = 0;
    this.#held = Buffer.alloc(0);

    while (at < input.length) {
      if (this.#isInLongString) {
        at = this.#skipLongString(input, at);
        continue;
      }
      const byte = input[at];
      if (byte !== quote) {
        this.#count(byte);
        at += 1;
        continue;
      }
      if (this.#isOver) this.#hasRest = true;
      const found = endOfString(input, at + 1);
      const end = Math.abs(found);
      if (found === 0) {
        if (input.length - at <= maxKeyBytes + 2) return this.#hold(input, at, copied, output);
        this.#isInLongString = true;
        this.#isEscaped = false;
        at += 1;
        continue;
      }
      if (this.#depth === 1 && !this.#hasIndexKey) this.#hasIndexKey = isIndexKey(input, at, end);
      const key = linkKeyOf(input, at, end, found < 0);
      if (key === undefined) {
        at = end;
        continue;
      }
      let next = end;
      while (next < input.length && isBlank(input[next])) next += 1;
      if (next - end > maxBlankBytes) throw new LinkFilterError('Too many blanks after a key');
      if (next === input.length) return this.#hold(input, at, copied, output);
      if (input[next] === colon) {
        output.push(input.subarray(copied, at), Buffer.from(`"dropped_${key}"`));
        copied = end;
        this.dropped += 1;
      }
      at = next;
    }
    if (copied < input.length) output.push(input.subarray(copied));
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
    return this.#isOver && !this.#hasRest && !this.#isInLongString && this.#held.length === 0;
  }

  /** Whether it has a key at its top that an index of conda has. */
  get isIndex(): boolean {
    return this.#hasIndexKey;
  }

  #count(byte: number | undefined): void {
    if (byte === 0) throw new LinkFilterError('NUL byte');
    if (byte === openObject || byte === openList) {
      if (this.#isOver) this.#hasRest = true;
      this.#depth += 1;
    } else if (byte === closeObject || byte === closeList) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#isOver = true;
      else if (this.#depth < 0) this.#hasRest = true;
    } else if (this.#isOver && !isBlank(byte)) this.#hasRest = true;
  }

  #hold(input: Buffer, from: number, copied: number, output: Buffer[]): Buffer[] {
    // A copy, so that a large chunk is not kept for its last few bytes.
    this.#held = Buffer.from(input.subarray(from));
    if (copied < from) output.push(input.subarray(copied, from));
    return output;
  }

  #skipLongString(input: Buffer, from: number): number {
    for (let at = from; at < input.length; at += 1) {
      const byte = input[at];
      if (byte === 0) throw new LinkFilterError('NUL byte');
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) {
        this.#isInLongString = false;
        return at + 1;
      }
    }
    return input.length;
  }
}

/** Just after the closing quote, negative if there was an escape; 0 when the quote is not within a key's reach. */
function endOfString(input: Buffer, from: number): number {
  const limit = Math.min(input.length, from + maxKeyBytes + 1);
  let sign = 1;
  for (let at = from; at < limit; at += 1) {
    const byte = input[at];
    if (byte === quote) return sign * (at + 1);
    if (byte === backslash) {
      at += 1;
      sign = -1;
    } else if (byte === 0) throw new LinkFilterError('NUL byte');
  }
  return 0;
}

/** The link key that a string spells, between its quotes at `start` and before `end`. */
function linkKeyOf(input: Buffer, start: number, end: number, hasEscape: boolean): string | undefined {
  const length = end - start - 2;
  // Most strings end here: nothing of that length is a key, unless it is escaped.
  if (!hasEscape && length !== 3 && length !== 8 && length !== 15 && length !== 17) return undefined;
  let text = input.toString('latin1', start + 1, end - 1);
  if (hasEscape) {
    try {
      text = JSON.parse(`"${text}"`) as string;
    } catch (error) {
      throw new LinkFilterError('A string that is not JSON', { cause: error });
    }
  }
  return linkKeys.has(text) ? text : undefined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

const indexKeys: ReadonlySet<string> = new Set(['info', 'packages', 'packages.conda', 'subdirs']);

function isIndexKey(input: Buffer, start: number, end: number): boolean {
  const length = end - start - 2;
  return (
    (length === 4 || length === 7 || length === 8 || length === 14) &&
    indexKeys.has(input.toString('latin1', start + 1, end - 1))
  );
}
