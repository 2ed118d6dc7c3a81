import { describe, expect, it } from 'vitest';
import { NewestVersion, VersionReader } from '../../../../src-main/policy/conda/newest-version.ts';

/** Each came a second after the one before. */
function newestOf(...versions: readonly string[]): { version: string; atMs: number } | undefined {
  const newest = new NewestVersion(new VersionReader());
  for (const [index, version] of versions.entries()) newest.add(version, index * 1000);
  return newest.get();
}

describe('the newest version of a conda package', () => {
  it.each([
    [['1.0', '10.0', '9.0'], '10.0'],
    [['1!1.0', '2026.1'], '1!1.0'],
    [['1.0', '1.0.post1'], '1.0.post1'],
    [['1.1.1w', '1.1.1k'], '1.1.1w'],
    [['1.0', '2.0rc1', '2.0.dev3', '2.0a1', '2.0b', '2.0alpha', '2.0beta2'], '1.0'],
    [['1.0', '1.1+rc1'], '1.1+rc1'],
    [['2.0rc1', '2.0a1'], '2.0rc1'],
    // Only conda reads these.
    [['1.0', '99999999999999999999'], '99999999999999999999'],
    [['1.0*'], '1.0*'],
    // Only rattler does.
    [['1.0', '2.0+a-'], '2.0+a-'],
    // Nobody reads it.
    [['1.0', '1..2'], '1.0'],
  ])('of %j is %s, in any order', (versions, version) => {
    expect(newestOf(...versions)?.version).toBe(version);
    expect(newestOf(...versions.toReversed())?.version).toBe(version);
  });

  it('came when the first of its files did, however it is written', () => {
    expect(newestOf('2.0', '1.0', '2.0')).toEqual({ version: '2.0', atMs: 0 });
    expect(newestOf('2.0.0', '2.0')).toEqual({ version: '2.0', atMs: 0 });
    expect(newestOf('2.0', '2.0.0')).toEqual({ version: '2.0', atMs: 0 });
  });

  it('is none where no version can be read', () => {
    expect(newestOf()).toBeUndefined();
    expect(newestOf('1..2', 'é')).toBeUndefined();
  });
});
