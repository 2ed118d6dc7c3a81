import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { isFiltered } from '../../state/table-query.ts';
import { cx } from '../../ui/cx.ts';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import type { DataTableProps } from '../../ui/table/data-table.tsx';
import { SearchField } from '../../ui/table/search-field.tsx';
import styles from '../../ui/table/table.module.css';
import type { TableModel } from '../../ui/table/use-table-model.ts';
import { ViewMenu } from '../../ui/table/view-menu.tsx';
import { ViewsMenu } from '../../ui/table/views-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import type { TableExport } from './export-menu.tsx';
import type { ListState } from './use-list.ts';

const words = texts.tables;

/** So many are shown without a box that scrolls. */
const fewRows = 4;

export type TableCardProps<T> = Omit<
  DataTableProps<T>,
  'columns' | 'sort' | 'onSort' | 'density' | 'place'
> & {
  readonly state: ListState;
  readonly model: TableModel<T>;
  /** The things in the plural, as in "5 tokens". */
  readonly many: string;
  readonly search: string;
  /** Of all, when it is known; the rows say how many match. */
  readonly total?: number;
  readonly isLoading: boolean;
  readonly filters?: ReactNode;
  /** Instead of search and filters, while rows are selected. */
  readonly selectionBar?: ReactNode;
  readonly file?: TableExport;
  /** What stands here when there is nothing at all. */
  readonly empty: ReactNode;
  /** The same where a filter alone says why nothing is here; otherwise people are sent back to their search. */
  readonly emptyByFilter?: ReactNode;
};

/** A list with everything that lists have: search, filters, views, columns, files, and the table itself. */
export function TableCard<T>(props: TableCardProps<T>) {
  const { state, model, many, rows, isLoading } = props;
  const filtered = isFiltered(state.query);
  const isEmpty = !isLoading && rows.total === 0;
  return (
    <div
      className={cx(styles.card, styles.fill)}
      data-long={rows.total > fewRows || undefined}
      data-empty={isEmpty || undefined}
    >
      {(!isEmpty || filtered) && (props.selectionBar ?? <Toolbar {...props} isFilteredNow={filtered} />)}
      {isLoading ? (
        <SkeletonRows rows={12} />
      ) : !isEmpty ? (
        <DataTable
          {...props}
          columns={model.chosen}
          sort={model.sort}
          onSort={state.onSort}
          density={state.layout?.density ?? 'comfortable'}
          place={state.text}
        />
      ) : filtered && props.emptyByFilter !== undefined ? (
        props.emptyByFilter
      ) : filtered ? (
        <EmptyState
          icon={<IconSearchOff size={24} />}
          title={words.noneMatching(many)}
          text={words.tryOther}
          action={
            <Button variant="default" onClick={state.clear}>
              {words.clearFilters}
            </Button>
          }
        />
      ) : (
        props.empty
      )}
    </div>
  );
}

function Toolbar<T>(props: TableCardProps<T> & { readonly isFilteredNow: boolean }) {
  const { state, model, many, rows } = props;
  const shown = formatCount(rows.total);
  const all = props.total === undefined ? undefined : formatCount(props.total);
  return (
    <div className={styles.toolbar} role="search" aria-label={props.label}>
      <SearchField
        label={words.searchIn(many)}
        placeholder={props.search}
        value={state.query.search}
        onChange={(search) => state.change({ search })}
      />
      {props.filters}
      {props.isFilteredNow && (
        <Button size="xs" variant="subtle" color="gray" onClick={state.clear}>
          {words.clearFilters}
        </Button>
      )}
      <div className={styles.end}>
        <span className={styles.count} role="status">
          {props.isLoading ? '' : words.count(shown, all, many)}
        </span>
        {props.file && <ExportMenu file={props.file} many={many} total={rows.total} />}
        <ViewsMenu views={state.views} query={state.text} onOpen={state.openView} onViews={state.onViews} />
        <ViewMenu
          columns={model.columns}
          layout={state.layout}
          sort={model.sort}
          onLayout={state.onLayout}
          onSort={state.onSort}
        />
      </div>
    </div>
  );
}
