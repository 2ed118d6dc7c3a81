import { create } from 'zustand';
import type { TokenPage, TokenView } from '../../shared/contract/token-views.ts';
import { api } from '../client/api.ts';

type SummaryState = {
  readonly countByState: TokenPage['countByState'] | undefined;
  readonly expiringSoonest: readonly TokenView[];
  readonly problem: unknown;
  readonly load: () => Promise<void>;
  readonly reset: () => void;
};

const empty = { countByState: undefined, expiringSoonest: [], problem: undefined } as const;
let generation = 0;

/** What the overview shows about tokens: counts, and the few that end next. */
export const useSummary = create<SummaryState>()((set) => ({
  ...empty,
  load: async () => {
    const mine = ++generation;
    try {
      const page = await api.tokens.list({
        states: ['active', 'expiring'],
        sort: 'expires',
        descending: false,
        limit: 7,
      });
      if (mine !== generation) return;
      set({ countByState: page.countByState, expiringSoonest: page.rows, problem: undefined });
    } catch (problem) {
      if (mine === generation) set({ problem });
    }
  },
  reset: () => {
    generation += 1;
    set(empty);
  },
}));
