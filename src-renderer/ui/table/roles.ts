/**
 * The roles of a table, said as well where the elements have them: rows are laid out as grids, and browsers take the
 * roles away from a table that is laid out otherwise.
 */
export const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader', scope: 'col' },
  cell: { role: 'cell' },
} as const;
