import type { ChannelView } from '../../../shared/contract/channel-views.ts';
import type { PolicyView } from '../../../shared/contract/policy-views.ts';
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
  return usesBy('policy', policies, (policy) => policy.teams, id);
}

/** Policies and channels that name the environment. */
export function usesOfEnvironment(
  id: EnvironmentId,
  policies: readonly PolicyView[],
  channels: readonly ChannelView[],
): Uses {
  const ofPolicies = usesBy('policy', policies, (policy) => policy.environments, id);
  const ofChannels = usesBy('channel', channels, (channel) => channel.environmentIds, id);
  return {
    takenOutOf: [...ofPolicies.takenOutOf, ...ofChannels.takenOutOf],
    namesOnlyThis: [...ofPolicies.namesOnlyThis, ...ofChannels.namesOnlyThis],
  };
}

function usesBy<E extends { readonly name: string }, Id extends string>(
  kind: Use['kind'],
  entries: readonly E[],
  scope: (entry: E) => 'all' | readonly Id[],
  id: Id,
): Uses {
  const naming = entries.filter((entry) => {
    const ids = scope(entry);
    return ids !== 'all' && ids.includes(id);
  });
  const use = ({ name }: E): Use => ({ kind, name });
  return {
    takenOutOf: naming.filter((entry) => scope(entry).length > 1).map(use),
    namesOnlyThis: naming.filter((entry) => scope(entry).length === 1).map(use),
  };
}
