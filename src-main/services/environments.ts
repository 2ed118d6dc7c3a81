import type { Handlers } from '../../shared/contract/types.ts';
import type { EnvironmentView } from '../../shared/contract/directory-views.ts';
import { environmentId } from '../../shared/model/ids.ts';
import type { OrganizationState } from '../organization/state.ts';
import { requireEntry, requireFreeName, requireUnused } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { planEnvironmentRemoval } from './removals.ts';

/** Environments, ordered by rank from least to most trusted. */
export function environmentsService(context: Context): Handlers['environments'] {
  const views = (state: OrganizationState): EnvironmentView[] => {
    const channels = new Map<string, number>();
    for (const { environmentIds } of state.channels.values()) {
      for (const id of environmentIds) channels.set(id, (channels.get(id) ?? 0) + 1);
    }
    const live = context.indexes().liveTokens('environment', context.now());
    return [...state.environments.values()]
      .toSorted((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
      .map((entry) => ({
        ...entry,
        activeTokens: live(entry.id),
        channels: channels.get(entry.id) ?? 0,
      }));
  };
  const viewOf = (state: OrganizationState, id: EnvironmentView['id']): EnvironmentView => ({
    activeTokens: 0,
    channels: 0,
    ...requireEntry(state.environments, id, 'environment'),
    ...views(state).find((entry) => entry.id === id),
  });

  return {
    list: async () => views(context.vault().state()),

    create: async (draft) => {
      const id = environmentId.parse(newId(context));
      const { state } = await context.commit(({ environments }) => {
        requireFreeName(environments.values(), draft.name, undefined, 'environment');
        return {
          events: [{ type: 'environment.created', environment: { ...draft, id } }],
          result: undefined,
        };
      });
      return viewOf(state, id);
    },

    update: async ({ id, ...draft }) => {
      const { state } = await context.commit(({ environments }) => {
        requireEntry(environments, id, 'environment');
        requireFreeName(environments.values(), draft.name, id, 'environment');
        return {
          events: [{ type: 'environment.changed', environment: { ...draft, id } }],
          result: undefined,
        };
      });
      return viewOf(state, id);
    },

    remove: async ({ id }) => {
      const { result } = await context.commit((state, { atMs }) => {
        requireEntry(state.environments, id, 'environment');
        const { users, events, takenOutOf } = planEnvironmentRemoval(state, id, atMs);
        requireUnused('environment', id, users);
        return { events, result: { takenOutOf } };
      });
      return result;
    },
  };
}
