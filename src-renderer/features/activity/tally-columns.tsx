import { texts } from '../../../shared/texts/texts.ts';
import { exactTime, formatCount } from '../../ui/format.ts';
import { When } from '../../ui/relative-time.tsx';
import type { Column } from '../../ui/table/column.ts';

const words = texts.activity;

/** How often. */
export const timesColumn = <T extends { readonly count: number }>(priority: number): Column<T> => ({
  id: 'times',
  title: words.times,
  priority,
  width: 5,
  grow: 0.3,
  isNumber: true,
  value: ({ count }) => count,
  cell: ({ count }) => formatCount(count),
});

/** When for the last time. */
export const lastColumn = <T extends { readonly lastMs: number }>(priority: number): Column<T> => ({
  id: 'last',
  title: words.last,
  priority,
  width: 8,
  grow: 0.4,
  value: ({ lastMs }) => new Date(lastMs).toISOString(),
  cell: ({ lastMs }) => <When atMs={lastMs} />,
});

/** When for the first time. */
export const firstColumn = <T extends { readonly firstMs: number }>(priority: number): Column<T> => ({
  id: 'first',
  title: words.first,
  priority,
  width: 13.5,
  grow: 0.4,
  value: ({ firstMs }) => new Date(firstMs).toISOString(),
  cell: ({ firstMs }) => exactTime(firstMs),
});
