import type { Ecosystem } from '../../shared/model/packages.ts';
import { ecosystem as ecosystems, packageName, packageVersion } from '../../shared/model/packages.ts';

/** Which package is looked up, as it stands in the address: `#/packages?ecosystem=pypi&name=requests&version=2.31.0`. */
export type PackageQuestion = {
  readonly search: string;
  readonly ecosystem?: Ecosystem;
  readonly name?: string;
  readonly version?: string;
  readonly team?: string;
  readonly environment?: string;
};

/** What makes no sense in an address counts for nothing. */
export function parsePackageQuestion(query: string): PackageQuestion {
  const params = new URLSearchParams(query);
  const of = ecosystems.safeParse(params.get('ecosystem'));
  const name = packageName.safeParse(params.get('name'));
  const version = packageVersion.safeParse(params.get('version'));
  const text = (key: 'team' | 'environment') => params.get(key)?.slice(0, 64) ?? '';
  return {
    search: (params.get('search') ?? '').slice(0, 200),
    ...(of.success && name.success ? { ecosystem: of.data, name: name.data } : {}),
    ...(of.success && name.success && version.success ? { version: version.data } : {}),
    ...(text('team') === '' ? {} : { team: text('team') }),
    ...(text('environment') === '' ? {} : { environment: text('environment') }),
  };
}

export function formatPackageQuestion(question: PackageQuestion): string {
  const params = new URLSearchParams();
  for (const key of ['search', 'ecosystem', 'name', 'version', 'team', 'environment'] as const) {
    const value = question[key] ?? '';
    if (value !== '') params.set(key, value);
  }
  return params.toString();
}

/** The address of a package's page. */
export const packageHash = (question: Omit<PackageQuestion, 'search'>): string =>
  `#/packages?${formatPackageQuestion({ search: '', ...question })}`;
