import type { Handlers } from '../../shared/contract/types.ts';
import type { TeamView } from '../../shared/contract/directory-views.ts';
import type { Team } from '../../shared/model/domain.ts';
import { teamId } from '../../shared/model/ids.ts';
import { requireEntry, requireFreeName, requireUnused } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { planTeamRemoval } from './removals.ts';

/** Teams: groups of people and machines that get tokens. */
export function teamsService(context: Context): Handlers['teams'] {
  const viewer = (): ((team: Team) => TeamView) => {
    const live = context.indexes().liveTokens('team', context.now());
    return (team) => ({ ...team, activeTokens: live(team.id) });
  };

  return {
    list: async () =>
      [...context.vault().state().teams.values()]
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(viewer()),

    create: async (draft) => {
      const id = teamId.parse(newId(context));
      const { state } = await context.commit(({ teams }) => {
        requireFreeName(teams.values(), draft.name, undefined, 'team');
        return { events: [{ type: 'team.created', team: { ...draft, id } }], result: undefined };
      });
      return { ...requireEntry(state.teams, id, 'team'), activeTokens: 0 };
    },

    update: async ({ id, ...draft }) => {
      const { state } = await context.commit(({ teams }) => {
        requireEntry(teams, id, 'team');
        requireFreeName(teams.values(), draft.name, id, 'team');
        return { events: [{ type: 'team.changed', team: { ...draft, id } }], result: undefined };
      });
      return viewer()(requireEntry(state.teams, id, 'team'));
    },

    remove: async ({ id }) => {
      const { result } = await context.commit((state, { atMs }) => {
        requireEntry(state.teams, id, 'team');
        const { users, events, takenOutOf } = planTeamRemoval(state, id, atMs);
        requireUnused('team', id, users);
        return { events, result: { takenOutOf } };
      });
      return result;
    },
  };
}
