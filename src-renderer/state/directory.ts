import { create } from 'zustand';
import type { ChannelView, EnvironmentView, PolicyView, TeamView } from '../../shared/contract/views.ts';
import { api } from '../client/api.ts';

type Loaded = {
  readonly teams: readonly TeamView[];
  readonly environments: readonly EnvironmentView[];
  readonly channels: readonly ChannelView[];
  readonly policies: readonly PolicyView[];
};
type DirectoryState = Loaded & {
  readonly loaded: boolean;
  readonly problem: unknown;
  readonly load: () => Promise<void>;
  readonly reset: () => void;
};

const empty = {
  teams: [],
  environments: [],
  channels: [],
  policies: [],
  loaded: false,
  problem: undefined,
} as const;
let generation = 0;

/** Teams, environments, channels and policies: short lists that many screens need by name. */
export const useDirectory = create<DirectoryState>()((set) => ({
  ...empty,
  load: async () => {
    const mine = ++generation;
    try {
      const [teams, environments, channels, policies] = await Promise.all([
        api.teams.list(),
        api.environments.list(),
        api.channels.list(),
        api.policies.list(),
      ]);
      const byRank = [...environments].sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
      if (mine === generation) {
        set({ teams, environments: byRank, channels, policies, loaded: true, problem: undefined });
      }
    } catch (problem) {
      if (mine === generation) set({ problem });
    }
  },
  reset: () => {
    generation += 1;
    set(empty);
  },
}));
