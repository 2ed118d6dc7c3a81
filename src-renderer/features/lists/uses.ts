import type { ChannelView, PolicyView } from '../../../shared/contract/views.ts';
import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';

type Use = { readonly kind: 'policy' | 'channel'; readonly name: string };
/** What names a team or an environment: known here before it is removed. Main decides, and counts the tokens. */
export type Uses = {
  /** Goes on without it. */
  readonly takenOutOf: readonly Use[];
  /** Names nothing else, so taking it out would leave an empty list. */
  readonly namesOnlyThis: readonly Use[];
};
export const noUses: Uses = { takenOutOf: [], namesOnlyThis: [] };

/** Policies that name the team. */
export function usesOfTeam(id: TeamId, policies: readonly PolicyView[]): Uses {
  return usesBy(policies, (policy) => policy.teams, id);
}

/** Policies and channels that name the environment. A channel may well be available nowhere. */
export function usesOfEnvironment(
  id: EnvironmentId,
  policies: readonly PolicyView[],
  channels: readonly ChannelView[],
): Uses {
  const { takenOutOf, namesOnlyThis } = usesBy(policies, (policy) => policy.environments, id);
  const open = channels.filter((channel) => channel.environmentIds.includes(id));
  return {
    takenOutOf: [...takenOutOf, ...open.map(({ name }) => ({ kind: 'channel', name }) as const)],
    namesOnlyThis,
  };
}

function usesBy<Id extends string>(
  policies: readonly PolicyView[],
  scope: (policy: PolicyView) => 'all' | readonly Id[],
  id: Id,
): Uses {
  const naming = policies.filter((policy) => {
    const ids = scope(policy);
    return ids !== 'all' && ids.includes(id);
  });
  const use = ({ name }: PolicyView) => ({ kind: 'policy', name }) as const;
  return {
    takenOutOf: naming.filter((policy) => scope(policy).length > 1).map(use),
    namesOnlyThis: naming.filter((policy) => scope(policy).length === 1).map(use),
  };
}

/** `policy prod-tokens, channels main and pypi`. */
export function usesText(uses: readonly { readonly kind: string; readonly name: string }[]): string {
  const listed = new Intl.ListFormat('en-GB');
  const kinds = [...new Set(uses.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const names = uses.filter((use) => use.kind === kind).map(({ name }) => name);
      return `${names.length === 1 ? kind : pluralOf(kind)} ${listed.format(names)}`;
    })
    .join(', ');
}

const pluralOf = (kind: string): string => (kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`);
