import type { Ecosystem } from '../../shared/model/packages.ts';
import { normalName } from './ecosystem.ts';

export type PackageRef = {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version?: string | undefined;
};

/** The package URL of a package, or of one version (ECMA-427, types `conda` and `pypi`). */
export function purlOf({ ecosystem, name, version }: PackageRef): string {
  const at = version === undefined ? '' : `@${encodeURIComponent(version)}`;
  return `pkg:${ecosystem}/${encodeURIComponent(name)}${at}`;
}

/**
 * A package URL of PyPI or conda. One with qualifiers (a build, a channel) means less than all of them, and so nothing here.
 * @returns the name normalised; undefined for anything else
 */
export function packageOfPurl(purl: string): PackageRef | undefined {
  const found = /^pkg:(pypi|conda)\/([^/@?#]+)(?:@([^/@?#]+))?$/i.exec(purl);
  if (found === null) return undefined;
  const ecosystem = (found[1] ?? '').toLowerCase() === 'pypi' ? 'pypi' : 'conda';
  try {
    const name = normalName(ecosystem, decodeURIComponent(found[2] ?? ''));
    const version = found[3] === undefined ? undefined : decodeURIComponent(found[3]);
    return { ecosystem, name, ...(version === undefined ? {} : { version }) };
  } catch {
    // No percent-encoding.
    return undefined;
  }
}
