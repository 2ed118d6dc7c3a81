import { create } from 'zustand';
import type { TokenFilter, TokenSelection } from '../../shared/contract/bulk-views.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import { tokenQuery } from '../../shared/contract/token-views.ts';
import type { TokenPage, TokenSort, TokenView } from '../../shared/contract/token-views.ts';
import type { InputOf } from '../../shared/contract/types.ts';
import { tokenState } from '../../shared/model/domain.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { api } from '../client/api.ts';
import type { TableQuery } from './table-query.ts';
import { parseTableQuery } from './table-query.ts';
import { keepNear, pagesAround, pageSize, pagesFor } from './token-pages.ts';

export type TokenListFilter = Omit<InputOf<Contract['tokens']['list']>, 'offset' | 'limit'>;
/** Ids of rows that were picked, or all that match but some; the same as `ui/table` has it. */
type Picked =
  | { readonly by: 'rows'; readonly ids: ReadonlySet<string> }
  | { readonly by: 'all'; readonly except: ReadonlySet<string> };

type TokensState = {
  readonly filter: TokenListFilter;
  /** Of those that match. */
  readonly total: number | undefined;
  readonly countByState: TokenPage['countByState'] | undefined;
  readonly pages: ReadonlyMap<number, readonly TokenView[]>;
  /** What is here belongs to the filter before; its successor is on its way. */
  readonly isStale: boolean;
  readonly picked: Picked;
  readonly visible: readonly [first: number, last: number];
  readonly problem: unknown;
  /** Takes over what stands in the address. @returns whether that changes which rows there are, or their order */
  readonly look: (query: string) => boolean;
  /** Loads what the visible rows need and does not have. */
  readonly show: (first: number, last: number) => void;
  /** Reloads the visible rows; the old ones stay until then. */
  readonly refresh: () => Promise<void>;
  readonly pick: (picked: Picked) => void;
  readonly reset: () => void;
};

const nothingPicked: Picked = { by: 'rows', ids: new Set() };
export const noFilter: TokenListFilter = (() => {
  const { offset: _offset, limit: _limit, ...filter } = tokenQuery.parse({});
  return filter;
})();

/** What an address asks of the list; what makes no sense there counts for nothing. */
export function filterOf({ search, sort, filters }: TableQuery): TokenListFilter {
  const of = (name: string) => filters[name] ?? [];
  const wanted = {
    search,
    states: of('state').filter((state) => tokenState.safeParse(state).success),
    teamIds: of('team'),
    environmentIds: of('env'),
    channelIds: of('channel'),
    holderIds: of('holder'),
    ids: of('id'),
    ...(sort === undefined ? {} : { sort: sort.id as TokenSort, descending: sort.descending }),
  };
  const parsed = tokenQuery.omit({ offset: true, limit: true }).safeParse(wanted);
  return parsed.success ? parsed.data : { ...noFilter, search };
}

/** The same as which tokens are meant, whatever their order. */
export function tokenFilterOf(filter: TokenListFilter): TokenFilter {
  const { sort: _sort, descending: _descending, ...rest } = filter;
  return rest;
}

/** What is picked, as the contract takes it. */
export function selectionOf(picked: Picked, filter: TokenListFilter): TokenSelection {
  const ids = (set: ReadonlySet<string>) => [...set] as TokenId[];
  return picked.by === 'rows'
    ? { by: 'ids', ids: ids(picked.ids) }
    : { by: 'filter', filter: tokenFilterOf(filter), except: ids(picked.except) };
}

const isSamePages = (before: TokensState['visible'], now: TokensState['visible']): boolean =>
  before.every((index, end) => Math.floor(index / pageSize) === Math.floor((now[end] ?? 0) / pageSize));

const empty = {
  filter: noFilter,
  total: undefined,
  countByState: undefined,
  pages: new Map<number, readonly TokenView[]>(),
  isStale: false,
  picked: nothingPicked,
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
      set(({ pages, isStale }) => ({
        total: answer.total,
        countByState: answer.countByState,
        pages: new Map(isStale ? [] : pages).set(page, answer.rows),
        isStale: false,
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

  return {
    ...empty,
    look: (query) => {
      const before = get().filter;
      const filter = filterOf(parseTableQuery(query));
      if (JSON.stringify(filter) === JSON.stringify(before)) return false;
      begin();
      const isSameSet = JSON.stringify(tokenFilterOf(filter)) === JSON.stringify(tokenFilterOf(before));
      set(({ picked }) => ({
        filter,
        isStale: true,
        visible: [0, 0],
        picked: isSameSet ? picked : nothingPicked,
      }));
      return true;
    },
    show: (first, last) => {
      const { total, pages, isStale, visible } = get();
      if (isStale) return;
      // Told with every frame of a scroll: what hangs on it hangs on the pages.
      if (!isSamePages(visible, [first, last])) set({ visible: [first, last] });
      if (total === undefined) return;
      const wanted = pagesAround(first, last, total);
      const kept = keepNear(pages, wanted);
      if (kept.size !== pages.size) set({ pages: kept });
      for (const page of wanted) if (!kept.has(page)) void load(page);
    },
    refresh: async () => {
      begin();
      const { total, visible, pages, isStale } = get();
      const wanted = total === undefined || isStale ? [0] : pagesFor(visible[0], visible[1], total);
      const targets = wanted.length === 0 ? [0] : wanted;
      if (!isStale) set({ pages: new Map([...pages].filter(([page]) => targets.includes(page))) });
      await Promise.all(targets.map(load));
    },
    pick: (picked) => set({ picked }),
    reset: () => {
      begin();
      set(empty);
    },
  };
});
