import { useMemo } from 'react';
import { Badge, Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { HolderView } from '../../../shared/contract/directory-views.ts';
import { holderQuery } from '../../../shared/contract/directory-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useHolderPages } from '../../state/holder-pages.ts';
import { hashTo, navigate, useRoute } from '../../state/route.ts';
import type { TableQuery } from '../../state/table-query.ts';
import { rowAt } from '../../state/token-pages.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import type { Column } from '../../ui/table/column.ts';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { useTableModel } from '../../ui/table/use-table-model.ts';
import text from '../../ui/text.module.css';
import { TableCard } from '../lists/table-card.tsx';
import { useListState } from '../lists/use-list.ts';
import { HolderDrawer } from './holder-drawer.tsx';
import { createdColumn, nameColumn, tokensColumn } from '../lists/columns.tsx';

const words = texts.holders;

const columns: readonly Column<HolderView>[] = [
  nameColumn({ title: words.name, width: 11, grow: 2 }),
  {
    id: 'kind',
    title: words.kind,
    priority: 2,
    width: 6,
    grow: 0.3,
    sort: 'ascending',
    value: ({ kind }) => kind,
    cell: ({ kind }) => (
      <Badge size="sm" tt="none" color="gray">
        {words.kinds[kind]}
      </Badge>
    ),
  },
  tokensColumn({ title: words.tokens, priority: 1, width: 7, grow: 0.3 }),
  {
    id: 'note',
    title: words.note,
    priority: 3,
    width: 10,
    grow: 2,
    sort: 'ascending',
    value: ({ note }) => note,
    cell: ({ note }) => <span className={text.quiet}>{note || '–'}</span>,
  },
  createdColumn({ title: words.created, priority: 4, grow: 0.5 }),
];

const kinds = Object.entries(words.kinds).map(([id, name]) => ({ id, name }));

/** What an address asks of the list; what makes no sense there counts for nothing. */
function filterOf({ search, sort, filters }: TableQuery) {
  const wanted = holderQuery.omit({ offset: true, limit: true });
  const parsed = wanted.safeParse({
    search,
    kinds: filters['kind'] ?? [],
    ...(sort === undefined ? {} : { sort: sort.id, descending: sort.descending }),
  });
  return parsed.success ? parsed.data : wanted.parse({ search });
}

/** Who or what uses tokens: find, look into, rename. */
export function HoldersScreen() {
  const state = useListState('holders');
  const open = useRoute((route) => route.open);
  const filter = useMemo(() => filterOf(state.query), [state.query]);
  const { total, pages, problem, onVisible, retry } = useHolderPages(filter);
  const model = useTableModel({
    columns,
    layout: state.layout,
    sort: { id: filter.sort, descending: filter.descending },
  });
  return (
    <Page title={words.title} lead={words.lead} fill>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      <TableCard<HolderView>
        state={state}
        model={model}
        label={words.title}
        many={words.many}
        search={words.search}
        isLoading={total === undefined}
        rows={{ total: total ?? 0, at: (index) => rowAt(pages, index), onVisible }}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        href={({ id }) => hashTo('holders', id)}
        filters={
          <FilterSelect
            label={words.kind}
            entries={kinds}
            value={state.query.filters['kind'] ?? []}
            onChange={(values) => state.setFilter('kind', values)}
          />
        }
        file={{ name: 'holders', source: () => ({ of: 'holders', ...filter }) }}
        empty={
          <EmptyState
            icon={<IconUsers size={24} />}
            title={words.empty}
            text={words.emptyText}
            action={<Button onClick={() => navigate('tokens', 'new')}>{words.issue}</Button>}
          />
        }
      />
      {open !== undefined && <HolderDrawer key={open} id={open} onClose={() => navigate('holders')} />}
    </Page>
  );
}
