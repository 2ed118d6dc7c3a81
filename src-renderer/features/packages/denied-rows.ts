import type { PackageExplanation } from '../../../shared/contract/package-views.ts';

type Denied = PackageExplanation['denied'][number];
type Places = {
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly environments: readonly { readonly id: string; readonly name: string }[];
};
/** A version that is denied for one reason, and all the places where it is. */
export type DeniedRow = Omit<Denied, 'teamId' | 'environmentId'> & {
  readonly id: string;
  /** By environment, in their order; `all`: every team there. */
  readonly where: readonly {
    readonly environmentName: string;
    readonly teamNames: 'all' | readonly string[];
  }[];
};

/** What differs only in who it is denied for is one row. */
export function deniedRows(denied: readonly Denied[], places: Places): readonly DeniedRow[] {
  const groups = new Map<string, { readonly of: Denied; readonly teams: Map<string, Set<string>> }>();
  for (const entry of denied) {
    const { version, isHidden, policyName, says, changesAtMs } = entry;
    const id = JSON.stringify([version, isHidden, policyName, says, changesAtMs]);
    const group = groups.get(id) ?? { of: entry, teams: new Map<string, Set<string>>() };
    groups.set(id, group);
    const teams = group.teams.get(entry.environmentId) ?? new Set<string>();
    group.teams.set(entry.environmentId, teams.add(entry.teamId));
  }
  return [...groups].map(([id, { of, teams }]) => {
    const { teamId: _teamId, environmentId: _environmentId, ...said } = of;
    return {
      ...said,
      id,
      where: inOrder(places.environments, teams.keys()).map((environment) => ({
        environmentName: environment.name,
        teamNames: namesOf(places.teams, teams.get(environment.id) ?? new Set()),
      })),
    };
  });
}

function namesOf(teams: Places['teams'], ids: ReadonlySet<string>): 'all' | readonly string[] {
  const isEverybody = teams.length > 0 && teams.every(({ id }) => ids.has(id));
  return isEverybody ? 'all' : inOrder(teams, ids).map(({ name }) => name);
}

/** Those of a list that are meant; what is not in it (any more) comes last, by its id. */
function inOrder(list: Places['teams'], ids: Iterable<string>): readonly { id: string; name: string }[] {
  const wanted = new Set(ids);
  const known = list.filter(({ id }) => wanted.has(id));
  for (const { id } of known) wanted.delete(id);
  return [...known, ...[...wanted].map((id) => ({ id, name: id }))];
}
