import { expect, it } from 'vitest';
import type { ChannelId } from '../../../../shared/model/ids.ts';
import { listedIn, ListedReader } from '../../../../src-main/gateway/conda/shards/read-listed.ts';
import { TooLargeError } from '../../../../src-main/gateway/documents/not-an-index.ts';

const job = { type: 'conda-listed', channelId: 'x' as ChannelId, subdir: 'noarch' } as const;
const entry = (name: string, version = '1'): string =>
  `"${name}-${version}-0.conda":{"name":"${name}","version":"${version}","build":"0"}`;

it('finds the records of each name, wherever the pieces end', () => {
  const json = `{"packages.conda":{${[entry('a'), entry('b'), entry('a', '2')].join()}},"v3":{"conda":{"a-3-0":{"name":"A","version":"3","build":"0"}}}}`;
  for (const pieceBytes of [1, 7, 1000]) {
    const reader = new ListedReader(job);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < json.length; at += pieceBytes)
      pieces.push(...reader.push(Buffer.from(json.slice(at, at + pieceBytes))));
    const end = reader.end();
    const { names, hasRevision, rowsOf, placeOf, partsOf } = listedIn(end.result, [...pieces, ...end.pieces]);
    expect([names, hasRevision]).toEqual([['a', 'b'], true]);
    const found = names.map((_name, number) =>
      rowsOf(number).map((row) => [
        placeOf(row),
        ...partsOf(row).map((part) => Buffer.from(part).toString()),
      ]),
    );
    expect(found[0]?.map(([place, key]) => [place, key])).toEqual([
      [1, 'a-1-0.conda'],
      [1, 'a-2-0.conda'],
      [3, 'a-3-0'],
    ]);
    expect(found[1]).toEqual([[1, 'b-1-0.conda', '{"name":"b","version":"1","build":"0"}']]);
  }
});

it('gives up where there are more names than in any index', () => {
  const reader = new ListedReader(job);
  const write = (text: string) => reader.push(Buffer.from(text));
  write('{"packages.conda":{"x-1-0.conda":{}');
  const many = (): void => {
    for (let from = 0; from < 301_000; from += 1000)
      write(Array.from({ length: 1000 }, (_, index) => `,${entry(`n${from + index}`)}`).join(''));
  };
  expect(many).toThrow(TooLargeError);
});
