/**
 * Reads a JSON object piece by piece: the elements of one list in batches, every other member as a whole. Invariant:
 * what it takes is exactly what `JSON.parse` takes (RFC 8259, UTF-8, no byte-order mark), less objects that have one
 * top-level key twice, which two readers would read differently. Each byte is looked at once; in memory is one member,
 * or one element and the chunk.
 */
import { isBlank } from './json-blank.ts';
import { TokenEnd } from './json-token-end.ts';
import { NotAnIndexError, TooLargeError } from './not-an-index.ts';

/** Where elements stand in a document: `starts[n]` to `ends[n]` of `bytes`, which are good until the call is over. */
export type Spans = {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

export type MemberSink = {
  /** Elements of the list, in order; parsed. */
  readonly elements: (elements: readonly unknown[], spans: Spans) => void;
  /** Any other member; parsed. A member with the list's key that is no list comes here too. */
  readonly member: (key: string, value: unknown) => void;
  /** The list is there and has no elements. */
  readonly emptyList: () => void;
};

/** A file's entry has about 1 kB. */
const maxElementBytes = 1024 * 1024;
/**
 * PyPI lists all versions beside the files: 15 bytes each. Parsed, a member may take 25 times its length, and a thread
 * that wants more memory than it may have ends the whole process.
 */
const defaultMemberBytes = 2 * 1024 * 1024;
/** The simple API knows a dozen. */
const maxMembers = 10_000;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** What may come next. */
type State =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'comma-or-end'
  | 'element-or-end'
  | 'element'
  | 'list-comma-or-end'
  | 'done';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class JsonMembers {
  readonly #listKey: string;
  readonly #sink: MemberSink;
  readonly #maxMemberBytes: number;
  readonly #keys = new Set<string>();
  #state: State = 'start';
  #key = '';
  /** The beginning of a token that is not complete yet, all of it scanned. */
  #held: Buffer = Buffer.alloc(0);
  readonly #end = new TokenEnd();

  /** @param maxMemberBytes more than the default for a document of ours only */
  constructor(listKey: string, sink: MemberSink, maxMemberBytes = defaultMemberBytes) {
    this.#maxMemberBytes = maxMemberBytes;
    this.#listKey = listKey;
    this.#sink = sink;
  }

  /** @throws NotAnIndexError, TooLargeError */
  push(chunk: Buffer): void {
    const input = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = this.#held.length;
    let tokenStart = 0;
    /** Whole elements of this input are parsed at once. */
    let starts: number[] = [];
    let ends: number[] = [];
    const flushRun = () => {
      if (starts.length > 0) this.#elements({ bytes: input, starts, ends });
      starts = [];
      ends = [];
    };

    while (at < input.length) {
      if (this.#end.isOpen) {
        at = this.#end.find(input, at);
        if (this.#end.isOpen) break;
        if (at === tokenStart) throw new NotAnIndexError('A value was expected');
        if (this.#state === 'element') {
          starts.push(tokenStart);
          ends.push(at);
          this.#state = 'list-comma-or-end';
        } else this.#token(input, tokenStart, at);
        continue;
      }
      const byte = input[at] ?? 0;
      if (isBlank(byte)) {
        at += 1;
        continue;
      }
      switch (this.#state) {
        case 'start':
          if (byte !== openObject) throw new NotAnIndexError('Not a JSON object');
          this.#state = 'key-or-end';
          at += 1;
          break;
        case 'key-or-end':
        case 'key':
          if (byte === closeObject && this.#state === 'key-or-end') {
            this.#state = 'done';
            at += 1;
          } else if (byte === quote) {
            this.#state = 'key';
            this.#end.begin();
            tokenStart = at;
          } else throw new NotAnIndexError('A key was expected');
          break;
        case 'colon':
          if (byte !== colon) throw new NotAnIndexError('A colon was expected');
          this.#state = 'value';
          at += 1;
          break;
        case 'value':
          if (byte === openList && this.#key === this.#listKey) {
            this.#state = 'element-or-end';
            at += 1;
          } else {
            this.#end.begin();
            tokenStart = at;
          }
          break;
        case 'element-or-end':
        case 'element':
          if (byte === closeList && this.#state === 'element-or-end') {
            this.#sink.emptyList();
            this.#state = 'comma-or-end';
            at += 1;
          } else {
            this.#state = 'element';
            this.#end.begin();
            tokenStart = at;
          }
          break;
        case 'list-comma-or-end':
          if (byte === comma) this.#state = 'element';
          else if (byte === closeList) {
            flushRun();
            this.#state = 'comma-or-end';
          } else throw new NotAnIndexError('A comma was expected');
          at += 1;
          break;
        case 'comma-or-end':
          if (byte === comma) this.#state = 'key';
          else if (byte === closeObject) this.#state = 'done';
          else throw new NotAnIndexError('A comma was expected');
          at += 1;
          break;
        case 'done':
          throw new NotAnIndexError('Bytes after the end');
      }
    }
    flushRun();
    this.#hold(input, tokenStart);
  }

  /** @throws NotAnIndexError where the object is not complete */
  end(): void {
    if (this.#state !== 'done') throw new NotAnIndexError('The document breaks off');
  }

  #hold(input: Buffer, tokenStart: number): void {
    const bytes = this.#end.isOpen ? input.length - tokenStart : 0;
    if (bytes > (this.#state === 'element' ? maxElementBytes : this.#maxMemberBytes))
      throw new TooLargeError();
    // A copy, so that a large chunk is not kept for its last few bytes.
    this.#held = bytes === 0 ? Buffer.alloc(0) : Buffer.from(input.subarray(tokenStart));
  }

  #token(input: Buffer, start: number, end: number): void {
    const value = parse(input, start, end);
    if (this.#state === 'key') {
      this.#key = value as string;
      if (this.#keys.has(this.#key)) throw new NotAnIndexError('A key is there twice');
      this.#keys.add(this.#key);
      if (this.#keys.size > maxMembers) throw new TooLargeError();
      this.#state = 'colon';
    } else {
      this.#sink.member(this.#key, value);
      this.#state = 'comma-or-end';
    }
  }

  #elements(spans: Spans): void {
    const { bytes, starts, ends } = spans;
    const elements = parse(bytes, starts[0] ?? 0, ends.at(-1) ?? 0, '[', ']') as unknown[];
    this.#sink.elements(elements, spans);
  }
}

function parse(input: Buffer, start: number, end: number, before = '', after = ''): unknown {
  try {
    return JSON.parse(`${before}${utf8.decode(input.subarray(start, end))}${after}`);
  } catch (cause) {
    throw new NotAnIndexError('Not JSON', { cause });
  }
}
