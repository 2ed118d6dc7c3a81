import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, moved } from '../../../../src-renderer/ui/table/arrangement.ts';
import { fitColumns } from '../../../../src-renderer/ui/table/fit-columns.ts';
import { compareCells, searchRows } from '../../../../src-renderer/ui/table/use-table-model.ts';

const columns = [
  { id: 'name', priority: 0, width: 10 },
  { id: 'team', priority: 3, width: 8 },
  { id: 'state', priority: 1, width: 6 },
  { id: 'note', priority: 2, width: 9, grow: 3 },
];

describe('columns in the room that there is', () => {
  it.each([
    [40, ['name', 'team', 'state', 'note'], []],
    [32, ['name', 'state', 'note'], ['team']],
    [20, ['name', 'state'], ['team', 'note']],
    [15, ['name'], ['team', 'state', 'note']],
    [2, ['name'], ['team', 'state', 'note']],
  ])('%d rem shows %j and folds %j', (room, shown, folded) => {
    expect(fitColumns(columns, room)).toMatchObject({ shown, folded });
  });

  it('always show the name, lose nothing, and use the room', () => {
    const anyColumns = fc
      .array(fc.record({ width: fc.integer({ min: 1, max: 20 }), grow: fc.integer({ min: 0, max: 3 }) }), {
        minLength: 1,
        maxLength: 9,
      })
      .map((list) =>
        list.map((column, at) => ({ ...column, grow: column.grow + 1, id: `c${at}`, priority: at })),
      );
    fc.assert(
      fc.property(anyColumns, fc.integer({ min: 0, max: 120 }), (list, room) => {
        const { shown, folded, widths } = fitColumns(list, room);
        expect(shown).toContain('c0');
        expect([...shown, ...folded].toSorted()).toEqual(list.map(({ id }) => id).toSorted());
        const used = shown.reduce((sum, id) => sum + (widths.get(id) ?? 0), 0);
        expect(used).toBeCloseTo(Math.max(room, list[0]!.width));
      }),
    );
  });
});

describe('columns as a person arranged them', () => {
  it('are those of the table until somebody does', () => {
    expect(arrange([...columns, { id: 'extra', priority: 9, isExtra: true }], undefined)).toEqual([
      { id: 'name', shown: true },
      { id: 'team', shown: true },
      { id: 'state', shown: true },
      { id: 'note', shown: true },
      { id: 'extra', shown: false },
    ]);
  });

  it('keep their order, take new columns in where they stand at first, and forget those that are gone', () => {
    const chosen = [
      { id: 'note', shown: false },
      { id: 'gone', shown: true },
      { id: 'name', shown: false },
      { id: 'state', shown: true },
    ];
    expect(arrange(columns, chosen)).toEqual([
      { id: 'name', shown: true },
      { id: 'note', shown: false },
      { id: 'team', shown: true },
      { id: 'state', shown: true },
    ]);
  });

  it('move by one place, the name never', () => {
    const entries = arrange(columns, undefined);
    const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
    expect(ids(moved(entries, 'state', -1))).toEqual(['name', 'state', 'team', 'note']);
    expect(moved(entries, 'team', -1)).toBe(entries);
    expect(moved(entries, 'name', 1)).toBe(entries);
    expect(moved(entries, 'note', 1)).toBe(entries);
  });
});

describe('rows in the page', () => {
  it('are sorted as people read them, what is missing last', () => {
    expect(['b10', null, 'B2', 'a'].toSorted(compareCells)).toEqual(['a', 'B2', 'b10', null]);
    expect([10, null, 9].toSorted(compareCells)).toEqual([9, 10, null]);
  });

  it('are found by every word of a search', () => {
    const rows = [
      { name: 'Ada', team: 'web' },
      { name: 'Alan', team: 'ci' },
    ];
    const searched = (['name', 'team'] as const).map((id) => ({
      id,
      title: id,
      priority: 1,
      width: 1,
      cell: () => null,
      value: (row: (typeof rows)[number]) => row[id],
    }));
    expect(searchRows(rows, searched, ' WEB a ')).toEqual([rows[0]]);
    expect(searchRows(rows, searched, '')).toBe(rows);
    expect(searchRows(rows, searched, 'web ci')).toEqual([]);
  });
});
