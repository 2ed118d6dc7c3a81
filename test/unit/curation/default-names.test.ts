import { describe, expect, it } from 'vitest';
import { packageName } from '../../../shared/model/packages.ts';
import { defaultNames } from '../../../src-main/curation/default-names.ts';
import { normalName } from '../../../src-main/curation/ecosystem.ts';

describe('the names that come with the product', () => {
  it('are the 20,655 of the list, each a name of its ecosystem', () => {
    expect(defaultNames().size).toBe(20_655);
    const odd = [...defaultNames()].filter(
      ([conda, pypi]) =>
        !packageName.safeParse(conda).success ||
        !packageName.safeParse(pypi).success ||
        normalName('pypi', pypi) !== pypi,
    );
    expect(odd).toEqual([]);
  });

  it.each([
    ['airflow', 'apache-airflow'],
    ['numpy', 'numpy'],
    ['alpha_vantage', 'alpha-vantage'],
    ['_dvc', 'dvc'],
  ])('say that %s is %s', (conda, pypi) => {
    expect(defaultNames().get(conda)).toBe(pypi);
  });
});
