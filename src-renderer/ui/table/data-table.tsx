import type { CSSProperties, ReactNode, RefObject } from 'react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Column, RowSelection, RowSource, Sort } from './column.ts';
import { fitColumns } from './fit-columns.ts';
import { BusyRow, DataRow } from './data-row.tsx';
import { DataHead } from './data-head.tsx';
import { roles } from './roles.ts';
import styles from './table.module.css';
import { useRoom } from './use-room.ts';
import { useRowKeys } from './use-row-keys.ts';

export type DataTableProps<T> = {
  readonly label: string;
  /** The chosen ones, in their order. */
  readonly columns: readonly Column<T>[];
  readonly rows: RowSource<T>;
  readonly rowId: (row: T) => string;
  /** What a row is called, e.g. in "Select lk-AbCd1234". */
  readonly rowName: (row: T) => string;
  /** The text of the link that opens the row, where it is not its name. */
  readonly openerText?: (row: T) => string;
  /** Where a row leads to. */
  readonly href?: (row: T) => string;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  readonly density?: 'comfortable' | 'compact';
  readonly selection?: RowSelection<T>;
  /** What can be done with a row, at its end; so wide, rem. */
  readonly actions?: { readonly width: number; readonly of: (row: T) => ReactNode };
  /** Set anew to begin at the first row again. */
  readonly place?: string;
};

const boxWidth = 2.75;
/** rem, until a row is there and measured. */
const estimates = { comfortable: 3.125, compact: 2.125, folded: 1.25 } as const;

/**
 * The one table. Real table semantics, by roles too, as its rows are laid out as grids; only the rows in sight exist;
 * columns without room fold into a second line; it scrolls in its own box under its head. By keyboard: arrows, Page keys, Home and End move from row to row, Enter opens,
 * Space picks.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, rows, selection, actions, density = 'comfortable' } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(scroller);
  const fixed = (selection === undefined ? 0 : boxWidth) + (actions?.width ?? 0);
  const fit = useMemo(() => fitColumns(columns, room.rem - fixed), [columns, room.rem, fixed]);
  // The same from one frame of a scroll to the next: a row with the same columns is not drawn again.
  const [shown, folded] = useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    const named = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
    return [named(fit.shown), named(fit.folded)];
  }, [columns, fit]);
  const expected = (estimates[density] + (folded.length > 0 ? estimates.folded : 0)) * room.pxPerRem;
  const estimate = useRowHeight(scroller, expected, rows.at(0) !== undefined);
  const virtualizer = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    overscan: 6,
  });
  useBeginning(scroller, props.place);
  useEffect(() => virtualizer.measure(), [virtualizer, estimate, fit]);
  const items = virtualizer.getVirtualItems();
  useVisible(rows, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const keys = useRowKeys({
    total: rows.total,
    scroller,
    show: (index) => virtualizer.scrollToIndex(index),
    perPage: Math.max(1, items.length - 12),
    onSelect: (index) => {
      const row = rows.at(index);
      if (row !== undefined) selection?.onSelect(index, !selection.isSelected(row), false);
    },
  });
  const widths = [
    ...(selection === undefined ? [] : [boxWidth]),
    ...fit.shown.map((id) => fit.widths.get(id) ?? 0),
    ...(actions === undefined ? [] : [actions.width]),
  ];

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // Without links in it, the box itself must be reached by keyboard to be scrolled. No landmark: the card around it is one.
      {...(props.href === undefined ? { tabIndex: 0, role: 'group', 'aria-label': props.label } : {})}
    >
      <table
        {...roles.table}
        className={styles.table}
        data-density={density}
        aria-label={props.label}
        aria-rowcount={rows.total + 1}
        style={gridOf(widths)}
        {...keys.listener}
      >
        <DataHead
          columns={shown}
          sort={props.sort}
          onSort={props.onSort}
          selection={selection}
          hasActions={actions !== undefined}
        />
        <tbody {...roles.group}>
          <Spacer height={items[0]?.start ?? 0} />
          {items.map(({ index, key }) => {
            const row = rows.at(index);
            return row === undefined ? (
              <BusyRow key={key} index={index} height={estimate} />
            ) : (
              <DataRow
                key={key}
                index={index}
                measure={virtualizer.measureElement}
                row={row}
                name={props.rowName(row)}
                text={props.openerText?.(row) ?? props.rowName(row)}
                href={props.href?.(row)}
                columns={shown}
                folded={folded}
                isActive={index === keys.active}
                isSelected={selection?.isSelected(row)}
                onSelect={selection?.onSelect}
                onFocus={keys.setActive}
                actions={actions?.of(row)}
                id={props.rowId(row)}
              />
            );
          })}
          <Spacer height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  );
}

/** Widths of the columns, for every row alike; where even they have no room, the box scrolls sideways. */
const gridOf = (widths: readonly number[]): CSSProperties & Record<`--${string}`, string> => ({
  '--lk-columns': widths.map((rem) => `${rem}rem`).join(' '),
  minWidth: `${widths.reduce((sum, rem) => sum + rem, 0)}rem`,
});

/**
 * How high a row is in which nothing wraps. Measured at the first ones: where it is another height than was expected, each row that comes into sight
 * moves all that follow.
 */
function useRowHeight(
  scroller: RefObject<HTMLDivElement | null>,
  expected: number,
  hasRows: boolean,
): number {
  const [measured, setMeasured] = useState({ expected, height: expected });
  useLayoutEffect(() => {
    const shown = hasRows ? (scroller.current?.querySelectorAll('tr[data-row-id]') ?? []) : [];
    const height = Math.min(...Array.from(shown, (row) => row.getBoundingClientRect().height));
    // Nothing has a height where nothing is laid out.
    if (height > 0 && height < Infinity) setMeasured({ expected, height });
  }, [scroller, expected, hasRows]);
  return measured.expected === expected ? measured.height : expected;
}

/** Stands for the rows that are not there. */
function Spacer({ height }: { readonly height: number }) {
  const size = { height };
  return height > 0 ? <tr className={styles.spacer} role="presentation" style={size} /> : null;
}

/** Another list begins at its first row. */
function useBeginning(scroller: RefObject<HTMLDivElement | null>, place: string | undefined): void {
  const [before, setBefore] = useState(place);
  useEffect(() => {
    if (before === place) return;
    setBefore(place);
    scroller.current?.scrollTo({ top: 0 });
  }, [before, place, scroller]);
}

/** While the scrollbar is dragged, rows fly by: only where it rests is loaded. Those that the wheel moves are, at once. */
const restMs = 60;

function useVisible<T>({ onVisible, total }: RowSource<T>, first: number, last: number): void {
  const before = useRef(first);
  useEffect(() => {
    if (onVisible === undefined) return undefined;
    const isFlying = Math.abs(first - before.current) > last - first;
    before.current = first;
    if (!isFlying) {
      onVisible(first, last);
      return undefined;
    }
    const timer = window.setTimeout(() => onVisible(first, last), restMs);
    return () => window.clearTimeout(timer);
  }, [first, last, total, onVisible]);
}
