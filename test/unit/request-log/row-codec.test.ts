import { describe, expect, it } from 'vitest';
import { decodeRow, encodeRow } from '../../../src-main/request-log/row-codec.ts';
import { atMs, row } from '../../support/log-rows.ts';

const again = (changes: Parameters<typeof row>[0]) =>
  decodeRow(JSON.parse(encodeRow(row(changes), atMs, 0)) as unknown, atMs);

describe('a row as it stands in a segment', () => {
  it('is read as it was written', () => {
    const { who: _who, ...plain } = row({ name: 'é\u{1F40D}', ciProject: '' });
    expect(again({ name: 'é\u{1F40D}', ciProject: '' })).toEqual({ ...plain, who: 0 });
  });

  it('is none where a text is no text of UTF-8, or could part names in a key', () => {
    for (const name of ['a\0b', 'a\uD83D', '\uDC00'])
      for (const text of ['name', 'ciJob', 'client']) expect(again({ [text]: name })).toBeUndefined();
  });
});
