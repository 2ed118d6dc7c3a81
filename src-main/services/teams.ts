import type { TeamView } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import type { Team } from '../../shared/model/domain.ts';
import { teamId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { mustBeFree, mustBeUnused, mustFind, validTokensThat } from './checks.ts';
import type { Context } from './context.ts';
import { countTokensBy, newId } from './context.ts';

/** Teams: groups of people and machines that get tokens. */
export function teamsService(context: Context): Handlers['teams'] {
  const view = (state: VaultState, team: Team): TeamView => ({
    ...team,
    activeTokens: countTokensBy(state, context.now(), (token) => [token.teamId]).get(team.id) ?? 0,
  });

  return {
    list: async () => {
      const state = context.vault().state();
      const counts = countTokensBy(state, context.now(), (token) => [token.teamId]);
      return [...state.teams.values()]
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map((team) => ({ ...team, activeTokens: counts.get(team.id) ?? 0 }));
    },

    create: async (draft) => {
      const team: Team = { ...draft, id: teamId.parse(newId(context)), createdAtMs: context.now() };
      await context.vault().transact((state) => {
        mustBeFree(state.teams.values(), draft.name, undefined, 'team');
        return { events: [{ type: 'team.created', atMs: context.now(), team }], result: undefined };
      });
      return { ...team, activeTokens: 0 };
    },

    update: async ({ id, ...draft }) => {
      const team = await context.vault().transact((state) => {
        const before = mustFind(state.teams, id, 'team');
        mustBeFree(state.teams.values(), draft.name, id, 'team');
        const after: Team = { ...before, ...draft };
        return { events: [{ type: 'team.changed', atMs: context.now(), team: after }], result: after };
      });
      await context.syncGateway();
      return view(context.vault().state(), team);
    },

    remove: async ({ id }) => {
      await context.vault().transact((state) => {
        mustFind(state.teams, id, 'team');
        mustBeUnused(
          'team',
          id,
          validTokensThat((token) => token.teamId === id, state, context.now()),
        );
        return { events: [{ type: 'team.removed', atMs: context.now(), teamId: id }], result: undefined };
      });
      return {};
    },
  };
}
