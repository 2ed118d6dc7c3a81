import { create } from 'zustand';
import type { Contract } from '../../shared/contract/contract.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import type { TokenPage, TokenView } from '../../shared/contract/token-views.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { api } from '../client/api.ts';
import { keepNear, pageSize, pagesFor } from './token-pages.ts';

export type TokenFilter = Omit<InputOf<Contract['tokens']['list']>, 'offset' | 'limit'>;
type TokensState = {
  readonly filter: TokenFilter;
  readonly total: number | undefined;
  readonly countByState: TokenPage['countByState'] | undefined;
  readonly pages: ReadonlyMap<number, readonly TokenView[]>;
  readonly selected: ReadonlyMap<TokenId, TokenView>;
  readonly visible: readonly [first: number, last: number];
  readonly problem: unknown;
  readonly setFilter: (change: Partial<TokenFilter>) => void;
  /** The same from another screen: nothing is loaded yet. */
  readonly presetFilter: (change: Partial<TokenFilter>) => void;
  /** Loads what the visible rows need and does not have. */
  readonly show: (first: number, last: number) => void;
  /** Reloads the visible rows; the old ones stay until then. */
  readonly refresh: () => Promise<void>;
  readonly select: (tokens: readonly TokenView[], selected: boolean) => void;
  readonly clearSelection: () => void;
  readonly reset: () => void;
};

export const noFilter: TokenFilter = {
  search: '',
  ids: [],
  holderIds: [],
  states: [],
  teamIds: [],
  environmentIds: [],
  channelIds: [],
  sort: 'issued',
  descending: true,
};
const empty = {
  filter: noFilter,
  total: undefined,
  countByState: undefined,
  pages: new Map<number, readonly TokenView[]>(),
  selected: new Map<TokenId, TokenView>(),
  visible: [0, 0],
  problem: undefined,
} as const;

/** Answers that belong to an older filter, or to a session that was locked meanwhile, are dropped. */
let generation = 0;
const loading = new Set<number>();

export const useTokens = create<TokensState>()((set, get) => {
  const load = async (page: number) => {
    if (loading.has(page)) return;
    const mine = generation;
    loading.add(page);
    try {
      const answer = await api.tokens.list({ ...get().filter, offset: page * pageSize, limit: pageSize });
      if (mine !== generation) return;
      set((state) => ({
        total: answer.total,
        countByState: answer.countByState,
        pages: new Map(state.pages).set(page, answer.rows),
        problem: undefined,
      }));
    } catch (problem) {
      if (mine === generation) set({ problem });
    } finally {
      if (mine === generation) loading.delete(page);
    }
  };
  const begin = () => {
    generation += 1;
    loading.clear();
  };

  const presetFilter = (change: Partial<TokenFilter>) => {
    begin();
    set((state) => ({
      filter: { ...state.filter, ...change },
      pages: new Map(),
      total: undefined,
      visible: [0, 0],
      selected: new Map(),
    }));
  };

  return {
    ...empty,
    presetFilter,
    setFilter: (change) => {
      presetFilter(change);
      void load(0);
    },
    show: (first, last) => {
      const { total, pages } = get();
      set({ visible: [first, last] });
      if (total === undefined) return;
      const wanted = pagesFor(first, last, total);
      const kept = keepNear(pages, wanted);
      if (kept.size !== pages.size) set({ pages: kept });
      for (const page of wanted) if (!kept.has(page)) void load(page);
    },
    refresh: async () => {
      begin();
      const { total, visible, pages } = get();
      const wanted = total === undefined ? [0] : pagesFor(visible[0], visible[1], total);
      const targets = wanted.length === 0 ? [0] : wanted;
      set({ pages: new Map([...pages].filter(([page]) => targets.includes(page))) });
      await Promise.all(targets.map(load));
    },
    select: (tokens, selected) =>
      set((state) => {
        const next = new Map(state.selected);
        for (const token of tokens) {
          if (selected) next.set(token.id, token);
          else next.delete(token.id);
        }
        return { selected: next };
      }),
    clearSelection: () => set({ selected: new Map() }),
    reset: () => {
      begin();
      set(empty);
    },
  };
});
