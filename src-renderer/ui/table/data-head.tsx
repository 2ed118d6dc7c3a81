import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { cx } from '../cx.ts';
import text from '../text.module.css';
import type { Column, RowSelection, Sort } from './column.ts';
import { roles } from './roles.ts';
import styles from './table.module.css';

/** The head of a table, which stays in sight: what is sorted by, and the box that picks a page. */
export function DataHead<T>(props: {
  readonly columns: readonly Column<T>[];
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
  readonly selection: RowSelection<T> | undefined;
  readonly hasActions: boolean;
}) {
  const { selection } = props;
  return (
    <thead className={styles.head} {...roles.group}>
      <tr {...roles.row} aria-rowindex={1}>
        {selection && (
          <th {...roles.head}>
            <Checkbox
              size="xs"
              aria-label={selection.pageLabel}
              checked={selection.page === 'all'}
              indeterminate={selection.page === 'some'}
              onChange={(event) => selection.onSelectPage(event.currentTarget.checked)}
            />
          </th>
        )}
        {props.columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
        ))}
        {props.hasActions && (
          <th {...roles.head}>
            <span className={text.hidden}>{texts.tables.actions}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function HeadCell<T>(props: {
  readonly column: Column<T>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const sorted = sort?.id === column.id ? sort : undefined;
  const Arrow = sorted?.descending === true ? IconArrowDown : IconArrowUp;
  const next = sorted === undefined ? column.sort === 'descending' : !sorted.descending;
  return (
    <th
      {...roles.head}
      className={cx(column.isNumber === true && styles.right)}
      aria-sort={sorted === undefined ? undefined : sorted.descending ? 'descending' : 'ascending'}
    >
      {column.sort === undefined || onSort === undefined ? (
        column.title
      ) : (
        <button
          type="button"
          className={styles.sort}
          onClick={() => onSort({ id: column.id, descending: next })}
        >
          {column.title}
          {sorted !== undefined && <Arrow size={13} aria-hidden="true" />}
        </button>
      )}
    </th>
  );
}
