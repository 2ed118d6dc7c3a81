import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { TooLargeError } from '../../../src-main/gateway/documents/not-an-index.ts';
import { RecordTable, RecordTableBuilder } from '../../../src-main/gateway/documents/record-table.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', '0'), maxLength: 6 });

describe('a table of records', () => {
  it('finds what was added first under each key, and nothing else', () => {
    const records = fc.array(fc.tuple(key, fc.string({ unit: 'grapheme', maxLength: 40 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(records, key, (given, other) => {
        const builder = new RecordTableBuilder();
        const model = new Map<string, string>();
        for (const [name, text] of given) {
          expect(builder.add(name, text)).toBe(!model.has(name));
          if (!model.has(name)) model.set(name, text);
        }
        const table = new RecordTable(builder.build());
        expect(table.size).toBe(model.size);
        for (const [name, text] of model) expect(table.get(name)).toBe(text);
        expect(table.get(other)).toBe(model.get(other));
      }),
    );
  });

  it('spreads over chunks, of which each is handed over, and weighs what it takes', () => {
    const builder = new RecordTableBuilder();
    const text = 'x'.repeat(10_000);
    for (let index = 0; index < 500; index += 1) builder.add(`file-${index}`, `${text}ä${index}`);
    const buffers = builder.build();
    expect(buffers.chunks.length).toBeGreaterThan(4);
    // Nothing stands in two chunks, and none shares its memory with something else.
    for (const { buffer, byteLength } of buffers.chunks) expect(buffer.byteLength).toBe(byteLength);
    const table = new RecordTable(buffers);
    for (let index = 0; index < 500; index += 1) expect(table.get(`file-${index}`)).toBe(`${text}ä${index}`);
    const bytes = buffers.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(table.weightBytes).toBe(bytes + buffers.places.byteLength);
  });

  it('takes little for few records', () => {
    const builder = new RecordTableBuilder();
    builder.add('acme-1.0.tar.gz', 'true 100  https://files.example/acme-1.0.tar.gz');
    expect(new RecordTable(builder.build()).weightBytes).toBeLessThan(100);
    expect(new RecordTable(new RecordTableBuilder().build()).get('acme')).toBeUndefined();
  });

  it('is bounded in records and in bytes, and refuses a record that fits no chunk', () => {
    const many = new RecordTableBuilder();
    for (let index = 0; index < 250_000; index += 1) many.add(String(index), '');
    expect(() => many.add('more', '')).toThrow(TooLargeError);
    const long = new RecordTableBuilder();
    const text = 'x'.repeat(300_000);
    expect(() => {
      for (let index = 0; index < 250; index += 1) long.add(String(index), text);
    }).toThrow(TooLargeError);
    expect(() => new RecordTableBuilder().add('acme', 'x'.repeat(400_000))).toThrow(TooLargeError);
  });
});
