import type { MouseEvent, ReactNode } from 'react';
import { memo, useRef } from 'react';
import { Checkbox } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { cx } from '../cx.ts';
import text from '../text.module.css';
import type { Column } from './column.ts';
import { RowTabIndex } from './row-tab-index.ts';
import { roles } from './roles.ts';
import styles from './table.module.css';
import { openerMark } from './use-row-keys.ts';

type Place = { readonly index: number; readonly measure: (element: HTMLElement | null) => void };

function Row<T>(
  props: Place & {
    readonly row: T;
    readonly id: string;
    readonly name: string;
    readonly text: string;
    readonly href: string | undefined;
    readonly columns: readonly Column<T>[];
    readonly folded: readonly Column<T>[];
    readonly isActive: boolean;
    readonly isSelected: boolean | undefined;
    readonly onSelect: ((index: number, on: boolean, isRange: boolean) => void) | undefined;
    readonly onFocus: (index: number) => void;
    readonly actions: ReactNode;
  },
) {
  const { row, index, measure, href, isSelected, onSelect } = props;
  const isRange = useRef(false);
  const tabIndex = props.isActive ? 0 : -1;
  const opener =
    href === undefined ? (
      <span className={styles.name}>{props.text}</span>
    ) : (
      <a className={styles.opener} href={href} tabIndex={tabIndex} {...{ [openerMark]: '' }}>
        {props.text}
      </a>
    );
  const open = (event: MouseEvent<HTMLElement>) => {
    if (href === undefined || isControl(event.target) || hasSelectedText()) return;
    window.location.hash = href;
  };
  return (
    <RowTabIndex value={tabIndex}>
      <tr
        ref={measure}
        {...roles.row}
        className={cx(styles.row, href !== undefined && styles.opens)}
        data-index={index}
        data-row-id={props.id}
        data-selected={isSelected === true || undefined}
        aria-rowindex={index + 2}
        onClick={open}
        onFocus={() => props.onFocus(index)}
      >
        {onSelect !== undefined && (
          <td {...roles.cell}>
            <Checkbox
              size="xs"
              tabIndex={tabIndex}
              aria-label={texts.tables.select(props.name)}
              checked={isSelected === true}
              onClick={(event) => (isRange.current = event.shiftKey)}
              onChange={(event) => onSelect(index, event.currentTarget.checked, isRange.current)}
            />
          </td>
        )}
        {props.columns.map((column) => (
          <td key={column.id} {...roles.cell} className={cx(column.isNumber === true && text.number)}>
            {column.cell(row, opener)}
          </td>
        ))}
        {props.actions !== undefined && (
          <td {...roles.cell} className={styles.actions}>
            {props.actions}
          </td>
        )}
        {props.folded.length > 0 && (
          <td {...roles.cell} className={cx(styles.second, onSelect !== undefined && styles.indented)}>
            <Folded row={row} columns={props.folded} />
          </td>
        )}
      </tr>
    </RowTabIndex>
  );
}

/**
 * One row: a click anywhere on it opens it, as does Enter on its name. Drawn again only when something of it changed, as a
 * scroll comes by with every frame.
 */
export const DataRow = memo(Row) as typeof Row;

/** What had no room as columns, each with its name; what is not there needs no line. */
function Folded<T>(props: { readonly row: T; readonly columns: readonly Column<T>[] }) {
  return (
    <dl className={styles.folded}>
      {props.columns
        .filter((column) => column.value(props.row) !== null)
        .map((column) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>{column.cell(props.row, null)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Stands where a row is loaded. Plain, as a dragged scrollbar makes a screenful of them for each frame. */
export function BusyRow({ index, height }: { readonly index: number; readonly height: number }) {
  const size = { height };
  return (
    <tr
      {...roles.row}
      className={styles.busy}
      data-index={index}
      aria-rowindex={index + 2}
      aria-busy="true"
      style={size}
    >
      <td {...roles.cell}>
        <span className={styles.waiting} />
      </td>
    </tr>
  );
}

/** A click on these is theirs. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, [role="menu"]') !== null;
}

/** Somebody marks a text to copy it. */
const hasSelectedText = (): boolean => (window.getSelection()?.toString() ?? '') !== '';
