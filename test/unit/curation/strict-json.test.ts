import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../../src-main/curation/strict-json.ts';

const bounds = { marks: 1000, depth: 20 };

describe('strict JSON', () => {
  it.each([
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}],"d":"\\",\\"a\\":","e":["a","a"],"":0}',
    '[]',
    '"a"',
    ' {"a" : [ ] , "b":{}} ',
    '{"A":1,"a":2,"__proto__":3}',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseStrictJson(text, bounds)).toEqual({ ok: true, value: JSON.parse(text) });
    expect(parseStrictJson(`\ufeff${text}`, bounds)).toMatchObject({ ok: true });
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['[{"a":{"b":1,"c":{},"b":2}}]', 'b'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a":[1,2,{"x":[]}],"b":"","a":0}', 'a'],
    ['{"":1,"":2}', ''],
  ])('refuses %s, in which a key stands twice', (text, key) => {
    expect(parseStrictJson(text, bounds)).toEqual({ ok: false, why: 'duplicate-key', detail: key });
  });

  it.each(['', '{', '{"a":}', 'NaN', '{"a":1}x', "{'a':1}", '"\ud800'])('refuses %s', (text) => {
    expect(parseStrictJson(text, bounds)).toMatchObject({ ok: false, why: 'not-json' });
  });

  it('refuses what is too deep or holds too much before it is made', () => {
    expect(parseStrictJson('['.repeat(10_000_000), bounds)).toEqual({ ok: false, why: 'too-large' });
    expect(parseStrictJson(`[${'0,'.repeat(2000)}0]`, bounds)).toEqual({ ok: false, why: 'too-large' });
  });
});
