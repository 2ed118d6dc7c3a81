/** Which columns are shown in which order: the choice of a person, laid over what the table comes with. */
type Entry = { readonly id: string; readonly shown: boolean };
type Known = { readonly id: string; readonly priority: number; readonly isExtra?: boolean };

/**
 * All columns of the table, each once: those that were arranged in their order, new ones where they stand at first. The
 * name is always shown, and first.
 */
export function arrange(columns: readonly Known[], chosen: readonly Entry[] | undefined): readonly Entry[] {
  const known = new Map(columns.map((column) => [column.id, column]));
  const kept = (chosen ?? []).filter(
    ({ id }, at, all) => known.has(id) && all.findIndex((other) => other.id === id) === at,
  );
  const entries: Entry[] = [...kept];
  for (const [at, column] of columns.entries()) {
    if (kept.some(({ id }) => id === column.id)) continue;
    const before = columns[at - 1];
    const place = before === undefined ? 0 : entries.findIndex(({ id }) => id === before.id) + 1;
    entries.splice(place, 0, { id: column.id, shown: column.isExtra !== true });
  }
  const isName = ({ id }: Entry): boolean => known.get(id)?.priority === 0;
  return [
    ...entries.filter(isName).map(({ id }) => ({ id, shown: true })),
    ...entries.filter((entry) => !isName(entry)),
  ];
}

/** One column moved by one place; the name stays first. */
export function moved(entries: readonly Entry[], id: string, by: -1 | 1): readonly Entry[] {
  const from = entries.findIndex((entry) => entry.id === id);
  const to = from + by;
  if (from < 1 || to < 1 || to >= entries.length) return entries;
  const next = [...entries];
  const [entry] = next.splice(from, 1);
  if (entry !== undefined) next.splice(to, 0, entry);
  return next;
}
