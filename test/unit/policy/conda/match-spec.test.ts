import { describe, expect, it } from 'vitest';
import { matchSpec, parseMatchSpec, type CondaRecord } from '../../../../src-main/policy/conda/match-spec.ts';

const record: CondaRecord = {
  name: 'pkg',
  version: '1.8.2',
  build: 'py37_cuda_0',
  buildNumber: 3,
  channel: 'conda-forge',
  subdir: 'linux-64',
  fn: 'pkg-1.8.2-py37_cuda_0.conda',
  md5: '0123456789abcdef0123456789abcdef',
  license: 'MIT',
};

function match(text: string, changes: Partial<CondaRecord> = {}) {
  const spec = parseMatchSpec(text);
  return spec === undefined ? 'refused' : matchSpec(spec, { ...record, ...changes });
}

describe('a conda spec', () => {
  // CEP 29, "Version expression parsing": each line of a block means the same.
  it.each([
    'pkg=1.8',
    'pkg =1.8',
    'pkg 1.8.*',
    'pkg 1.8.* *',
    'pkg=1.8.*',
    'pkg=1.8.*=*',
    'pkg =1.8.* *',
    'pkg[version=1.8.*]',
    'pkg[version="1.8.*"]',
  ])('%s means any 1.8', (text) => {
    expect(match(text)).toBe('both');
    expect(match(text, { version: '1.8' })).toBe('both');
    expect(match(text, { version: '1.80' })).toBe('none');
  });

  it.each(['pkg 1.8', 'pkg 1.8 *', 'pkg==1.8', 'pkg=1.8=*', 'pkg==1.8=*', 'pkg ==1.8 *', 'pkg[version=1.8]'])(
    '%s means 1.8 alone',
    (text) => {
      expect(match(text)).toBe('none');
      expect(match(text, { version: '1.8.0' })).toBe('both');
    },
  );

  it.each([
    ['pkg', 'both'],
    ['p*g', 'both'],
    ['*', 'both'],
    ['PKG', 'both'],
    ['p*x', 'none'],
    ['pkg>=1.8,<1.9', 'both'],
    ['pkg <1|>=1.8', 'both'],
    ['pkg <1|>=1.8,!=1.8.2', 'none'],
    ['pkg !=1.8.*', 'none'],
    ['pkg ~=1.8.0', 'both'],
    ['pkg ~=1.7.0', 'none'],
    ['pkg * *cuda*', 'both'],
    ['pkg 1.8.2 py37_cuda_0', 'both'],
    ['pkg * py38*', 'none'],
    ['pkg[build_number=">=3"]', 'both'],
    ['pkg[build_number=2]', 'none'],
    ['pkg[md5=0123456789abcdef0123456789abcdef]', 'both'],
    ['pkg[fn=pkg-1.8.2-py37_cuda_0.conda]', 'both'],
    ['conda-forge::pkg', 'both'],
    ['conda-forge/linux-64::pkg>1', 'both'],
    ['conda-forge/noarch::pkg', 'none'],
    ['bioconda::pkg', 'none'],
    ['conda-*::pkg', 'both'],
    ['pkg[channel=conda-forge, subdir=linux-64]', 'both'],
  ])('%s matches %s', (text, expected) => {
    expect(match(text)).toBe(expected);
  });

  it.each([
    ['conda does not know the case of builds', 'pkg * PY37*', {}],
    ['rattler does not know the case of licences', 'pkg[license=mit]', {}],
    ['conda drops what is in parentheses', 'pkg (<1|>2)', {}],
    ['rattler refuses a star inside a version', 'pkg 1.*.2', {}],
    ['rattler refuses a name between brackets', 'pkg[name=other]', {}],
    ['rattler has no numbers of more than 64 bits', 'pkg <99999999999999999999', {}],
    ['conda cannot judge this version', 'pkg >1', { version: '1..2' }],
  ])('matches for one program alone where %s', (_, text, changes) => {
    expect(match(text, changes)).toBe('one');
  });

  it('cannot be denied nor allowed for good by a fact that is missing', () => {
    expect(match('pkg[md5=0123456789abcdef0123456789abcdef]', { md5: undefined })).toBe('one');
    expect(match('conda-forge::pkg', { channel: undefined })).toBe('one');
    expect(match('other[build_number=3]', { buildNumber: undefined })).toBe('none');
  });

  it.each([
    '',
    '^p.*$',
    'pkg[build="^py.*$"]',
    'pkg # comment',
    'name:pkg',
    'pkg[when="python >3"]',
    'pkg[url="https://example.org/a.conda"]',
    'pkg-1.0-0.conda',
    '/tmp/pkg',
    'pkg >=',
    'pkg >=1,,<2',
    'foo--bar>',
    'pkg[version=',
    'pk\u0000g',
  ])('refuses %j', (text) => {
    expect(match(text)).toBe('refused');
  });

  it('reads hostile texts of full length at once', () => {
    for (const piece of ['(', '[', 'a=', '*a', '1.', '1|', "'", '[a=', '::', '=', '_', ' *']) {
      expect(() => match(piece.repeat(600).slice(0, 512))).not.toThrow();
      expect(() => match(`pkg ${piece.repeat(600)}`.slice(0, 512))).not.toThrow();
    }
    expect(match('p'.repeat(513))).toBe('refused');
  });
});
