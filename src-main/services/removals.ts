/**
 * What has to happen so that a team or an environment can go. Invariant: a policy is never left without what it is for,
 * so that it neither widens nor goes silent; what others name is taken out in the same transaction, or nothing is.
 */
import type { Removal } from '../../shared/contract/directory-views.ts';
import type { User } from '../../shared/error-details.ts';
import type { Channel } from '../../shared/model/domain.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { liveTokensThat } from './checks.ts';

export type RemovalPlan = {
  /** What must change first; the events only fit when there is nothing. */
  readonly users: readonly User[];
  readonly events: readonly DomainEvent[];
  readonly takenOutOf: Removal['takenOutOf'];
};

/** @param nowMs tokens that ended by then need nothing any more */
export function planTeamRemoval(state: OrganizationState, teamId: TeamId, nowMs: number): RemovalPlan {
  const policies = takeOut(
    state.policies.values(),
    'policy',
    ({ teams }) => without(teams, teamId),
    (policy, teams) => policyChanged({ ...policy, teams }),
  );
  const leads: User[] = [...state.operators.values()]
    .filter((operator) => operator.teamIds.includes(teamId))
    .map(({ id, name }) => ({ kind: 'operator', id, name }));
  return {
    users: [...liveTokensThat((token) => token.teamId === teamId, state, nowMs), ...policies.users, ...leads],
    events: [...policies.events, { type: 'team.removed', teamId }],
    takenOutOf: policies.takenOutOf,
  };
}

/** @param nowMs tokens that ended by then need nothing any more */
export function planEnvironmentRemoval(
  state: OrganizationState,
  environmentId: EnvironmentId,
  nowMs: number,
): RemovalPlan {
  const policies = takeOut(
    state.policies.values(),
    'policy',
    ({ environments }) => without(environments, environmentId),
    (policy, environments) => policyChanged({ ...policy, environments }),
  );
  const channels = takeOut(
    state.channels.values(),
    'channel',
    ({ environmentIds }) => without(environmentIds, environmentId),
    (channel, environmentIds) => channelChanged({ ...channel, environmentIds }),
  );
  return {
    users: [
      ...liveTokensThat((token) => token.environmentId === environmentId, state, nowMs),
      ...policies.users,
      ...channels.users,
    ],
    events: [...policies.events, ...channels.events, { type: 'environment.removed', environmentId }],
    takenOutOf: [...policies.takenOutOf, ...channels.takenOutOf],
  };
}

/** A rule that lost its channel would deny or allow something else: whoever wants that says so in the policy. */
export function channelUsers(state: OrganizationState, channelId: ChannelId, nowMs: number): readonly User[] {
  const policies: User[] = [...state.policies.values()]
    .filter(({ rules }) => rules.some((rule) => 'channelIds' in rule && rule.channelIds.includes(channelId)))
    .map(({ id, name }) => ({ kind: 'policy', id, name }));
  return [...liveTokensThat((token) => token.channelIds.includes(channelId), state, nowMs), ...policies];
}

/** The list without an id; undefined when it does not name it. "All" names nobody. */
function without<T>(scope: 'all' | readonly T[], id: T): readonly T[] | undefined {
  return scope === 'all' || !scope.includes(id) ? undefined : scope.filter((entry) => entry !== id);
}

function takeOut<T extends { readonly id: string; readonly name: string }, I>(
  entries: Iterable<T>,
  kind: 'policy' | 'channel',
  rest: (entry: T) => readonly I[] | undefined,
  changed: (entry: T, rest: readonly I[]) => DomainEvent,
): RemovalPlan {
  const users: User[] = [];
  const events: DomainEvent[] = [];
  const takenOutOf: Removal['takenOutOf'] = [];
  for (const entry of entries) {
    const left = rest(entry);
    if (left === undefined) continue;
    const named = { kind, id: entry.id, name: entry.name };
    if (left.length === 0) users.push(named);
    else {
      events.push(changed(entry, left));
      takenOutOf.push(named);
    }
  }
  return { users, events, takenOutOf };
}

const policyChanged = ({ createdAtMs: _createdAtMs, ...policy }: Policy): DomainEvent => ({
  type: 'policy.changed',
  policy,
});
const channelChanged = ({ createdAtMs: _createdAtMs, ...channel }: Channel): DomainEvent => ({
  type: 'channel.changed',
  channel,
});
