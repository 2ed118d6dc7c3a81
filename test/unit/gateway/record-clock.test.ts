import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotAnIndexError, TooLargeError } from '../../../src-main/gateway/documents/not-an-index.ts';
import { newHashKey, NameHash } from '../../../src-main/gateway/documents/name-hash.ts';
import { RecordClock } from '../../../src-main/gateway/conda/record-clock.ts';
import { SightTable } from '../../../src-main/gateway/conda/sight-table.ts';

const nowMs = 1_800_000_000_000;
const table = new SightTable(newHashKey());
const hash = new NameHash(table.key);

/** What comes out, in pieces of this size, and how many records were given a time. */
function clocked(
  json: string | Uint8Array,
  { pieceBytes = 1e9, isFirstSight = false }: { pieceBytes?: number; isFirstSight?: boolean } = {},
): { text: string; stamped: number; found: number } {
  const clock = new RecordClock({ nowMs, sights: table.buffers, isFirstSight });
  const bytes = Buffer.from(json);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    parts.push(
      ...clock.push(Buffer.from(bytes.subarray(at, at + pieceBytes))).map((part) => Buffer.from(part)),
    );
  clock.end();
  const text = Buffer.concat(parts).toString();
  return { text, stamped: clock.stamped, found: clock.sights.timesMs.length };
}
const parsed = (json: string, options?: Parameters<typeof clocked>[1]): unknown =>
  JSON.parse(clocked(json, options).text);

describe('the gateway’s clock in an index', () => {
  it('is written into records of every container that have none, and changes nothing else', () => {
    table.add(hash.of('known-1-0.conda'), 5);
    table.add(hash.of('new-1-0.conda'), 7);
    const json = `{"info":{"packages":{"a":{}}},"packages":{ "known-1-0.conda" : {"name":"known","x":{"a":[{}]}} ,
      "empty-1-0.conda":{},"has-1-0.conda":{"indexed_timestamp":1},"odd":null},"removed":["a"],
      "v3":{"conda":{"new-1-0":{"name":"new"}},"more":{"new-1-0":{"indexed_timestam\\u0070":3}}},
      "v4":{"conda":{"later-1-0":{"name":"later"}}},"other":{"packages":{"a":{}}}}`;
    const { text, stamped } = clocked(json);
    expect(JSON.parse(text)).toEqual({
      info: { packages: { a: {} } },
      packages: {
        'known-1-0.conda': { name: 'known', x: { a: [{}] }, indexed_timestamp: 5 },
        'empty-1-0.conda': { indexed_timestamp: nowMs },
        'has-1-0.conda': { indexed_timestamp: 1 },
        odd: null,
      },
      removed: ['a'],
      v3: {
        conda: { 'new-1-0': { name: 'new', indexed_timestamp: 7 } },
        more: { 'new-1-0': { indexed_timestamp: 3 } },
      },
      v4: { conda: { 'later-1-0': { name: 'later' } } },
      other: { packages: { a: {} } },
    });
    expect(stamped).toBe(3);
    expect(text.replaceAll(/,?"indexed_timestamp":(?:5|7|18\d+)(?=})/g, '')).toBe(json);
  });

  it('is the builder’s at the first sight of all, and never later than now', () => {
    const json = (time: unknown) =>
      `{"packages":{"a-1-0.conda":{"timestamp":${String(time)},"x":"timestamp"}}}`;
    const timeOf = (time: unknown, isFirstSight: boolean): unknown =>
      (parsed(json(time), { isFirstSight }) as { packages: Record<string, { indexed_timestamp: number }> })
        .packages['a-1-0.conda']?.indexed_timestamp;
    expect(timeOf(1_700_000_000_000, true)).toBe(1_700_000_000_000);
    // Seconds, as conda-build wrote them until 2016.
    expect(timeOf(1_400_000_000, true)).toBe(1_400_000_000_000);
    for (const time of [1_700_000_000_000.5e9, -1, '"x"', 'null', '[1]'])
      expect(timeOf(time, true)).toBe(nowMs);
    expect(timeOf(1_700_000_000_000, false)).toBe(nowMs);
  });

  it('begins anew for other bytes under a known name', () => {
    const known = new SightTable(newHashKey());
    known.add(new NameHash(known.key).of('a-1-0.conda\0"aa"'), 5);
    const timeOf = (digest: string): unknown => {
      const clock = new RecordClock({ nowMs, sights: known.buffers, isFirstSight: false });
      const parts = clock.push(
        Buffer.from(`{"packages":{"a-1-0.conda":{"sha256":"${digest}","x":"sha256"}}}`),
      );
      const { packages } = JSON.parse(Buffer.concat(parts).toString()) as {
        packages: Record<string, { indexed_timestamp: number }>;
      };
      return packages['a-1-0.conda']?.indexed_timestamp;
    };
    expect(timeOf('aa')).toBe(5);
    expect(timeOf('bb')).toBe(nowMs);
  });

  it('is the same however the pieces are cut', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', '\\', 'a', '{', '}', '[', ',', ':', 'é'),
      maxLength: 6,
    });
    const inner = fc.dictionary(
      text,
      fc.oneof(text, fc.integer(), fc.array(text), fc.dictionary(text, text)),
    );
    const record = fc.oneof(
      inner,
      inner.map((some) => ({ ...some, indexed_timestamp: 1 })),
      inner.map((some) => ({ timestamp: 5, ...some })),
    );
    const records = fc.dictionary(text, record, { maxKeys: 4 });
    const index = fc.record(
      {
        packages: records,
        'packages.conda': records,
        v3: fc.dictionary(text, records),
        info: inner,
        x: text,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(index, fc.nat(2), fc.integer({ min: 1, max: 9 }), (value, indent, pieceBytes) => {
        const json = JSON.stringify(value, undefined, indent);
        const whole = clocked(json);
        expect(clocked(json, { pieceBytes })).toEqual(whole);
        const stamp = (found: Record<string, object> = {}): object =>
          Object.fromEntries(
            Object.entries(found).map(([key, some]) => [key, { indexed_timestamp: nowMs, ...some }]),
          );
        // No key with a backslash at its end, which Node 24's JSON.parse misreads (record-facts.ts): asked by text.
        const wanted = JSON.stringify(value).match(/"indexed_timestamp":1/g)?.length ?? 0;
        const all = [value.packages, value['packages.conda'], ...Object.values(value.v3 ?? {})].flatMap(
          (some) => Object.keys(stamp(some)),
        );
        expect(whole.stamped).toBe(all.length - wanted);
        expect(whole.text.replaceAll(/,?"indexed_timestamp":18\d+(?=})/g, '')).toBe(json);
      }),
      { numRuns: 300 },
    );
  });

  it('gives up where a record is longer than any, or ends with the document', () => {
    const long = `{"packages":{"a":{"x":"${'x'.repeat(1024 * 1024)}`;
    expect(() => clocked(long)).toThrow(TooLargeError);
    expect(() => clocked('{"packages":{"a":{"x":1')).toThrow(NotAnIndexError);
    expect(clocked(`{"info":"${'\\'.repeat(200_000)}`, { pieceBytes: 999 }).stamped).toBe(0);
  });
});
