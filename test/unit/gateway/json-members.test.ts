import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonMembers } from '../../../src-main/gateway/documents/json-members.ts';
import { NotAnIndexError } from '../../../src-main/gateway/documents/not-an-index.ts';

/** The object as its pieces say, or undefined where it is refused. */
function read(bytes: Uint8Array, pieceBytes: number): unknown {
  const value: Record<string, unknown> = {};
  const set = (key: string, to: unknown) =>
    Object.defineProperty(value, key, { value: to, enumerable: true, configurable: true });
  let list: unknown[] | undefined;
  const reader = new JsonMembers('files', {
    elements: (elements) => (list = [...(list ?? []), ...elements]),
    member: set,
    emptyList: () => (list = []),
  });
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      reader.push(Buffer.from(bytes.subarray(at, at + pieceBytes)));
    reader.end();
  } catch (error) {
    if (error instanceof NotAnIndexError) return undefined;
    throw error;
  }
  if (list !== undefined) set('files', list);
  return value;
}

/** What JSON.parse makes of it, if that is an object. */
function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

describe('reading a JSON object in pieces', () => {
  it('takes what JSON.parse takes, wherever the pieces end', () => {
    const value = fc.dictionary(
      fc.oneof(fc.constant('files'), fc.string()),
      fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    );
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 1),
        (object, pieceBytes, indent) => {
          const bytes = Buffer.from(JSON.stringify(object, undefined, indent));
          expect(read(bytes, pieceBytes)).toEqual(parsed(bytes));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const breaks = fc.record({
      object: fc.dictionary(fc.constantFrom('files', 'a', 'b'), fc.array(fc.jsonValue(), { maxLength: 3 })),
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
        const theirs = parsed(bytes);
        // Stricter in one thing: a key that is there twice.
        const hasTwice = (broken.match(/"(?:files|a|b)":/g)?.length ?? 0) > 1;
        if (mine === undefined && hasTwice) return;
        expect(mine).toEqual(theirs);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a key twice', '{"files":[],"files":[]}'],
    ['a key twice, once escaped', '{"files":[],"\\u0066iles":[]}'],
    ['a byte-order mark', '\ufeff{}'],
    ['NaN', '{"a":NaN}'],
    ['bytes after the end', '{}{}'],
    ['a page', '<!doctype html>'],
    ['a list', '[]'],
    ['a comma too many in the list', '{"files":[1,]}'],
    ['two commas in the list', '{"files":[1,,2]}'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(read(Buffer.from(text), 3)).toBeUndefined();
  });

  it('refuses what is not UTF-8', () => {
    expect(read(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x30, 0x7d]), 3)).toBeUndefined();
  });
});
