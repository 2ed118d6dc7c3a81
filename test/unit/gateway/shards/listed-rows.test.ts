import { expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import { listedRows } from '../../../../src-main/gateway/conda/shards/listed-rows.ts';
import { SightTable } from '../../../../src-main/gateway/conda/sight-table.ts';
import { newHashKey } from '../../../../src-main/gateway/documents/name-hash.ts';
import { RowsReader } from '../../../../src-main/gateway/index-store/rows-reader.ts';
import { StoredRows } from '../../../../src-main/gateway/index-store/stored-rows.ts';

const job = {
  type: 'conda-rows',
  channelId: 'x' as ChannelId,
  subdir: 'noarch',
  plainBytes: 1000,
  nowMs: 1,
  sights: new SightTable(newHashKey()).buffers,
  isFirstSight: true,
} as const;
const record = (name: string, version: string): string =>
  `{"name":"${name}","version":"${version}","build":"0","indexed_timestamp":1790000000000}`;
const entry = (name: string, version = '1'): string =>
  `"${name}-${version}-0.conda":${record(name, version)}`;

it('has the records of each name that are listed, wherever the pieces end', () => {
  const json = `{"packages.conda":{${[entry('a'), entry('b'), entry('a', '2'), entry('hidden')].join()}},"v3":{"conda":{"a-\u005cu0033-0":${record('A', '3')}}}}`;
  for (const pieceBytes of [1, 7, 1000]) {
    const reader = new RowsReader(job);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < json.length; at += pieceBytes)
      pieces.push(...reader.push(Buffer.from(json.slice(at, at + pieceBytes))));
    const end = reader.end();
    const rows = new StoredRows('d', [...pieces, ...end.pieces], end.result);
    const isListed = (row: number) => rows.nameOf(row) !== 'hidden';
    const { names, hasRevision, rowsOf, placeOf, partsOf } = listedRows({ rows, isListed });
    expect([names, hasRevision]).toEqual([['a', 'b'], true]);
    const found = names.map((_name, number) =>
      [...rowsOf(number)].map((row) => [
        placeOf(row),
        ...partsOf(row).map((part) => Buffer.from(part).toString()),
      ]),
    );
    expect(found[0]?.map(([place, key]) => [place, key])).toEqual([
      [1, 'a-1-0.conda'],
      [1, 'a-2-0.conda'],
      [3, 'a-3-0'],
    ]);
    expect(found[1]).toEqual([[1, 'b-1-0.conda', record('b', '1')]]);
  }
});
