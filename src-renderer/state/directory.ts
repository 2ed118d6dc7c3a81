import { create } from 'zustand';
import type { ChannelView } from '../../shared/contract/channel-views.ts';
import type { EnvironmentView, TeamView } from '../../shared/contract/directory-views.ts';
import type { PolicyView } from '../../shared/contract/policy-views.ts';
import { api } from '../client/api.ts';

type Lists = {
  readonly teams: readonly TeamView[];
  readonly environments: readonly EnvironmentView[];
  readonly channels: readonly ChannelView[];
  readonly policies: readonly PolicyView[];
};
export type ListName = keyof Lists;
type DirectoryState = Lists & {
  readonly loaded: Readonly<Partial<Record<ListName, true>>>;
  readonly problems: Readonly<Partial<Record<ListName, unknown>>>;
  readonly load: (list: ListName) => Promise<void>;
  readonly reset: () => void;
};

const byRank = (a: EnvironmentView, b: EnvironmentView) => a.rank - b.rank || a.name.localeCompare(b.name);
const readers: { readonly [L in ListName]: () => Promise<Pick<Lists, L>> } = {
  teams: async () => ({ teams: await api.teams.list() }),
  environments: async () => ({ environments: [...(await api.environments.list())].sort(byRank) }),
  channels: async () => ({ channels: await api.channels.list() }),
  policies: async () => ({ policies: await api.policies.list() }),
};

const empty = { teams: [], environments: [], channels: [], policies: [], loaded: {}, problems: {} } as const;
/** Answers that a newer question overtook, or that belong to a session that was locked meanwhile, are dropped. */
const generations = { teams: 0, environments: 0, channels: 0, policies: 0 };

/** Teams, environments, channels and policies: short lists that several screens need by name. */
export const useDirectory = create<DirectoryState>()((set) => ({
  ...empty,
  load: async (list) => {
    const mine = ++generations[list];
    try {
      const answer = await readers[list]();
      if (mine !== generations[list]) return;
      set(({ loaded, problems }) => ({
        ...answer,
        loaded: { ...loaded, [list]: true },
        problems: { ...problems, [list]: undefined },
      }));
    } catch (problem) {
      if (mine === generations[list]) set(({ problems }) => ({ problems: { ...problems, [list]: problem } }));
    }
  },
  reset: () => {
    for (const list of Object.keys(generations)) generations[list as ListName] += 1;
    set(empty);
  },
}));
