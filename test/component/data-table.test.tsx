/** The one table: what a person sees, and what the keyboard does. */
import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Column, Sort } from '../../src-renderer/ui/table/column.ts';
import type { DataTableProps } from '../../src-renderer/ui/table/data-table.tsx';
import { DataTable } from '../../src-renderer/ui/table/data-table.tsx';
import { noSelection, isSelected, select, stateOfPage } from '../../src-renderer/ui/table/selection.ts';
import { useTableModel } from '../../src-renderer/ui/table/use-table-model.ts';
import { layOut } from '../support/lay-out.ts';
import { focused, show } from '../support/render.tsx';

type Team = { readonly id: string; readonly name: string; readonly tokens: number; readonly note: string };
const teams: readonly Team[] = Array.from({ length: 300 }, (_, at) => ({
  id: `t${at}`,
  name: `team ${at}`,
  tokens: (at * 7) % 300,
  note: `note ${at}`,
}));
const columns: readonly Column<Team>[] = [
  {
    id: 'name',
    title: 'Name',
    priority: 0,
    width: 10,
    sort: 'ascending',
    value: ({ name }) => name,
    cell: (_, opener) => opener,
  },
  {
    id: 'tokens',
    title: 'Tokens',
    priority: 1,
    width: 6,
    sort: 'descending',
    isNumber: true,
    value: ({ tokens }) => tokens,
    cell: ({ tokens }) => tokens,
  },
  { id: 'note', title: 'Note', priority: 2, width: 12, value: ({ note }) => note, cell: ({ note }) => note },
];

let room = { width: 960, height: 600 };
beforeEach(() => {
  room = { width: 960, height: 600 };
  layOut(() => room);
  window.location.hash = '';
});

function Teams(props: Partial<DataTableProps<Team>> & { readonly entries?: readonly Team[] }) {
  const [sort, setSort] = useState<Sort>();
  const model = useTableModel({ columns, layout: undefined, sort, entries: props.entries ?? teams });
  return (
    <DataTable
      label="Teams"
      columns={model.chosen}
      rows={{ total: model.rows.length, at: (index) => model.rows[index] }}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      href={({ id }) => `#/teams/${id}`}
      sort={model.sort}
      onSort={setSort}
      {...props}
    />
  );
}

const table = () => screen.getByRole('table', { name: 'Teams' });
const rows = () => within(table()).getAllByRole('row').slice(1);
const firstLink = () => within(rows()[0]!).getByRole('link').textContent;

describe('a table', () => {
  it('tells how many rows there are, and makes only those in sight', () => {
    show(<Teams />);
    expect(table()).toHaveProperty('ariaRowCount', '301');
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]!.getAttribute('aria-rowindex')).toBe('2');
    expect(
      within(table())
        .getAllByRole('columnheader')
        .map((head) => head.textContent),
    ).toEqual(['Name', 'Tokens', 'Note']);
  });

  it('sorts by a head, in the column’s own direction first, and says so', async () => {
    const { user } = show(<Teams />);
    const head = () => screen.getByRole('columnheader', { name: 'Tokens' });
    expect(head().getAttribute('aria-sort')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Tokens' }));
    expect(head().getAttribute('aria-sort')).toBe('descending');
    expect(firstLink()).toBe(teams.find(({ tokens }) => tokens === 299)?.name);
    await user.click(screen.getByRole('button', { name: 'Tokens' }));
    expect(head().getAttribute('aria-sort')).toBe('ascending');
    expect(firstLink()).toBe('team 0');
    expect(screen.queryByRole('button', { name: 'Note' })).toBeNull();
  });

  it('folds what has no room into the second line, with its name, and never the name', () => {
    room.width = 320;
    show(<Teams />);
    expect(
      within(table())
        .getAllByRole('columnheader')
        .map((head) => head.textContent),
    ).toEqual(['Name', 'Tokens']);
    expect(within(rows()[0]!).getByRole('term').textContent).toBe('Note');
    expect(within(rows()[0]!).getByRole('definition').textContent).toBe('note 0');
    room.width = 40;
    show(<Teams label="Narrow" />);
    const narrow = screen.getByRole('table', { name: 'Narrow' });
    expect(
      within(narrow)
        .getAllByRole('columnheader')
        .map((head) => head.textContent),
    ).toEqual(['Name']);
  });

  it('opens a row by a click anywhere on it, by its link, and by Enter', async () => {
    const { user } = show(<Teams />);
    await user.click(within(rows()[2]!).getByText('note 2'));
    expect(window.location.hash).toBe('#/teams/t2');
    screen.getByRole('link', { name: 'team 3' }).focus();
    await user.keyboard('{Enter}');
    await vi.waitFor(() => expect(window.location.hash).toBe('#/teams/t3'));
  });

  it('does not open a row for a click on its own controls', async () => {
    const act = vi.fn<() => void>();
    const { user } = show(
      <Teams actions={{ width: 6, of: ({ name }) => <button onClick={act}>Edit {name}</button> }} />,
    );
    await user.click(screen.getByRole('button', { name: 'Edit team 1' }));
    expect(act).toHaveBeenCalledOnce();
    expect(window.location.hash).toBe('');
  });

  it('has one row in the order of Tab, and is walked through by arrows, Home and End', async () => {
    const { user } = show(<Teams entries={teams.slice(0, 5)} />);
    await user.tab();
    await user.tab();
    await user.tab();
    expect(focused()).toBe('team 0');
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(focused()).toBe('team 2');
    await user.keyboard('{ArrowUp}');
    expect(focused()).toBe('team 1');
    await user.keyboard('{End}');
    expect(focused()).toBe('team 4');
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe('team 4');
    await user.keyboard('{Home}');
    expect(focused()).toBe('team 0');
    const links = within(table()).getAllByRole('link');
    expect(links.map((link) => link.tabIndex)).toEqual([0, -1, -1, -1, -1]);
  });

  it('says of a row that is loaded that it is busy', () => {
    show(<Teams rows={{ total: 3, at: (index) => (index === 1 ? undefined : teams[index]) }} />);
    expect(rows().map((row) => row.getAttribute('aria-busy'))).toEqual([null, 'true', null]);
  });

  it('can be scrolled by keyboard where nothing in it can be reached', () => {
    show(
      <DataTable
        label="Plain"
        columns={columns}
        rows={{ total: 1, at: () => teams[0] }}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
      />,
    );
    expect(screen.getByRole('group', { name: 'Plain' }).tabIndex).toBe(0);
    expect(screen.queryByRole('link')).toBeNull();
  });
});

describe('rows that can be picked', () => {
  function Picking() {
    const [picked, setPicked] = useState(noSelection);
    const page = teams.slice(0, 200).map(({ id }) => id);
    return (
      <Teams
        selection={{
          isSelected: ({ id }) => isSelected(picked, id),
          onSelect: (index, on) => setPicked(select(picked, [teams[index]!.id], on)),
          page: stateOfPage(picked, page),
          pageLabel: 'Select 200 teams on this page',
          onSelectPage: (on) => setPicked(select(picked, page, on)),
        }}
      />
    );
  }
  const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });

  it('are picked by their box, by Space on their name, and a page at once', async () => {
    const { user } = show(<Picking />);
    await user.click(box('Select team 1'));
    expect(box('Select team 1').checked).toBe(true);
    expect(window.location.hash).toBe('');
    expect(box('Select 200 teams on this page').indeterminate).toBe(true);
    screen.getByRole('link', { name: 'team 0' }).focus();
    await user.keyboard(' ');
    expect(box('Select team 0').checked).toBe(true);
    await user.click(box('Select 200 teams on this page'));
    expect(box('Select team 5').checked).toBe(true);
    await user.click(box('Select 200 teams on this page'));
    expect(box('Select team 0').checked).toBe(false);
  });
});
