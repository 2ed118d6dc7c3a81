/** Names as long as a request or a page can make them, of what once took for ever. A hang is the test's own time limit. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCoding } from '../../../src-main/gateway/documents/codings.ts';
import { condaFileOf } from '../../../src-main/gateway/conda/names.ts';
import { requestedRange } from '../../../src-main/gateway/conditional.ts';
import {
  normalizeProjectName,
  parseFileName,
  parseFileNameOf,
} from '../../../src-main/gateway/pypi/file-names.ts';
import { negotiate } from '../../../src-main/gateway/pypi/negotiate.ts';
import { normalizeVersion } from '../../../src-main/gateway/pypi/version.ts';

const maxChars = 16_384;
const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['a subdir', (text) => condaFileOf([text, 'repodata.json'])],
  ['a conda package', (text) => condaFileOf(['noarch', `${text}.conda`])],
  ['a project', normalizeProjectName],
  ['a file', (text) => parseFileName(`${text}.tar.gz`)],
  ['a wheel', (text) => parseFileName(`${text}.whl`)],
  ["a project's file", (text) => parseFileNameOf('acme', `acme-${text}.tar.gz`)],
  ['a version', normalizeVersion],
  ['Accept', negotiate],
  ['Accept-Encoding', chooseCoding],
  ['Range', (text) => requestedRange({ range: `bytes=${text}` }, 10, '"x"')],
];
const attacks = [
  '_',
  '-',
  '-_',
  'a-',
  '1-',
  '0',
  '1.',
  '1!',
  '!',
  '+',
  'a.',
  '%',
  ',',
  ';q=',
  '*/*,',
  '/',
  '\u0000',
  'ä',
];

describe.each(readers)('%s', (_name, read) => {
  it.each(attacks)('of %j over and over is read in time', (unit) => {
    for (const end of ['', '!', '-', '/', '\u0000', '.conda', '9'])
      for (const start of ['', 'a', '1'])
        expect(() => read(start + unit.repeat(Math.ceil(maxChars / unit.length)) + end)).not.toThrow();
  });

  it('of any mixture is read in time', () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom(...attacks), fc.integer({ min: 1, max: 2000 })), { maxLength: 8 })
      .map((parts) => parts.map(([unit, count]) => unit.repeat(count)).join(''));
    fc.assert(
      fc.property(text, (mixed) => {
        expect(() => read(mixed)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

it('takes the platforms that there are', () => {
  for (const subdir of ['noarch', 'linux-64', 'osx-arm64', 'win-64', 'emscripten-wasm32', 'linux-ppc64le'])
    expect(condaFileOf([subdir, 'repodata.json']).kind).toBe('index');
  for (const subdir of [`a${'_'.repeat(60)}!`, '-linux', 'linux-', 'Linux', '', 'a'.repeat(65)])
    expect(condaFileOf([subdir, 'repodata.json']).kind).toBe('unknown');
});
