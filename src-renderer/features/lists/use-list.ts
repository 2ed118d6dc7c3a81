import { useCallback, useMemo } from 'react';
import type { RowData } from '@tanstack/react-table';
import type { SavedView, TableLayout, TableName } from '../../../shared/contract/table-settings.ts';
import { replaceQuery } from '../../state/route.ts';
import { useTableQuery } from '../../state/table-query.ts';
import { useTableSettings, useTables } from '../../state/tables.ts';
import type { Column, RowSource, Sort } from '../../ui/table/column.ts';
import type { TableModel } from '../../ui/table/use-table-model.ts';
import { searchRows, useTableModel } from '../../ui/table/use-table-model.ts';
import { tellFailure } from '../../ui/tell.ts';

/** How one list is looked at (in the address) and arranged (in the settings), and ways to change both. */
export type ListState = ReturnType<typeof useTableQuery> & {
  readonly layout: TableLayout | undefined;
  readonly views: readonly SavedView[];
  readonly onLayout: (layout: TableLayout | undefined) => void;
  readonly onViews: (views: readonly SavedView[]) => void;
  readonly onSort: (sort: Sort | undefined) => void;
  readonly openView: (query: string) => void;
};

export function useListState(table: TableName): ListState {
  const state = useTableQuery();
  const settings = useTableSettings(table);
  const { change } = state;
  const save = useCallback(
    (layout: TableLayout | undefined, views: readonly SavedView[]) => {
      useTables
        .getState()
        .save(table, { views: [...views], ...(layout === undefined ? {} : { layout }) })
        .catch(tellFailure);
    },
    [table],
  );
  return {
    ...state,
    layout: settings.layout,
    views: settings.views,
    onLayout: (layout) => save(layout, settings.views),
    onViews: (views) => save(settings.layout, views),
    onSort: useCallback((sort: Sort | undefined) => change({ sort }), [change]),
    openView: replaceQuery,
  };
}

/**
 * A list that is here as a whole: searched, filtered and sorted in the page.
 * @param isLetThrough by the filters of the query
 */
export function useWholeList<T extends RowData>(
  state: ListState,
  columns: readonly Column<T>[],
  entries: readonly T[],
  isLetThrough?: (entry: T, filters: Readonly<Record<string, readonly string[]>>) => boolean,
): { readonly model: TableModel<T>; readonly rows: RowSource<T> } {
  const { search, filters, sort } = state.query;
  const matching = useMemo(() => {
    const found = searchRows(entries, columns, search);
    return isLetThrough === undefined ? found : found.filter((entry) => isLetThrough(entry, filters));
  }, [entries, columns, search, filters, isLetThrough]);
  const model = useTableModel({ columns, layout: state.layout, sort, entries: matching });
  const { rows } = model;
  return { model, rows: { total: rows.length, at: (index) => rows[index] } };
}
