/** An index of conda that is read into rows, in pieces of any size, by either scanner. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SightTable } from '../../../../src-main/gateway/conda/sight-table.ts';
import { newHashKey } from '../../../../src-main/gateway/documents/name-hash.ts';
import { NotAnIndexError, TooLargeError } from '../../../../src-main/gateway/documents/not-an-index.ts';
import { ScriptScanner } from '../../../../src-main/gateway/index-store/entries-scan.ts';
import { WasmScanner } from '../../../../src-main/gateway/index-store/entries-wasm.ts';
import { RowsReader } from '../../../../src-main/gateway/index-store/rows-reader.ts';
import { StoredRows } from '../../../../src-main/gateway/index-store/stored-rows.ts';
import type { ChannelId } from '../../../../shared/model/ids.ts';

const nowMs = 1_790_000_000_000;
const job = {
  type: 'conda-rows',
  channelId: 'c' as ChannelId,
  subdir: 'noarch',
  plainBytes: 1000,
  nowMs,
  sights: new SightTable(newHashKey()).buffers,
  isFirstSight: true,
} as const;
const makers = { wasm: () => new WasmScanner(), script: () => new ScriptScanner() };

function read(
  text: string | Buffer,
  pieceBytes = 1000,
  make: () => WasmScanner | ScriptScanner = makers.wasm,
) {
  const bytes = Buffer.from(text);
  const reader = new RowsReader(job, make());
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += pieceBytes)
    pieces.push(...reader.push(bytes.subarray(from, from + pieceBytes)));
  const last = reader.end();
  const rows = new StoredRows('d', [...pieces, ...last.pieces], last.result);
  const found = Array.from({ length: rows.count }, (_, row) => {
    const { key, record } = rows.keyAndRecord(row);
    const { path, extension } = rows.containerOf(row);
    const file = extension === undefined ? key : `${key}.${extension}`;
    return {
      path: path.join('/'),
      key,
      record: JSON.parse(Buffer.from(record).toString()) as Record<string, unknown>,
      name: rows.nameOf(row),
      version: rows.versionOf(row),
      timeMs: rows.columns.timesMs[row],
      isFound: rows.rowOf(file) === row && rows.rowsOfName(rows.nameOf(row)).includes(row),
    };
  });
  return { rows, found, unknown: last.result.unknown, removed: rows.removed };
}
const entry = (name: string, version = '1', more: object = {}) =>
  ({ name, version, build: '0', license: 'MIT', ...more }) as const;

describe('reading an index into rows', () => {
  it('finds the records that JSON.parse finds, wherever the pieces end and whatever blanks there are', () => {
    const someName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
    const someEntry = fc.record({
      name: someName,
      version: fc.stringMatching(/^[0-9][0-9.]{0,4}$/),
      time: fc.option(fc.nat(2_000_000_000), { nil: undefined }),
      more: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}_$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(someEntry, { maxLength: 8 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(0, 1, 4),
        fc.constantFrom(...Object.values(makers)),
        (entries, pieceBytes, indent, make) => {
          const files = new Map(
            entries.map(({ name, version, time, more }) => [
              `${name}-${version}-0.conda`,
              {
                ...more,
                ...entry(name, version),
                ...(time === undefined ? {} : { indexed_timestamp: time }),
              },
            ]),
          );
          const index = { info: {}, 'packages.conda': Object.fromEntries(files), other: { a: [1] } };
          const { found, unknown } = read(JSON.stringify(index, undefined, indent), pieceBytes, make);
          expect(unknown).toBe(1);
          expect(found.map(({ key }) => key)).toEqual(Object.keys(index['packages.conda']));
          for (const { key, record, isFound, timeMs } of found) {
            // As it was written: JSON knows no -0.
            const given = JSON.parse(JSON.stringify(files.get(key))) as Record<string, unknown>;
            const given_ms = given['indexed_timestamp'] as number | undefined;
            expect(record).toEqual({ ...given, indexed_timestamp: given_ms ?? nowMs });
            expect([isFound, timeMs]).toEqual([true, given_ms === undefined ? nowMs : given_ms * 1000]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out and counts what two readers could read differently, and what nobody knows', () => {
    const good = JSON.stringify(entry('good'));
    const text = `{"packages":{"good-1-0.conda":${good},
      "twice-1-0.conda":{"name":"twice","name":"x","version":"1","build":"0"},
      "esc-1-0.conda":{"n\\u0061me":"esc","version":"1","build":"0","license":"a\\nb"},
      "back-1-0.conda":{"name":"back","version":"1","build":"0","\\\\":1},
      "liar-1-0.conda":${good}, "7-1-0.conda":7, "list-1-0.conda":[],
      "else-1-0.conda":{"name":"else","version":"1","build":"0","subdir":"linux-64"},
      "Case-1-0.conda":{"name":"case","version":"1","build":"0"},
      "late-1-0.conda":{"name":"late","version":"1","build":"0","indexed_timestamp":"x"}},
      "packages.conda":{"good-1-0.conda":${good}, "new-1-0.conda":${JSON.stringify(entry('new'))}},
      "v3":{"conda":{"new-1-0":${JSON.stringify(entry('new'))},"v-1-0":${JSON.stringify(entry('v', '1', { fn: 'v-1-0.conda' }))}},"whl":{}},
      "v4":{"conda":{}},"removed":["gone-1-0.conda",7],"x\\u0079":[{"a":"\\\\"}]}`;
    for (const make of Object.values(makers)) {
      const { found, unknown, removed } = read(text, 13, make);
      expect(found.map(({ path, name, key }) => `${path} ${name} ${key}`)).toEqual([
        'packages good good-1-0.conda',
        'packages esc esc-1-0.conda',
        'packages case Case-1-0.conda',
        'packages.conda new new-1-0.conda',
        'v3/conda v v-1-0',
      ]);
      expect(found.every(({ isFound }) => isFound)).toBe(true);
      expect(unknown).toBe(7 + 1 + 1 + 3);
      expect(removed).toEqual(['gone-1-0.conda']);
    }
  });

  it.each([
    ['a container twice', '{"packages":{},"packages":{}}'],
    ['a container twice, once escaped', '{"packages":{},"\\u0070ackages":{}}'],
    ['another key twice', '{"a":1,"a":2}'],
    ['a file twice', '{"packages":{"a-1-0.conda":{},"a-1-0.conda":{}}}'],
    ['a file twice, once escaped', '{"packages":{"a-1-0.conda":{},"\\u0061-1-0.conda":{}}}'],
    ['a container that is a list', '{"packages":[]}'],
    ['a container that is null', '{"packages":null}'],
    ['an extension that is a text', '{"v3":{"conda":"x"}}'],
    ['a byte-order mark', '\ufeff{"packages":{}}'],
    ['NUL', '{"packages":{}\0}'],
    ['NaN in a record', '{"packages":{"a-1-0.conda":{"x":NaN}}}'],
    ['NaN in what is passed over', '{"x":[NaN]}'],
    ['bytes after the end', '{"packages":{}}{}'],
    ['a trailing comma', '{"packages":{"a-1-0.conda":{},}}'],
    ['a trailing comma at the top', '{"packages":{},}'],
    ['two commas', '{"packages":{},,"info":{}}'],
    ['no value', '{"packages":}'],
    ['no comma', '{"packages":{} "info":{}}'],
    ['a page', '<!doctype html>'],
    ['a list', '[]'],
    ['nothing', ''],
    ['an end that is missing', '{"packages":{"a-1-0.conda":{}}'],
    ['a string that is cut', '{"packages":{"a-1-0.conda'],
    ['a literal that is cut', '{"x":tru'],
    ['a literal that is none', '{"x":trux}'],
    ['what is not UTF-8', Buffer.from('{"packages":{"a-1-0.conda":{"x":"\xff"}}}', 'latin1')],
    ['what is not UTF-8, passed over', Buffer.from('{"x":"\xff"}', 'latin1')],
    ['a lone surrogate that is written as UTF-8', Buffer.from('{"\xed\xa0\x80":0}', 'latin1')],
    ['what is nested too deep', `{"packages":{"a-1-0.conda":{"x":${'['.repeat(600)}`],
  ])('refuses %s', (_what, text) => {
    for (const make of Object.values(makers))
      for (const pieceBytes of [1, 7, 1000])
        expect(() => read(text, pieceBytes, make)).toThrow(NotAnIndexError);
  });

  it('passes over a value of any length without keeping it, and checks that it is JSON', () => {
    const reader = new RowsReader(job);
    const part = Buffer.from(`${JSON.stringify(['x'.repeat(900), { a: [1, null, {}] }])},`.repeat(300));
    const feed = (end: string) => {
      reader.push(Buffer.from('{"v4":{"a":[['));
      for (let turn = 0; turn < 30; turn += 1) reader.push(part);
      reader.push(Buffer.from(end));
    };
    feed(`0],{"b":1}]},"packages":{"a-1-0.conda":${JSON.stringify(entry('a'))}}}`);
    expect(reader.end().result).toMatchObject({ unknown: 1, columns: { count: 1 } });
  });

  it.each([
    ['a record', '{"packages":{"x":{"y":"', 'x'],
    ['a list of what was removed', '{"removed":[', '"x",'],
    ['a key', '{"', 'x'],
    ['a text that is passed over', '{"x":"', 'x'],
    ['blanks in a record', '{"packages":{"x":{', ' '],
  ])('gives up where %s is longer than any', (_what, start, filling) => {
    const reader = new RowsReader(job);
    reader.push(Buffer.from(start));
    const part = Buffer.from(filling.repeat((256 * 1024) / filling.length));
    expect(() => {
      for (let turn = 0; turn < 40; turn += 1) reader.push(part);
    }).toThrow(TooLargeError);
  });

  it('grows its tables as far as it must', () => {
    const entries = Array.from({ length: 6000 }, (_, index) => {
      const name = `name${index}`;
      return [`${name}-${index}.1-0.conda`, entry(name, `${index}.1`, { license: `L-${index}` })] as const;
    });
    const { rows } = read(JSON.stringify({ packages: Object.fromEntries(entries) }), 256 * 1024);
    expect(rows.count).toBe(6000);
    for (const index of [0, 7, 4097, 5999]) {
      expect(rows.rowOf(`name${index}-${index}.1-0.conda`)).toBe(index);
      expect([...rows.rowsOfName(`name${index}`)]).toEqual([index]);
      expect(rows.versionOf(index)).toBe(`${index}.1`);
    }
    expect(rows.rowOf('name5-6.1-0.conda')).toBeUndefined();
  });
});
