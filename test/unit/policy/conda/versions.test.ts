import { describe, expect, it } from 'vitest';
import { compareCondaVersions, parseCondaVersion } from '../../../../src-main/policy/conda/conda-version.ts';
import {
  compareRattlerVersions,
  parseRattlerVersion,
} from '../../../../src-main/policy/conda/rattler-version.ts';

function condaOrder(a: string, b: string): number | undefined {
  const [first, second] = [parseCondaVersion(a), parseCondaVersion(b)];
  return first && second && Math.sign(compareCondaVersions(first, second));
}

function rattlerOrder(a: string, b: string): number | undefined {
  const [first, second] = [parseRattlerVersion(a), parseRattlerVersion(b)];
  return first && second && Math.sign(compareRattlerVersions(first, second));
}

/** CEP 33, "Examples". */
const sorted =
  '0.4 0.4.1.rc 0.4.1+local 0.4.1+0.local 0.4.1 0.4.1+1.local 0.5a1 0.5b3 0.5C1 0.5 0.9.6 0.960923 1.0 1.1dev1 1.1a1 1.1.0dev1 1.1.a1 1.1.0rc1 1.1.0 1.1.post1 1.1post1 1996.07.12 1!0.4.1 1!3.1.1.6 2!0.4.1'.split(
    ' ',
  );

describe.each([
  ['conda', condaOrder],
  ['rattler', rattlerOrder],
])('%s’s order of versions', (_, order) => {
  it('is that of CEP 33', () => {
    for (const [index, version] of sorted.entries()) {
      expect(sorted.map((other) => order(version, other))).toEqual(
        sorted.map((__, other) => Math.sign(index - other)),
      );
    }
  });

  it.each([
    ['0.4', '0.4.0'],
    ['0.4.1.rc', '0.4.1.RC'],
    ['0.4.1', '0.4.1+0'],
    ['1.1.0dev1', '1.1.dev1'],
    ['1.1.0post1', '1.1.post1'],
    ['1-2', '1_2'],
    ['1.01', '1.1'],
  ])('has %s equal to %s', (a, b) => {
    expect(order(a, b)).toBe(0);
  });

  it('puts the underscore of openssl before its letters', () => {
    expect(order('1.0.1_', '1.0.1a')).toBe(-1);
    expect(order('1.0.1_', '1.0.1')).toBe(-1);
  });

  it.each(['', '1..2', '1!', '1!2!3', '1+', '+1', '1+2+3', '1-_2', '1 2', 'é', '1.2~3', '1'.repeat(257)])(
    'takes %j for no version',
    (text) => {
      expect(order(text, '1')).toBeUndefined();
    },
  );
});

describe('odd versions', () => {
  it.each(['_', '1.0*', '99999999999999999999'])('%s is one for conda alone', (text) => {
    expect(parseCondaVersion(text)).toBeDefined();
    expect(parseRattlerVersion(text)).toBeUndefined();
  });

  it('are ordered by each program in its own way', () => {
    expect(condaOrder('1.0a_', '1.0ab')).toBe(-1);
    expect(rattlerOrder('3.0rc_', '3.0rc')).not.toBe(condaOrder('3.0rc_', '3.0rc'));
  });
});
