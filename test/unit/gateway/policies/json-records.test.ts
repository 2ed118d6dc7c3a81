import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Treatment } from '../../../../src-main/gateway/documents/json-records.ts';
import { JsonRecords } from '../../../../src-main/gateway/documents/json-records.ts';
import { NotAnIndexError, TooLargeError } from '../../../../src-main/gateway/documents/not-an-index.ts';

const treatments: Readonly<Record<string, Treatment>> = { r: 'records', e: 'enter', s: 'skip' };
const treat = (path: readonly string[]): Treatment => treatments[path.at(-1) ?? ''] ?? 'whole';

type Read = { readonly value: unknown; readonly skipped: string[]; readonly commas: Map<string, number> };

/** The object as its pieces say, or undefined where it is refused. */
function read(bytes: Uint8Array, pieceBytes: number): Read | undefined {
  const root = {};
  const open: object[] = [root];
  const skipped: string[] = [];
  const commas = new Map<string, number>();
  const set = (name: string, value: unknown) =>
    Object.defineProperty(open.at(-1)!, name, { value, enumerable: true, configurable: true });
  const parse = (value: Buffer): unknown => {
    try {
      return JSON.parse(unescaped(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)));
    } catch (error) {
      throw new NotAnIndexError('bad', { cause: error });
    }
  };
  const reader = new JsonRecords({
    treat,
    open: (path) => {
      const inner = {};
      set(path.at(-1) ?? '', inner);
      open.push(inner);
    },
    close: () => void open.pop(),
    record: (_path, name, key, value, count) => {
      expect(parse(key)).toBe(name);
      set(name, parse(value));
      commas.set(name, count);
    },
    whole: (path, value) => set(path.at(-1) ?? '', parse(value)),
    skipped: (path) => {
      skipped.push(path.at(-1) ?? '');
      set(path.at(-1) ?? '', 'skipped');
    },
  });
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      reader.push(Buffer.from(bytes.subarray(at, at + pieceBytes)));
    reader.end();
  } catch (error) {
    if (error instanceof NotAnIndexError) return undefined;
    throw error;
  }
  return { value: root, skipped, commas };
}

/** What JSON.parse makes of it with what is passed over taken out; undefined: refused, or no object where one must be. */
function parsed(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
  return isObject(value) ? shaped(value, false) : undefined;
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
function shaped(object: Record<string, unknown>, isRecords: boolean): unknown {
  const shape = {};
  for (const [name, value] of Object.entries(object)) {
    const treatment = isRecords ? 'whole' : (treatments[name] ?? 'whole');
    let to: unknown = value;
    if (treatment === 'skip') to = 'skipped';
    else if (treatment !== 'whole') {
      if (!isObject(value)) return undefined;
      to = shaped(value, treatment === 'records');
      if (to === undefined) return undefined;
    }
    Object.defineProperty(shape, name, { value: to, enumerable: true, configurable: true });
  }
  return shape;
}

/** None that is written with a backslash: see `unescaped`, and the test of such keys. */
const key = fc
  .oneof(
    fc.constantFrom('r', 'e', 's', 'a', '__proto__', '\ud83d\ude00', '\u2028'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  .filter((name) => !JSON.stringify(name).includes('\\'));
const anyValue = fc.oneof(
  fc.constantFrom(null, true, 0, -1.5e300, '"', '\\', [], {}),
  fc.array(fc.string()),
  fc.dictionary(key, fc.string()),
);
const someObject = fc.dictionary(
  key,
  fc.oneof(fc.dictionary(key, fc.oneof(anyValue, fc.dictionary(key, anyValue))), anyValue),
);
const escaped = (text: string): string =>
  text.replaceAll(/(?<=")[a-z](?=":)/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

/** For JSON.parse: V8 13.6 reads the key `"\\u0072"` as that of one character `\\` where it expects such a one. */
const unescaped = (text: string): string =>
  text.replaceAll(/(?<=")\\u00([67][0-9a-f])(?=":)/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

describe('taking the records out of a JSON document', () => {
  it('finds what JSON.parse finds, wherever the pieces end and however keys are written', () => {
    fc.assert(
      fc.property(
        someObject,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 1),
        fc.boolean(),
        (object, pieceBytes, indent, isEscaped) => {
          const text = JSON.stringify(object, undefined, indent);
          const bytes = Buffer.from(isEscaped ? escaped(text) : text);
          expect(read(bytes, pieceBytes)?.value).toEqual(parsed(Buffer.from(text)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([1, 2, 40])('finds keys that are written with a backslash, in pieces of %i', (pieceBytes) => {
    const text = String.raw`{"r":{"b\"":{"x":1},"\\":2,"\u0000":[],"\/\n":"\""},"\"e":3}`;
    const found = read(Buffer.from(text), pieceBytes)?.value;
    expect(found).toEqual({ r: { 'b"': { x: 1 }, '\\': 2, '\0': [], '/\n': '"' }, '"e': 3 });
  });

  it('finds nothing else in what JSON.parse refuses, but for what it passes over', () => {
    const breaks = fc.record({
      object: fc.dictionary(
        fc.constantFrom('r', 'e', 'a', 'b'),
        fc.dictionary(fc.constantFrom('r', 'a', 'b c'), anyValue, { maxKeys: 3 }),
      ),
      at: fc.nat(200),
      removed: fc.nat(2),
      added: fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n0aetrue'), maxLength: 3 }),
      pieceBytes: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(breaks, ({ object, at, removed, added, pieceBytes }) => {
        const text = JSON.stringify(object);
        const broken = text.slice(0, at % text.length) + added + text.slice((at % text.length) + removed);
        const bytes = Buffer.from(broken);
        const mine = read(bytes, pieceBytes);
        if (mine === undefined) {
          // Stricter in one thing: a key that is there twice.
          const theirs = parsed(bytes);
          if (theirs === undefined) return;
          expect(JSON.stringify(theirs).length).toBeLessThan(broken.length);
        } else expect(mine.value).toEqual(parsed(bytes));
      }),
      { numRuns: 4000 },
    );
  });

  it('counts the commas of a record, doubled members too', () => {
    const text = '{"r":{"a":{"x":1,"x":[1,2],"y":{"z":1,"w":2}},"b":{},"c":[1,2],"d":"1,2"}}';
    const { commas } = read(Buffer.from(text), 5)!;
    expect([...commas]).toEqual([
      ['a', 2],
      ['b', 0],
      ['c', 1],
      ['d', 0],
    ]);
  });

  it.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a record twice', '{"r":{"x":{},"x":{}}}'],
    ['a record twice, once escaped', '{"r":{"x":{},"\\u0078":{}}}'],
    ['a container twice', '{"r":{},"\\u0072":{}}'],
    ['a container that is a list', '{"r":[]}'],
    ['a container that is null', '{"r":null}'],
    ['a byte-order mark', '\ufeff{}'],
    ['NUL', '{"a":1\0}'],
    ['NaN', '{"a":NaN}'],
    ['bytes after the end', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['two commas', '{"a":1,,"b":2}'],
    ['no value', '{"a":}'],
    ['no value that is passed over', '{"s":}'],
    ['no comma', '{"a":1 "b":2}'],
    ['a page', '<!doctype html>'],
    ['a list', '[]'],
    ['nothing', ''],
    ['an end that is missing', '{"r":{"x":{}}'],
    ['a string that is cut', '{"a":"b'],
    [
      'a lone surrogate that is written as UTF-8',
      Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x30, 0x7d]),
    ],
    ['what is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x30, 0x7d])],
  ])('refuses %s', (_what, text) => {
    for (const pieceBytes of [1, 3, 100]) expect(read(Buffer.from(text), pieceBytes)).toBeUndefined();
  });

  it('passes over a value of any length and depth without keeping it', () => {
    const records: string[] = [];
    const reader = new JsonRecords({
      treat,
      open: () => {},
      close: () => {},
      record: (_path, name) => records.push(name),
      whole: () => {},
      skipped: (path) => records.push(`- ${path.join('/')}`),
    });
    reader.push(Buffer.from('{"s":'));
    const deep = Buffer.alloc(1024 * 1024, '[');
    for (let turn = 0; turn < 10; turn += 1) reader.push(deep);
    reader.push(Buffer.from('"]" , "\\\\"'));
    deep.fill(']');
    for (let turn = 0; turn < 10; turn += 1) reader.push(deep);
    reader.push(Buffer.from(' ,"r":{"x":{}}}'));
    reader.end();
    expect(records).toEqual(['- s', 'x']);
  });

  it.each([
    ['a record', '{"r":{"x":'],
    ['another value', '{"a":'],
    ['a key', '{"'],
  ])('gives up where %s is longer than any', (_what, start) => {
    const reader = new JsonRecords({
      treat,
      open: () => {},
      close: () => {},
      record: () => {},
      whole: () => {},
      skipped: () => {},
    });
    reader.push(Buffer.from(start));
    const part = Buffer.alloc(256 * 1024, '[');
    expect(() => {
      for (let turn = 0; turn < 40; turn += 1) reader.push(part);
    }).toThrow(TooLargeError);
  });
});
