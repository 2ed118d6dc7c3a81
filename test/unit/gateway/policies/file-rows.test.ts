/** Rows of files by the hash of their names. */
import { describe, expect, it } from 'vitest';
import { NameHash, newHashKey } from '../../../../src-main/gateway/documents/name-hash.ts';
import { FileRows, FileRowsBuilder } from '../../../../src-main/gateway/index-store/file-rows.ts';

describe('the row of a file', () => {
  it('is that of its own name where half of the hash is that of another', () => {
    const key = newHashKey();
    const { low, high } = new NameHash(key).of('wanted-1-0.conda');
    const builder = new FileRowsBuilder(key, 10);
    // In the same place, and alike in what is kept.
    builder.add((low ^ 0x80_00_00_00) >>> 0, high, 0, 0);
    builder.add(low, high, 0, 1);
    const rows = new FileRows(builder.build());
    expect(rows.rowOf('wanted-1-0.conda', (row) => row === 1)).toBe(1);
    expect(rows.rowOf('wanted-1-0.conda', () => false)).toBeUndefined();
  });

  it('is found behind one that cannot be relied on', () => {
    const key = newHashKey();
    const { low, high } = new NameHash(key).of('wanted-1-0.conda');
    const builder = new FileRowsBuilder(key, 10);
    builder.add((low ^ 0x80_00_00_00) >>> 0, high, 0, -1);
    builder.add(low, high, 0, 7);
    expect(new FileRows(builder.build()).rowOf('wanted-1-0.conda', () => true)).toBe(7);
  });
});
