import type { ReactNode } from 'react';
import type { Paged } from '../../state/use-paged.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import styles from './activity.module.css';
import { Pager } from './pager.tsx';

/** A table that comes by pages, with what belongs to it: choices above, and what stands there while nothing does. */
export function PagedCard<T>(props: {
  readonly title: string;
  readonly pages: Omit<Paged<unknown>, 'value'>;
  /** Undefined until the first answer. */
  readonly rows: readonly T[] | undefined;
  readonly columns: readonly Column<T>[];
  readonly rowId: (row: T) => string;
  readonly rowName: (row: T) => string;
  readonly href?: (row: T) => string;
  readonly empty: { readonly icon: ReactNode; readonly title: string; readonly text: string };
  readonly beside?: ReactNode;
  readonly tools?: ReactNode;
  readonly note?: ReactNode;
  readonly inTime?: boolean;
}) {
  const { title, pages, rows } = props;
  return (
    <section
      className={card.card}
      aria-label={title}
      aria-busy={pages.isStale && pages.problem === undefined}
    >
      <header className={card.head}>
        <h2>{title}</h2>
        {props.beside}
      </header>
      {props.tools !== undefined && <div className={styles.tools}>{props.tools}</div>}
      {pages.problem !== undefined && <ErrorAlert error={pages.problem} onRetry={pages.retry} />}
      {rows === undefined && pages.problem === undefined && <SkeletonRows />}
      {rows !== undefined && rows.length === 0 && pages.problem === undefined && (
        <EmptyState {...props.empty} />
      )}
      {rows !== undefined && rows.length > 0 && pages.problem === undefined && (
        <DataTable
          label={title}
          columns={props.columns}
          rows={{ total: rows.length, at: (index) => rows[index] }}
          rowId={props.rowId}
          rowName={props.rowName}
          {...(props.href === undefined ? {} : { href: props.href })}
        />
      )}
      {props.note !== undefined && <p className={styles.note}>{props.note}</p>}
      <Pager pages={pages} inTime={props.inTime ?? false} />
    </section>
  );
}
