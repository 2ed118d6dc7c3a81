import { useEffect, useRef } from 'react';
import { Button, Checkbox, Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp, IconKey, IconSearchOff } from '@tabler/icons-react';
import { useDirectory } from '../../state/directory.ts';
import { navigate } from '../../state/route.ts';
import { rowAt } from '../../state/token-pages.ts';
import type { TokenFilter } from '../../state/tokens.ts';
import { noFilter, useTokens } from '../../state/tokens.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import { useNow } from '../../ui/use-now.ts';
import { TokenRow, tokenRowHeight } from './token-row.tsx';

const columns: readonly {
  readonly label: string;
  readonly sort?: TokenFilter['sort'];
  readonly width?: number;
  /** The first to go where the window is narrow. */
  readonly wideOnly?: true;
}[] = [
  { label: 'Holder', sort: 'holder' },
  { label: 'Team', sort: 'team', width: 120 },
  { label: 'Environment', sort: 'environment', width: 118 },
  { label: 'Channels', width: 150, wideOnly: true },
  { label: 'State', sort: 'state', width: 114 },
  { label: 'Expires', sort: 'expires', width: 108 },
  { label: 'Last used', sort: 'last-used', width: 128 },
];

/** All rows of the query; only the visible ones exist, and only the pages around them are loaded. */
export function TokenTable() {
  const { total, pages, selected, select, show } = useTokens();
  const scroller = useRef<HTMLDivElement>(null);
  const nowMs = useNow();
  const virtualizer = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => tokenRowHeight,
    overscan: 12,
  });
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    // While the scrollbar is dragged, pages fly by: only where it rests is loaded.
    const timer = window.setTimeout(() => show(first, last), 60);
    return () => window.clearTimeout(timer);
  }, [first, last, total, show]);

  if (total === undefined) return <SkeletonRows rows={12} />;
  if (total === 0) return <NoTokens />;

  const loaded = [...pages.values()].flat();
  const allSelected = loaded.length > 0 && loaded.every((token) => selected.has(token.id));
  const padding = (height: number) =>
    height > 0 && (
      <tr className="lk-spacer" aria-hidden="true">
        <td colSpan={columns.length + 1} style={{ height }} />
      </tr>
    );

  return (
    <div ref={scroller} className="lk-scroll" style={{ flex: 1 }} tabIndex={-1}>
      <table className="lk-table lk-sticky" aria-label="Tokens" aria-rowcount={total + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" style={{ width: 44 }}>
              <Checkbox
                size="xs"
                aria-label="Select the loaded tokens"
                checked={allSelected}
                indeterminate={!allSelected && selected.size > 0}
                onChange={(event) => select(loaded, event.currentTarget.checked)}
              />
            </th>
            {columns.map((column) => (
              <ColumnHead key={column.label} {...column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {padding(rows[0]?.start ?? 0)}
          {rows.map(({ index, key }) => {
            const token = rowAt(pages, index);
            return token === undefined ? (
              <tr key={key} style={{ height: tokenRowHeight }} aria-rowindex={index + 2} aria-busy="true">
                <td />
                {columns.map((column) => (
                  <td key={column.label} className={column.wideOnly && 'lk-wide-only'}>
                    <Skeleton height={11} width="70%" />
                  </td>
                ))}
              </tr>
            ) : (
              <TokenRow
                key={key}
                token={token}
                index={index}
                nowMs={nowMs}
                selected={selected.has(token.id)}
                onSelect={select}
              />
            );
          })}
          {padding(virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead(props: {
  readonly label: string;
  readonly sort?: TokenFilter['sort'];
  readonly width?: number;
  readonly wideOnly?: true;
}) {
  const { filter, setFilter } = useTokens();
  const { sort } = props;
  const isSorted = sort !== undefined && filter.sort === sort;
  const Arrow = filter.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={props.wideOnly && 'lk-wide-only'}
      style={props.width === undefined ? {} : { width: props.width }}
      aria-sort={isSorted ? (filter.descending ? 'descending' : 'ascending') : undefined}
    >
      {sort === undefined ? (
        props.label
      ) : (
        <button
          type="button"
          className="lk-sort"
          onClick={() =>
            setFilter({ sort, descending: isSorted ? !filter.descending : sort === 'last-used' })
          }
        >
          {props.label}
          {isSorted && <Arrow size={13} aria-hidden="true" />}
        </button>
      )}
    </th>
  );
}

function NoTokens() {
  const { countByState, setFilter } = useTokens();
  const { teams, channels } = useDirectory();
  const any = Object.values(countByState ?? {}).some((count) => count > 0);
  if (any) {
    return (
      <EmptyState
        icon={<IconSearchOff size={24} />}
        title="No token fits"
        text="Search looks at holder, id, team, environment and note."
        action={
          <Button variant="default" onClick={() => setFilter(noFilter)}>
            Clear filters
          </Button>
        }
      />
    );
  }
  const [text, label, screen] =
    teams.length === 0
      ? (['A token belongs to a team. Create one first.', 'New team', 'teams'] as const)
      : channels.length === 0
        ? (['A token opens channels. Add one first.', 'New channel', 'channels'] as const)
        : ([
            'Issue one for a person or a machine; the ready-made config for its client is shown beside it.',
            'Issue the first token',
            'tokens',
          ] as const);
  return (
    <EmptyState
      icon={<IconKey size={24} />}
      title="No tokens yet"
      text={text}
      action={<Button onClick={() => navigate(screen, 'new')}>{label}</Button>}
    />
  );
}
