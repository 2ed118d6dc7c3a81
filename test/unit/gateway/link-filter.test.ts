import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkFilterError } from '../../../src-main/gateway/conda/index-strings.ts';
import type { Members } from '../../../src-main/gateway/conda/index-shape.ts';
import { membersOf } from '../../../src-main/gateway/conda/index-shape.ts';
import { LinkFilter } from '../../../src-main/gateway/conda/link-filter.ts';

const linkKeys = ['base_url', 'shards_base_url', 'channel_relations', 'url'];

/** Feeds in pieces of the given sizes, over and over. */
function filter(input: Buffer | string, sizes: readonly number[] = [1 << 20], members?: Members): string {
  const bytes = Buffer.from(input);
  const link = new LinkFilter(members);
  const output: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    output.push(...link.push(bytes.subarray(at, at + size)));
    at += size;
  }
  output.push(link.end());
  return Buffer.concat(output).toString();
}

const leadsAway = (name: string) => /[\u0000-\u001f\u007f/\\:?#%]/.test(name) || /^\s*\.\.?\s*$/.test(name);

/** What the filter promises, by JSON.parse. */
function expected(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const isNames = key === 'removed' || key === 'subdirs';
    return value
      .filter((inner) => !isNames || typeof inner !== 'string' || !leadsAway(inner))
      .map((inner) => expected(inner));
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !leadsAway(name))
      .map(([name, inner]) => {
        const isName = ['fn', 'subdir'].includes(name) && typeof inner === 'string' && leadsAway(inner);
        return [linkKeys.includes(name) || isName ? `dropped_${name}` : name, expected(inner, name)];
      }),
  );
}

describe('the link filter', () => {
  it.each([
    ['{"base_url":1}', '{"dropped_base_url":1}'],
    ['{"base_url" \n:1}', '{"dropped_base_url" \n:1}'],
    ['{"\\u0062ase_url":1}', '{"dropped_base_url":1}'],
    ['{"\\u0062\\u0061\\u0073\\u0065\\u005f\\u0075\\u0072\\u006c":1}', '{"dropped_base_url":1}'],
    ['{"ur\\u006c":{"url":2}}', '{"dropped_url":{"dropped_url":2}}'],
    ['{"a":"base_url","b":["url"]}', '{"a":"base_url","b":["url"]}'],
    ['{"a":"\\"url\\":","b":1}', '{"a":"\\"url\\":","b":1}'],
    ['{"a":"b\\\\","url":1}', '{"a":"b\\\\","dropped_url":1}'],
    ['{"url_x":1,"xurl":2,"Url":3}', '{"url_x":1,"xurl":2,"Url":3}'],
    ['\ufeff{"url":1}', '\ufeff{"dropped_url":1}'],
    // File names that are none.
    [
      '{"packages":{"../../x-1-0.conda":{"name":"x","n":[{}]}, "a-1-0.conda":{}}}',
      '{"packages":{ "a-1-0.conda":{}}}',
    ],
    ['{"packages":{"a-1-0.conda":{},\n "http://evil/x-1-0.conda":{}}}', '{"packages":{"a-1-0.conda":{}}}'],
    ['{"v3":{"whl":{"..\\u002fx":{"url":1},"a":1,"..\\\\x":[1,"}"],"b":2}}}', '{"v3":{"whl":{"a":1,"b":2}}}'],
    ['{"a/b":1,"c/d":"x\\"}" ,"e":2,"f/":-1.5e3 }', '{ "e":2 }'],
    ['{"..":1,"." :2,"a..b":3,".a":4,"%2e":5,"a\\tb":6}', '{"a..b":3,".a":4}'],
    [
      '{"removed":["../x","a-1-0.conda","//evil/y"],"b":["../x"]}',
      '{"removed":["a-1-0.conda"],"b":["../x"]}',
    ],
    ['{"subdirs":["../x"],"c":["../y"]}', '{"subdirs":[],"c":["../y"]}'],
    ['{"fn":"../x","subdir":"noarch"}', '{"dropped_fn":"../x","subdir":"noarch"}'],
    [
      '{"fn":"x-1-0.conda","info":{"subdir" : "http://evil/"}}',
      '{"fn":"x-1-0.conda","info":{"dropped_subdir" : "http://evil/"}}',
    ],
    [
      '{"home":"https://a.test/","license":"A/B","fn":null}',
      '{"home":"https://a.test/","license":"A/B","fn":null}',
    ],
  ])('turns %s into %s, however it is cut', (input, output) => {
    for (const sizes of [[1 << 20], [1], [2, 3], [7]]) expect(filter(input, sizes)).toBe(output);
  });

  it.each(['{"a":"\u0000"}', '\u0000{}', `{"a":"${'x'.repeat(500)}\u0000"}`, '{"\\q":1}'])(
    'stops at %j',
    (input) => {
      expect(() => filter(input)).toThrow(LinkFilterError);
    },
  );

  it('stops at UTF-16, which Python would read', () => {
    expect(() => filter(Buffer.from('{"base_url":1}', 'utf16le'))).toThrow(LinkFilterError);
  });

  it.each([
    ['{"v4":{"packages":{"x":{}}},"info":{}}', '{"info":{}}'],
    ['{ "info":{} , "v4" : [1,{"a":"}"}] }', '{ "info":{}  }'],
    ['{"\\u0076\\u0034":{},"\\u0069nfo":{"v4":1}}', '{"\\u0069nfo":{}}'],
    ['{"__proto__":{"x":1},"constructor":1,"packages":{"__proto__":{}}}', '{"packages":{"__proto__":{}}}'],
    ['{"info":{"subdir":"noarch","virtual_package_detectors":{"x":[1]}}}', '{"info":{"subdir":"noarch"}}'],
    ['{"info":{"base_url":"x","v":1,"arch":null}}', '{"info":{"dropped_base_url":"x","arch":null}}'],
    [
      '{"info":{"repodata_revisions":{"v3":{"n_packages":2,"message":"m","x":1},"v4":{}}},"v3":{"whl":{"a":{}},"conda":{"a":{"whl":{}}}}}',
      '{"info":{"repodata_revisions":{"v3":{"message":"m"}}},"v3":{"conda":{"a":{"whl":{}}}}}',
    ],
    // What is below a record is none of these.
    [
      '{"info":{"repodata_revisions":{}},"packages":{"a":{"x":{"v3":1}}},"removed":["v4"]}',
      '{"info":{"repodata_revisions":{}},"packages":{"a":{"x":{"v3":1}}},"removed":["v4"]}',
    ],
  ])('leaves out what is not known of an index: %s', (input, output) => {
    for (const sizes of [[1 << 20], [1], [7, 3]])
      expect(filter(input, sizes, membersOf('repodata.json'))).toBe(output);
  });

  it('counts what leads elsewhere and which file names do', () => {
    const link = new LinkFilter();
    link.push(Buffer.from('{"url":1,"a":{"base_url":2},"../x":1,"removed":["/y",'));
    link.push(Buffer.from('"z"],"fn":"c:\\\\d"}'));
    expect([link.droppedKeys, link.droppedNames]).toEqual([2, 3]);
  });

  it('stops at a key that is longer than any file name, and takes a value of that length', () => {
    const long = 'x'.repeat(2000);
    for (const sizes of [[1 << 20], [7]]) {
      expect(() => filter(`{"${long}" :1}`, sizes)).toThrow(LinkFilterError);
      expect(() => filter(`{"removed":["${long}"]}`, sizes)).toThrow(LinkFilterError);
      expect(filter(`{"a":"${long}","fn":"${long}"}`, sizes)).toBe(`{"a":"${long}","dropped_fn":"${long}"}`);
    }
  });

  it('stops at what is nested deeper than any reader takes, and takes what they do', () => {
    const nested = (depth: number) => `{"packages":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(filter(nested(500))).toBe(nested(500));
    expect(() => filter(nested(3_000_000))).toThrow(LinkFilterError);
  });

  it('stops when a key and its colon are too far apart', () => {
    expect(() => filter(`{"url"${' '.repeat(5000)}:1}`)).toThrow(LinkFilterError);
    expect(() => filter(`{"url"${' '.repeat(5000)}:1}`, [100])).toThrow(LinkFilterError);
  });

  it('agrees with JSON.parse about what is a key, for any JSON in any pieces', () => {
    const key = fc.oneof(
      fc.constantFrom(...linkKeys, 'fn', 'subdir', 'removed', 'subdirs', '../x', 'http://x', '..', 'a'),
      fc.string({ unit: 'binary' }),
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...linkKeys),
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('../x', 'noarch', '.'),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(json, sizes, fc.boolean(), (value, pieces, isEscaped) => {
        const plain = JSON.stringify(value).replaceAll('\\u0000', 'z');
        const text = isEscaped
          ? plain.replaceAll('url', 'u\\u0072l').replaceAll('base', '\\u0062ase')
          : plain;
        expect(JSON.parse(filter(text, pieces))).toEqual(expected(JSON.parse(text)));
      }),
    );
    // A hundred documents in many pieces: seconds, and more on a machine that has other work.
  }, 180_000);
});
