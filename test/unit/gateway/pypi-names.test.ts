import { describe, expect, it } from 'vitest';
import {
  normalizeProjectName,
  parseFileName,
  parseFileNameOf,
} from '../../../src-main/gateway/pypi/file-names.ts';
import { normalizeVersion } from '../../../src-main/gateway/pypi/version.ts';

describe('project names (PEP 503)', () => {
  it.each([
    ['HolyGrail', 'holygrail'],
    ['Silly_Walk', 'silly-walk'],
    ['a.-_b', 'a-b'],
    ['zope.interface', 'zope-interface'],
    ['2to3', '2to3'],
  ])('normalises %s to %s', (given, expected) => {
    expect(normalizeProjectName(given)).toBe(expected);
  });
  it.each(['', '-a', 'a-', '.', '..', 'a b', 'a/b', 'ä', 'a\n', 'a'.repeat(201)])('refuses %j', (given) => {
    expect(normalizeProjectName(given)).toBeUndefined();
  });
});

describe('versions (PEP 440)', () => {
  it.each([
    ['1.0', '1.0'],
    ['v1.0', '1.0'],
    ['01.002', '1.2'],
    ['1.0-ALPHA.1', '1.0a1'],
    ['1.0c1', '1.0rc1'],
    ['1.0pre', '1.0rc0'],
    ['1.0-1', '1.0.post1'],
    ['1.0rev3', '1.0.post3'],
    ['1.0.DEV', '1.0.dev0'],
    ['1!2.0b2.post3.dev4+Ubuntu-1_01', '1!2.0b2.post3.dev4+ubuntu.1.1'],
    ['0!1', '1'],
  ])('normalises %s to %s', (given, expected) => {
    expect(normalizeVersion(given)).toBe(expected);
  });
  it.each(['', 'x', '1.', '1..0', '1.0+', '1.0-x', '1 0', '1'.repeat(129)])('refuses %j', (given) => {
    expect(normalizeVersion(given)).toBeUndefined();
  });
});

describe('file names', () => {
  it.each([
    ['acme_hello-1.0-py3-none-any.whl', 'wheel', 'acme-hello', '1.0'],
    ['Acme.Hello-1.0-2b-py2.py3-none-any.whl', 'wheel', 'acme-hello', '1.0'],
    ['torch-2.0.0+cpu-cp310-cp310-linux_x86_64.whl', 'wheel', 'torch', '2.0.0+cpu'],
    ['a-1!1.0-py3-none-any.whl', 'wheel', 'a', '1!1.0'],
    ['acme_hello-1.0.tar.gz', 'sdist', 'acme-hello', '1.0'],
    ['acme-hello-1.0.zip', 'sdist', 'acme-hello', '1.0'],
  ])('reads %s', (filename, kind, project, version) => {
    expect(parseFileName(filename)).toEqual({ kind, project, version });
    expect(parseFileNameOf(project, filename)).toEqual({ kind, project, version });
    expect(parseFileNameOf('other', filename)).toBeUndefined();
  });
  it.each([
    // No hyphen, so no project and no version.
    '2024.zip',
    '20240101.tar.gz',
    'acme-1.0.whl',
    'acme-1.0-py3-none.whl',
    'acme-1.0-x-py3-none-any.whl',
    'acme-latest-py3-none-any.whl',
    'acme.tar.gz',
    'acme-latest.tar.gz',
    '.acme-1.0.tar.gz',
    'sub/acme-1.0.tar.gz',
    '..\\acme-1.0.tar.gz',
    'acme-1.0\n.tar.gz',
    'acmé-1.0.tar.gz',
    'acme-1.0.egg',
    'acme-1.0.tar.gz.asc',
    'numpy-1.0-py39_0.tar.bz2',
    `a-1.0${'0'.repeat(260)}.zip`,
  ])('ignores %j', (filename) => {
    expect(parseFileName(filename)).toBeUndefined();
  });
  it('tells a hyphen of the name from one of the version by the page it stands on', () => {
    expect(parseFileNameOf('foo', 'foo-1.0-1.tar.gz')?.version).toBe('1.0.post1');
    expect(parseFileNameOf('foo-bar', 'foo-bar-1.0-1.tar.gz')?.version).toBe('1.0.post1');
    expect(parseFileNameOf('foo', 'foo-bar-1.0.tar.gz')).toBeUndefined();
  });
});
