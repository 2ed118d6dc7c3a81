import { useCallback, useMemo } from 'react';
import { replaceQuery, useRoute } from './route.ts';

/** How a list is looked at: what stands in the address behind `?`. */
export type TableQuery = {
  readonly search: string;
  readonly sort: { readonly id: string; readonly descending: boolean } | undefined;
  /** By name: the values that are let through; a filter that is not there lets all through. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
};

export const emptyQuery: TableQuery = { search: '', sort: undefined, filters: {} };
const reserved: ReadonlySet<string> = new Set(['search', 'sort', 'order']);

/** Reads what `formatTableQuery` wrote, or a person typed; what makes no sense counts for nothing. */
export function parseTableQuery(text: string): TableQuery {
  const params = new URLSearchParams(text);
  const id = params.get('sort');
  const names = [...new Set(params.keys())].filter((name) => !reserved.has(name));
  const filters = names.flatMap((name) => {
    const values = [...new Set(params.getAll(name))].filter((value) => value !== '');
    return values.length === 0 ? [] : [[name, values] as const];
  });
  return {
    search: (params.get('search') ?? '').slice(0, 200),
    sort: id === null || id === '' ? undefined : { id, descending: params.get('order') === 'desc' },
    filters: Object.fromEntries(filters),
  };
}

export function formatTableQuery({ search, sort, filters }: TableQuery): string {
  const params = new URLSearchParams();
  if (search !== '') params.set('search', search);
  for (const [name, values] of Object.entries(filters)) {
    for (const value of values) params.append(name, value);
  }
  if (sort !== undefined) {
    params.set('sort', sort.id);
    if (sort.descending) params.set('order', 'desc');
  }
  return params.toString();
}

/** Whether anything is left out of the list. */
export const isFiltered = ({ search, filters }: TableQuery): boolean =>
  search !== '' || Object.values(filters).some((values) => values.length > 0);

type QueryState = {
  readonly query: TableQuery;
  readonly text: string;
  readonly change: (part: Partial<TableQuery>) => void;
  readonly setFilter: (name: string, values: readonly string[]) => void;
  readonly clear: () => void;
};

/** The query of the screen that is shown, and ways to change it. */
export function useTableQuery(): QueryState {
  const text = useRoute((route) => route.query);
  const query = useMemo(() => parseTableQuery(text), [text]);
  const change = useCallback((part: Partial<TableQuery>) => {
    const before = parseTableQuery(useRoute.getState().query);
    replaceQuery(formatTableQuery({ ...before, ...part }));
  }, []);
  const setFilter = useCallback((name: string, values: readonly string[]) => {
    const before = parseTableQuery(useRoute.getState().query);
    replaceQuery(formatTableQuery({ ...before, filters: { ...before.filters, [name]: values } }));
  }, []);
  const clear = useCallback(() => change({ search: '', filters: {} }), [change]);
  return { query, text, change, setFilter, clear };
}
