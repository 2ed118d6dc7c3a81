/**
 * Whether an advisory affects a version. Invariant: what cannot be read counts as affected: a version that no order knows
 * must not be a way past a rule.
 */
import type { Ecosystem } from '../../shared/model/packages.ts';
import { compareCondaVersions, parseCondaVersion } from '../policy/conda/conda-version.ts';
import { comparePep440, parsePep440 } from '../policy/pep440/version.ts';
import type { AffectedPackage } from './compiled-facts.ts';

export type Affects = {
  readonly isAffected: boolean;
  /** The lowest fixed version above the one that was asked about. */
  readonly fixedIn?: string | undefined;
};

type Compare = (a: string, b: string) => number | undefined;

/** @param ecosystem whose order the version that is asked about has; a conda version of a Python project is read by PEP 440 */
export function affects(entry: AffectedPackage, version: string, ecosystem: Ecosystem): Affects {
  const compare = entry.ecosystem === 'pypi' ? asPep440 : asConda;
  const isNamed = entry.versions.some((other) => other === version || compare(other, version) === 0);
  let isInRange = false;
  let fixedIn: string | undefined;
  for (const { introduced, fixed, lastAffected } of entry.ranges) {
    const isFrom = introduced === '0' ? 0 : compare(version, introduced);
    const before = fixed === undefined ? -1 : compare(version, fixed);
    const upTo = lastAffected === undefined ? 0 : compare(version, lastAffected);
    if (isFrom === undefined || before === undefined || upTo === undefined) {
      isInRange = true;
      continue;
    }
    if (isFrom < 0 || before >= 0 || upTo > 0) continue;
    isInRange = true;
    if (fixed !== undefined && (fixedIn === undefined || (compare(fixed, fixedIn) ?? 1) < 0)) fixedIn = fixed;
  }
  const isUnread = ecosystem === 'conda' && entry.ecosystem === 'pypi' && parsePep440(version) === undefined;
  return { isAffected: isNamed || isInRange || (isUnread && entry.versions.length > 0), fixedIn };
}

const asPep440: Compare = (a, b) => {
  const [left, right] = [parsePep440(a), parsePep440(b)];
  return left === undefined || right === undefined ? undefined : comparePep440(left, right);
};
const asConda: Compare = (a, b) => {
  const [left, right] = [parseCondaVersion(a), parseCondaVersion(b)];
  return left === undefined || right === undefined ? undefined : compareCondaVersions(left, right);
};
