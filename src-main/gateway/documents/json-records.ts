/**
 * Splits a JSON document into the records of its containers, piece by piece, without reading what is in them. Invariant:
 * keys and values come out as the bytes that stand there; what it says about structure (which key, which container, where
 * a value ends) is what every JSON reader says, provided that the values are JSON, which who takes them checks. A key that
 * stands twice in one container ends the document: two readers would take different ones.
 */
import { isBlank } from './json-blank.ts';
import { TokenEnd } from './json-token-end.ts';
import { HashSet, NameHash } from './name-hash.ts';
import { NotAnIndexError, TooLargeError } from './not-an-index.ts';

/**
 * What to do with the value of a key: hand it over whole, look into it, take its members one by one, or pass over it
 * without keeping any of it.
 */
export type Treatment = 'whole' | 'enter' | 'records' | 'skip';

export type RecordSink = {
  /** @param path keys from the top, the last one is this value's */
  readonly treat: (path: readonly string[]) => Treatment;
  /** An object that is entered, or whose members are records, begins. */
  readonly open: (path: readonly string[], treatment: 'enter' | 'records') => void;
  readonly close: (path: readonly string[]) => void;
  /**
   * @param key as it stands there, with its quotes
   * @param commas between the members of the value, if it is an object: one less than it has, doubled ones too
   */
  readonly record: (
    path: readonly string[],
    name: string,
    key: Buffer,
    value: Buffer,
    commas: number,
  ) => void;
  readonly whole: (path: readonly string[], value: Buffer) => void;
  /** One that was passed over. */
  readonly skipped: (path: readonly string[]) => void;
};

/** A record of conda has 1 kB; the largest known 100. */
const maxRecordBytes = 1024 * 1024;
const maxWholeBytes = 4 * 1024 * 1024;
const maxRecords = 5_000_000;
/** Beside the records there are a few keys. */
const maxKeys = 1000;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openObject = 0x7b;
const closeObject = 0x7d;

type Level = { readonly treatment: 'enter' | 'records'; readonly keys: HashSet };
type State = 'start' | 'key-or-end' | 'key' | 'colon' | 'value' | 'comma-or-end' | 'done';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class JsonRecords {
  readonly #sink: RecordSink;
  readonly #levels: Level[] = [];
  readonly #path: string[] = [];
  #state: State = 'start';
  #key: Buffer = Buffer.alloc(0);
  #name = '';
  #records = 0;
  #keys = 0;
  /** The beginning of a token that is not complete yet, all of it scanned. */
  #held: Buffer = Buffer.alloc(0);
  readonly #end = new TokenEnd();
  /** Nothing of the token is kept. */
  #isSkipped = false;

  /** Of the last key. */
  readonly hash: NameHash;

  constructor(sink: RecordSink, hash = new NameHash()) {
    this.#sink = sink;
    this.hash = hash;
  }

  /** @throws NotAnIndexError, TooLargeError */
  push(chunk: Buffer): void {
    const input = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = this.#held.length;
    let tokenStart = 0;
    /** Something of the token came before. */
    let hasBegun = this.#end.isOpen;
    while (at < input.length) {
      if (this.#end.isOpen) {
        at = this.#end.find(input, at);
        if (this.#end.isOpen) break;
        if (at === tokenStart && !hasBegun) throw new NotAnIndexError('A value was expected');
        hasBegun = false;
        if (this.#isSkipped) {
          this.#isSkipped = false;
          this.#state = 'comma-or-end';
          this.#sink.skipped([...this.#path, this.#name]);
        } else this.#token(input.subarray(tokenStart, at));
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
          this.#enter('enter');
          at += 1;
          break;
        case 'key-or-end':
        case 'key':
          if (byte === closeObject && this.#state === 'key-or-end') {
            this.#leave();
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
        case 'value': {
          const treatment = this.#treatment();
          if (treatment === 'whole' || treatment === 'skip') {
            this.#end.begin();
            this.#isSkipped = treatment === 'skip';
            tokenStart = at;
          } else {
            if (byte !== openObject) throw new NotAnIndexError(`"${this.#name.slice(0, 40)}" is no object`);
            this.#path.push(this.#name);
            this.#sink.open(this.#path, treatment);
            this.#enter(treatment);
            at += 1;
          }
          break;
        }
        case 'comma-or-end':
          if (byte === comma) {
            this.#state = 'key';
            at += 1;
          } else if (byte === closeObject) {
            this.#leave();
            at += 1;
          } else throw new NotAnIndexError('A comma was expected');
          break;
        case 'done':
          throw new NotAnIndexError('Bytes after the end');
      }
    }
    this.#hold(input, tokenStart);
  }

  /** @throws NotAnIndexError where the document is not complete */
  end(): void {
    if (this.#state !== 'done') throw new NotAnIndexError('The document breaks off');
  }

  #treatment(): Treatment {
    if (this.#levels.at(-1)?.treatment === 'records') return 'whole';
    return this.#sink.treat([...this.#path, this.#name]);
  }

  #enter(treatment: 'enter' | 'records'): void {
    this.#levels.push({ treatment, keys: new HashSet() });
    this.#state = 'key-or-end';
  }

  #leave(): void {
    this.#levels.pop();
    if (this.#levels.length === 0) this.#state = 'done';
    else {
      this.#sink.close(this.#path);
      this.#path.pop();
      this.#state = 'comma-or-end';
    }
  }

  #token(bytes: Buffer): void {
    if (this.#state === 'key') {
      // A copy: the value may come with the next chunk.
      this.#key = Buffer.from(bytes);
      this.#name = textOf(bytes);
      const level = this.#levels.at(-1);
      if (level?.keys.add(this.hash.of(this.#name)) === false)
        throw new NotAnIndexError('A key is there twice');
      if (level?.treatment === 'records') this.#records += 1;
      else this.#keys += 1;
      if (this.#records > maxRecords || this.#keys > maxKeys) throw new TooLargeError();
      this.#state = 'colon';
      return;
    }
    this.#state = 'comma-or-end';
    if (this.#levels.at(-1)?.treatment === 'records')
      this.#sink.record(this.#path, this.#name, this.#key, bytes, this.#end.commas);
    else this.#sink.whole([...this.#path, this.#name], bytes);
  }

  #hold(input: Buffer, tokenStart: number): void {
    const bytes = this.#end.isOpen && !this.#isSkipped ? input.length - tokenStart : 0;
    const isRecord = this.#levels.at(-1)?.treatment === 'records';
    if (bytes > (isRecord ? maxRecordBytes : maxWholeBytes)) throw new TooLargeError();
    // A copy, so that a large chunk is not kept for its last few bytes.
    this.#held = bytes === 0 ? Buffer.alloc(0) : Buffer.from(input.subarray(tokenStart));
  }
}

/** @param token a string with its quotes */
function textOf(token: Buffer): string {
  try {
    return JSON.parse(utf8.decode(token)) as string;
  } catch (cause) {
    throw new NotAnIndexError('A key that is not JSON', { cause });
  }
}
