/** Whether an advisory is about something that was asked for: by name, and by version where files were. */
import type { AdvisoryRow } from '../../shared/contract/curation-views.ts';
import type { AffectedPackage } from '../curation/advisory.ts';
import { affects } from '../curation/affects.ts';
import type { PackageInUse } from './packages-in-use.ts';

/** By the name that advisories have: conda's packages by their own and by PyPI's. */
export type UsedPackages = ReadonlyMap<string, readonly PackageInUse[]>;

/** @param pypiName of a conda package */
export function usedPackages(
  all: readonly PackageInUse[],
  pypiName: (conda: string) => string | undefined,
): UsedPackages {
  const used = new Map<string, PackageInUse[]>();
  const put = (key: string, one: PackageInUse): void => {
    const before = used.get(key);
    if (before === undefined) used.set(key, [one]);
    else before.push(one);
  };
  for (const one of all) {
    put(`${one.ecosystem} ${one.name}`, one);
    const pypi = one.ecosystem === 'conda' ? pypiName(one.name) : undefined;
    if (pypi !== undefined) put(`pypi ${pypi}`, one);
  }
  return used;
}

/** @returns undefined where nothing of it was asked for, or only versions that are not affected */
export function useOf(affected: AffectedPackage, used: UsedPackages): AdvisoryRow['inUse'] {
  const packages = (used.get(`${affected.ecosystem} ${affected.name}`) ?? []).flatMap((one) => {
    // What cannot be compared counts as affected.
    const versions = one.versions.filter(
      (version) =>
        affects({ affected: [affected] }, { ecosystem: affected.ecosystem, name: affected.name, version }) !==
        'unaffected',
    );
    return one.versions.length > 0 && versions.length === 0 ? [] : [{ one, versions }];
  });
  if (packages.length === 0) return undefined;
  return {
    lastAtMs: packages.reduce((latest, { one }) => Math.max(latest, one.lastAtMs), 0),
    packages: packages.map(({ one, versions }) => ({
      ecosystem: one.ecosystem,
      name: one.name,
      versions: [...versions],
    })),
  };
}
