/**
 * Names that are known here without asking an upstream: of advisories, of the list that tells conda's names from PyPI's, of
 * what was asked for, of what people said something about. For the search of packages, which finds more than whole names.
 */
import type { Ecosystem } from '../../shared/model/packages.ts';
import { defaultNames } from '../curation/default-names.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { AdvisoryEntry } from './advisory-list.ts';
import type { PackageInUse } from './packages-in-use.ts';

export type KnownName = { readonly ecosystem: Ecosystem; readonly name: string };

type Sources = {
  readonly state: OrganizationState;
  readonly advisories: readonly AdvisoryEntry[];
  readonly inUse: readonly PackageInUse[];
  /** Names that channels' indexes have. */
  readonly inIndexes: ReadonlyMap<string, KnownName>;
};

/**
 * @param text normalised for each ecosystem
 * @returns the best first: the name itself, those that begin with it, those that have it anywhere
 */
export function namesLike(
  text: Readonly<Record<Ecosystem, string>>,
  { state, advisories, inUse, inIndexes }: Sources,
  most: number,
): readonly KnownName[] {
  const found = new Map<string, KnownName & { readonly rank: number }>();
  const look = (ecosystem: Ecosystem, name: string): void => {
    const wanted = text[ecosystem];
    const at = name.indexOf(wanted);
    if (at === -1) return;
    const rank = name === wanted ? 0 : at === 0 ? 1 : 2;
    found.set(`${ecosystem} ${name}`, { ecosystem, name, rank });
  };
  for (const { affected } of advisories) look(affected.ecosystem, affected.name);
  for (const [conda, pypi] of defaultNames()) {
    look('conda', conda);
    look('pypi', pypi);
  }
  for (const [conda, pypi] of state.nameMap) {
    look('conda', conda);
    if (pypi !== '') look('pypi', pypi);
  }
  for (const { ecosystem, name } of [...inUse, ...inIndexes.values()]) look(ecosystem, name);
  for (const { ecosystem, name } of [...state.labels.values(), ...state.assessments.values()])
    look(ecosystem, name);
  return [...found.values()]
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        a.name.length - b.name.length ||
        (a.name === b.name ? byText(a.ecosystem, b.ecosystem) : byText(a.name, b.name)),
    )
    .slice(0, most)
    .map(({ ecosystem, name }) => ({ ecosystem, name }));
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
