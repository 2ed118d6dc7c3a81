import { useState } from 'react';
import type { SavedView, TableLayout } from '../../shared/contract/table-settings.ts';
import type { Column, Sort } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import { FilterSelect } from '../ui/table/filter-select.tsx';
import { RowLink } from '../ui/table/row-link.tsx';
import { SearchField } from '../ui/table/search-field.tsx';
import { isSelected, noSelection, select, stateOfPage } from '../ui/table/selection.ts';
import styles from '../ui/table/table.module.css';
import { useTableModel } from '../ui/table/use-table-model.ts';
import { ViewMenu } from '../ui/table/view-menu.tsx';
import { ViewsMenu } from '../ui/table/views-menu.tsx';
import { Group, State } from './state.tsx';

type Team = { readonly id: string; readonly name: string; readonly tokens: number; readonly note: string };

const teams: readonly Team[] = Array.from({ length: 1000 }, (_, at) => ({
  id: `team-${at}`,
  name: ['data-science', 'platform', 'web', 'ci'][at % 4] + `-${at}`,
  tokens: (at * 37) % 211,
  note: at % 3 === 0 ? 'People and machines of the lab on the third floor' : '',
}));

const columns: readonly Column<Team>[] = [
  {
    id: 'name',
    title: 'Name',
    priority: 0,
    width: 10,
    sort: 'ascending',
    value: ({ name }) => name,
    cell: (_team, opener) => opener,
  },
  {
    id: 'tokens',
    title: 'Active tokens',
    priority: 1,
    width: 7,
    grow: 0.3,
    isNumber: true,
    sort: 'descending',
    value: ({ tokens }) => tokens,
    cell: ({ tokens }) => tokens,
  },
  {
    id: 'note',
    title: 'Note',
    priority: 2,
    width: 12,
    grow: 3,
    value: ({ note }) => note,
    cell: ({ note }) => (note === '' ? '–' : <RowLink href="#tables">{note}</RowLink>),
  },
];

/** The table and what stands above it. */
export function Tables() {
  const [sort, setSort] = useState<Sort>();
  const [layout, setLayout] = useState<TableLayout>();
  const [views, setViews] = useState<readonly SavedView[]>([]);
  const [search, setSearch] = useState('');
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const [picked, setPicked] = useState(noSelection);
  const model = useTableModel({ columns, layout, sort, entries: teams });
  const page = model.rows.slice(0, 200).map(({ id }) => id);
  return (
    <Group title="Tables">
      <State name="A table of a thousand rows, with its toolbar">
        <div className={styles.card}>
          <div className={styles.toolbar}>
            <SearchField label="Search teams" placeholder="Name, note…" value={search} onChange={setSearch} />
            <FilterSelect
              label="Kind"
              entries={[
                { id: 'conda', name: 'conda' },
                { id: 'pypi', name: 'PyPI' },
              ]}
              value={kinds}
              onChange={setKinds}
            />
            <div className={styles.end}>
              <ViewsMenu views={views} query="" onOpen={() => undefined} onViews={setViews} />
              <ViewMenu
                columns={model.columns}
                layout={layout}
                sort={sort}
                onLayout={setLayout}
                onSort={setSort}
              />
            </div>
          </div>
          <div className={styles.sample}>
            <DataTable
              label="Teams"
              columns={model.chosen}
              rows={{
                total: model.rows.length,
                at: (index) => (index === 4 ? undefined : model.rows[index]),
              }}
              rowId={({ id }) => id}
              rowName={({ name }) => name}
              href={({ id }) => `#${id}`}
              sort={model.sort}
              onSort={setSort}
              density={layout?.density ?? 'comfortable'}
              selection={{
                isSelected: ({ id }) => isSelected(picked, id),
                onSelect: (index, on) => setPicked(select(picked, [model.rows[index]?.id ?? ''], on)),
                page: stateOfPage(picked, page),
                pageLabel: 'Select 200 teams on this page',
                onSelectPage: (on) => setPicked(select(picked, page, on)),
              }}
            />
          </div>
        </div>
      </State>
    </Group>
  );
}
