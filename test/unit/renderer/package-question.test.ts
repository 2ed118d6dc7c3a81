import { describe, expect, it } from 'vitest';
import {
  formatPackageQuestion,
  packageHash,
  parsePackageQuestion,
} from '../../../src-renderer/state/package-question.ts';

describe('the address of a package', () => {
  it('comes back as it was', () => {
    const question = {
      search: 'req',
      ecosystem: 'pypi',
      name: 'ruamel.yaml',
      version: '1!2.0+local',
      team: 't1',
      environment: 'e1',
    } as const;
    expect(parsePackageQuestion(formatPackageQuestion(question))).toEqual(question);
    expect(packageHash({ ecosystem: 'conda', name: 'numpy' })).toBe('#/packages?ecosystem=conda&name=numpy');
  });

  it('counts for nothing where it makes no sense', () => {
    expect(parsePackageQuestion('ecosystem=npm&name=left-pad&version=1')).toEqual({ search: '' });
    expect(parsePackageQuestion('ecosystem=pypi&name=<b>')).toEqual({ search: '' });
    expect(parsePackageQuestion('ecosystem=pypi&name=a&version=a%20b')).toEqual({
      search: '',
      ecosystem: 'pypi',
      name: 'a',
    });
  });
});
