import { describe, expect, it } from 'vitest';
import {
  filterVersions,
  parseSpecifiers,
  specifiersContain,
} from '../../../../src-main/policy/pep440/specifiers.ts';

const set = (text: string) => {
  const specifiers = parseSpecifiers(text);
  if (specifiers === undefined) throw new Error(`${text} is no specifier set`);
  return specifiers;
};

describe('a specifier set', () => {
  it.each([
    ['>=1.0', '1.0+x', true],
    ['<=1.0', '1.0+x', true],
    ['==1.0', '1.0+x', true],
    ['==1.0+x', '1.0', false],
    ['!=1.0+x', '1.0+y', true],
    ['>1.0', '1.0.post1', false],
    ['>1.0', '1.0+x', false],
    ['>1.0.post1', '1.0.post2', true],
    ['>1.0.dev1', '1.0', true],
    ['<1.0', '1.0rc1', false],
    ['<1.0rc2', '1.0rc1', true],
    ['<1.0.post1', '1.0.post1.dev0', false],
    ['<1.0.post1', '1.0', true],
    ['==1.*', '1.5.dev1', true],
    ['!=1.0.*', '1', false],
    ['~=1.4.5', '1.4.99', true],
    ['~=1.4.5', '1.5', false],
    ['~=1!1.4', '2!1.4', false],
    ['===1.0', '1.0.0', false],
    ['===LATEST', 'latest', true],
    ['>=1,<2', 'no version', false],
    ['', 'no version', true],
    [' , >=1 ,', '1', true],
  ])('%j, asked about %j, says %j', (text, version, answer) => {
    expect(specifiersContain(set(text), version)).toBe(answer);
  });

  it.each(['1.0', '=1.0', '>=1.0+x', '~=1', '>=1.*', '==1.0a1.*', '===', '=== a b', '>=', '>= 1 <2', '<>1'])(
    'takes %j for none',
    (text) => {
      expect(parseSpecifiers(text)).toBeUndefined();
    },
  );

  it('takes pre-releases where it names one, or nothing else is left', () => {
    expect(filterVersions(set('>=1'), ['1', '2a1'])).toEqual(['1']);
    expect(filterVersions(set('>=1'), ['2a1', 'x'])).toEqual(['2a1']);
    expect(filterVersions(set('>=1a1'), ['1', '2a1'])).toEqual(['1', '2a1']);
    expect(filterVersions(set('!=1a1'), ['1', '2a1'])).toEqual(['1']);
    expect(filterVersions(set('>=1'), ['2a1'], false)).toEqual([]);
  });

  it('refuses a set of unreasonable length', () => {
    expect(parseSpecifiers('>=1,'.repeat(1025))).toBeUndefined();
  });
});
