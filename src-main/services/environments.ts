import type { EnvironmentView } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import type { Environment } from '../../shared/model/domain.ts';
import { environmentId } from '../../shared/model/ids.ts';
import type { VaultState } from '../../shared/model/state.ts';
import { mustBeFree, mustBeUnused, mustFind, validTokensThat } from './checks.ts';
import type { Context } from './context.ts';
import { countTokensBy, newId } from './context.ts';

/** What a new organization starts with; `prod` is protected. */
export const starterEnvironments = [
  { name: 'dev', rank: 10, isProtected: false },
  { name: 'staging', rank: 20, isProtected: false },
  { name: 'prod', rank: 30, isProtected: true },
] as const;

/** Environments, ordered by rank from least to most trusted. */
export function environmentsService(context: Context): Handlers['environments'] {
  const views = (state: VaultState): EnvironmentView[] => {
    const tokens = countTokensBy(state, context.now(), (token) => [token.environmentId]);
    const channels = [...state.channels.values()];
    return [...state.environments.values()]
      .toSorted((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
      .map((entry) => ({
        ...entry,
        activeTokens: tokens.get(entry.id) ?? 0,
        channels: channels.filter((channel) => channel.environmentIds.includes(entry.id)).length,
      }));
  };
  const viewOf = (id: Environment['id']): EnvironmentView => {
    const found = views(context.vault().state()).find((entry) => entry.id === id);
    return (
      found ?? {
        ...mustFind(context.vault().state().environments, id, 'environment'),
        activeTokens: 0,
        channels: 0,
      }
    );
  };

  return {
    list: async () => views(context.vault().state()),

    create: async (draft) => {
      const environment: Environment = {
        ...draft,
        id: environmentId.parse(newId(context)),
        createdAtMs: context.now(),
      };
      await context.vault().transact((state) => {
        mustBeFree(state.environments.values(), draft.name, undefined, 'environment');
        return {
          events: [{ type: 'environment.created', atMs: context.now(), environment }],
          result: undefined,
        };
      });
      return viewOf(environment.id);
    },

    update: async ({ id, ...draft }) => {
      await context.vault().transact((state) => {
        const before = mustFind(state.environments, id, 'environment');
        mustBeFree(state.environments.values(), draft.name, id, 'environment');
        const environment: Environment = { ...before, ...draft };
        return {
          events: [{ type: 'environment.changed', atMs: context.now(), environment }],
          result: undefined,
        };
      });
      await context.syncGateway();
      return viewOf(id);
    },

    remove: async ({ id }) => {
      await context.vault().transact((state) => {
        mustFind(state.environments, id, 'environment');
        mustBeUnused(
          'environment',
          id,
          validTokensThat((token) => token.environmentId === id, state, context.now()),
        );
        return {
          events: [{ type: 'environment.removed', atMs: context.now(), environmentId: id }],
          result: undefined,
        };
      });
      await context.syncGateway();
      return {};
    },
  };
}
