export type FittedColumn = {
  readonly id: string;
  readonly priority: number;
  readonly width: number;
  readonly grow?: number;
};
export type Fit = {
  /** In their order. */
  readonly shown: readonly string[];
  /** What had no room, in the order of the columns. */
  readonly folded: readonly string[];
  /** rem; together exactly the room, or more where even the name has too little. */
  readonly widths: ReadonlyMap<string, number>;
};

/**
 * Which columns have room: the name always, the others by priority, as many as fit. What is left goes to those that
 * grow.
 * @param columns those that are chosen, in their order @param room rem
 */
export function fitColumns(columns: readonly FittedColumn[], room: number): Fit {
  const kept = new Set<string>();
  let used = 0;
  for (const column of [...columns].sort((a, b) => a.priority - b.priority)) {
    if (column.priority > 0 && used + column.width > room) break;
    kept.add(column.id);
    used += column.width;
  }
  const shown = columns.filter(({ id }) => kept.has(id));
  const shares = shown.reduce((sum, { grow = 1 }) => sum + grow, 0);
  const left = Math.max(0, room - used);
  const widths = new Map(
    shown.map(({ id, width, grow = 1 }) => [id, width + (shares === 0 ? 0 : (left * grow) / shares)]),
  );
  return {
    shown: shown.map(({ id }) => id),
    folded: columns.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    widths,
  };
}
