import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTableFile } from '../../../src-main/curation/table-file.ts';

const entriesOf = (kind: 'names' | 'licenses', text: string) => {
  const read = readTableFile(kind, text);
  if (!read.ok) throw new Error(`${read.place}: ${read.why}`);
  return read.entries.map(({ key, value }) => [key, value]);
};

describe('a file of names', () => {
  it.each([
    ['JSON', '{"PyTorch": "Torch", "r-base": null, "py_x": "Py_X"}'],
    ['JSON of package URLs', '{"pkg:conda/pytorch": "pkg:pypi/torch", "r-base": null, "py_x": "py.x"}'],
    ['CSV', 'conda,pypi\nPyTorch,Torch\nr-base,\npy_x,py-x\n'],
    ['CSV of another system', '\ufeffConda,PyPI\r\npytorch , torch\r\n\r\n"r-base",""\r\npy_x,py--x\r\n'],
  ])('in %s is read by normal names', (_what, text) => {
    expect(entriesOf('names', text)).toEqual([
      ['pytorch', 'torch'],
      ['r-base', null],
      ['py_x', 'py-x'],
    ]);
  });

  it('is known by its bytes', () => {
    const text = '{"a": "b"}';
    expect(readTableFile('names', text)).toMatchObject({
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  });

  it.each([
    ['{"a": "b"', '1', 'not-read'],
    ['7', '1', 'columns'],
    ['["a"]', '1', 'not-read'],
    ['', '1', 'columns'],
    ['name,pypi\na,b', '1', 'columns'],
    ['{"a": "b", "a": "c"}', 'a', 'key-twice'],
    ['{"a_b": "b", "A_B": "c"}', 'A_B', 'key-twice'],
    ['{"a": 7}', 'a', 'value-not-text'],
    ['{"a": {"b": {"c": {"d": 1}}}}', '1', 'too-many'],
    [`{"a": ${'['.repeat(500_000)}`, '1', 'too-many'],
    ['{"../a": "b"}', '../a', 'not-a-name'],
    ['{"a": "b c"}', 'a', 'not-a-name'],
    ['{"pkg:pypi/a": "b"}', 'pkg:pypi/a', 'not-a-name'],
    ['{"pkg:conda/a@1": "b"}', 'pkg:conda/a@1', 'not-a-name'],
    ['conda,pypi\na,"b\n', '2', 'not-read'],
    [`conda,pypi\n${'x'.repeat(100_000)},b\n`, '2', 'not-read'],
  ])('that is none is refused at its place: case %#', (text, place, why) => {
    expect(readTableFile('names', text)).toEqual({ ok: false, place, why });
  });
});

describe('a file of licenses', () => {
  it('is read by keys without case, with single spaces', () => {
    expect(
      entriesOf('licenses', '{"New  BSD ": "BSD-3-Clause", "Ours": "LicenseRef-Ours", "MIT": null}'),
    ).toEqual([
      ['new bsd', 'BSD-3-Clause'],
      ['ours', 'LicenseRef-Ours'],
      ['mit', null],
    ]);
    expect(entriesOf('licenses', 'text,expression\n"A, or B","MIT OR Apache-2.0"\n')).toEqual([
      ['a, or b', 'MIT OR Apache-2.0'],
    ]);
  });

  it.each([
    ['{"x": "no such license"}', 'x', 'not-an-expression'],
    [`{"x": "MIT${' OR MIT'.repeat(2000)}"}`, 'x', 'not-an-expression'],
    ['{"": "MIT"}', '', 'not-a-name'],
    ['{"\\u0001": "MIT"}', '', 'not-a-name'],
  ])('that is none is refused at its place: case %#', (text, place, why) => {
    expect(readTableFile('licenses', text)).toEqual({ ok: false, place, why });
  });
});

describe('the list that comes with the product', () => {
  it('is a file of names that is read whole', () => {
    const { same, others } = JSON.parse(
      readFileSync(new URL('../../../src-main/curation/default-names.json', import.meta.url), 'utf8'),
    ) as { same: string; others: string };
    const pairs = [
      ...same.split(' ').map((name) => [name, name]),
      ...others.split('|').map((pair) => pair.split(' ')),
    ];
    expect(entriesOf('names', JSON.stringify(Object.fromEntries(pairs)))).toHaveLength(pairs.length);
  });
});
