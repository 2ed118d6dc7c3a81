import type { Ecosystem } from '../../shared/model/packages.ts';
import { compareCondaVersions, parseCondaVersion } from '../policy/conda/conda-version.ts';
import { comparePep440, parsePep440 } from '../policy/pep440/version.ts';
import type { AffectedPackage } from './advisory.ts';

/** The lowest version above one that a record says is fixed; undefined: none is named. */
export function fixedIn({ ecosystem, ranges }: AffectedPackage, version: string): string | undefined {
  const compare = orders[ecosystem];
  let lowest: string | undefined;
  for (const events of ranges) {
    for (const event of events) {
      if (event.type !== 'fixed') continue;
      const above = compare(event.version, version);
      if (above === undefined || above <= 0) continue;
      if (lowest === undefined || (compare(event.version, lowest) ?? 1) < 0) lowest = event.version;
    }
  }
  return lowest;
}

const orders: Readonly<Record<Ecosystem, (a: string, b: string) => number | undefined>> = {
  pypi: (a, b) => {
    const [left, right] = [parsePep440(a), parsePep440(b)];
    return left === undefined || right === undefined ? undefined : comparePep440(left, right);
  },
  conda: (a, b) => {
    const [left, right] = [parseCondaVersion(a), parseCondaVersion(b)];
    return left === undefined || right === undefined ? undefined : compareCondaVersions(left, right);
  },
};
