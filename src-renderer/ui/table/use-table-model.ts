import { useMemo } from 'react';
import type { RowData } from '@tanstack/react-table';
import {
  columnOrderingFeature,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { TableLayout } from '../../../shared/contract/table-settings.ts';
import { arrange } from './arrangement.ts';
import type { CellValue, Column, Sort } from './column.ts';

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export type TableModel<T> = {
  /** All of them, in the order that the person gave them. */
  readonly columns: readonly Column<T>[];
  /** Those that are to be shown, in their order. */
  readonly chosen: readonly Column<T>[];
  readonly sort: Sort | undefined;
  /** Sorted; nothing where the rows come sorted from elsewhere. */
  readonly rows: readonly T[];
};

/**
 * Columns and rows as a table shows them.
 * @param entries the whole list; leave it out where only a part is loaded, which then comes sorted
 */
export function useTableModel<T extends RowData>(props: {
  readonly columns: readonly Column<T>[];
  readonly layout: TableLayout | undefined;
  readonly sort: Sort | undefined;
  readonly entries?: readonly T[];
}): TableModel<T> {
  const { columns, layout, entries } = props;
  const isKnown = columns.some(({ id, sort: way }) => id === props.sort?.id && way !== undefined);
  const sort = isKnown ? props.sort : undefined;
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: T) => column.value(row),
        enableSorting: column.sort !== undefined,
        sortFn: (
          a: { getValue: (id: string) => unknown },
          b: { getValue: (id: string) => unknown },
          id: string,
        ) => compareCells(a.getValue(id) as CellValue, b.getValue(id) as CellValue),
      })),
    [columns],
  );
  const arranged = useMemo(() => arrange(columns, layout?.columns), [columns, layout]);
  const state = useMemo(
    () => ({
      columnOrder: arranged.map(({ id }) => id),
      columnVisibility: Object.fromEntries(arranged.map(({ id, shown }) => [id, shown])),
      sorting: sort === undefined ? [] : [{ id: sort.id, desc: sort.descending }],
    }),
    [arranged, sort],
  );
  const data = useMemo(() => [...(entries ?? [])], [entries]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    state,
    manualSorting: entries === undefined,
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  const named = (ids: readonly { readonly id: string }[]) => ids.flatMap(({ id }) => byId.get(id) ?? []);
  return {
    columns: named(table.getAllLeafColumns()),
    chosen: named(table.getVisibleLeafColumns()),
    sort,
    rows: table.getRowModel().rows.map((row) => row.original),
  };
}

const byText = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Numbers by size, texts as people read them; what is not there stands last. */
export function compareCells(a: CellValue, b: CellValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'string' || typeof b === 'string') return byText.compare(String(a), String(b));
  return Number(a) - Number(b);
}

/** The entries that have every word of a search in one of their columns. */
export function searchRows<T>(
  entries: readonly T[],
  columns: readonly Column<T>[],
  search: string,
): readonly T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter((entry) => {
    const text = columns
      .map((column) => String(column.value(entry) ?? ''))
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
