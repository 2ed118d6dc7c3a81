import { describe, expect, it } from 'vitest';
import { comparePep440, isPrerelease, parsePep440 } from '../../../../src-main/policy/pep440/version.ts';

const parsed = (text: string) => {
  const version = parsePep440(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
};

describe('a PEP 440 version', () => {
  it('orders as PEP 440 says', () => {
    // PEP 440, "Summary of permitted suffixes and relative ordering", with locals and epochs beside it.
    const sorted =
      '1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1';
    const versions = sorted.split(' ');
    const shuffled = versions.toReversed().toSorted((a, b) => comparePep440(parsed(a), parsed(b)));
    expect(shuffled).toEqual(versions);
  });

  it.each([
    ['1.0', '1'],
    ['1.0', ' v1.0.0\n'],
    ['1.0a1', '1.0-ALPHA.1'],
    ['1.0rc2', '1.0.preview_2'],
    ['1.0.post3', '1.0-3'],
    ['1.0.post0', '1.0-rev'],
    ['1.0.dev0', '1.0DEV'],
    ['1.0+a.1', '1.0+A_01'],
    ['1.123456789012345678901', '1.0123456789012345678901'],
  ])('takes %j and %j for one', (a, b) => {
    expect(comparePep440(parsed(a), parsed(b))).toBe(0);
  });

  it.each([
    '',
    '.',
    '1.',
    '1..2',
    '1.0+',
    '1.0+a+b',
    '1.0 beta',
    'one',
    '1!',
    '-1',
    '1.0\u0000',
    '١',
    '1.0ſ1',
  ])('takes %j for none', (text) => {
    expect(parsePep440(text)).toBeUndefined();
  });

  it('refuses a text of unreasonable length before it reads it', () => {
    expect(parsePep440('1'.repeat(257))).toBeUndefined();
    expect(parsePep440('1'.repeat(256))).toBeDefined();
  });

  it('compares numbers of any length', () => {
    expect(comparePep440(parsed('9007199254740993'), parsed('9007199254740992'))).toBeGreaterThan(0);
  });

  it('knows pre-releases', () => {
    expect(['1a1', '1.dev1', '1.post1.dev1'].map((text) => isPrerelease(parsed(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['1', '1.post1', '1+dev'].map((text) => isPrerelease(parsed(text)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
