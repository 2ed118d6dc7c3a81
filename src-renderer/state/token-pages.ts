/** Rows per request; a screen shows about fifteen, so one page covers fast scrolling in both directions. */
export const pageSize = 200;

/** The pages that a range of visible rows needs, and no others. @param last inclusive */
export function pagesFor(first: number, last: number, total: number): readonly number[] {
  if (total === 0 || last < first) return [];
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.min(last, total - 1) / pageSize);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** Rows beyond those in sight that are loaded already, so that a turn of the wheel finds them there. */
const ahead = 100;

/** The pages that a range of visible rows needs, now and with the next turn of the wheel. @param last inclusive */
export const pagesAround = (first: number, last: number, total: number): readonly number[] =>
  pagesFor(first - ahead, last + ahead, total);

/** Drops pages far from what is visible: the store holds the current rows, not the whole table. */
export function keepNear<T>(
  pages: ReadonlyMap<number, T>,
  wanted: readonly number[],
  reach = 2,
): ReadonlyMap<number, T> {
  const from = Math.min(...wanted) - reach;
  const to = Math.max(...wanted) + reach;
  return wanted.length === 0 ? pages : new Map([...pages].filter(([page]) => page >= from && page <= to));
}

/** The row at an index of the whole table, if its page is here. */
export function rowAt<T>(pages: ReadonlyMap<number, readonly T[]>, index: number): T | undefined {
  return pages.get(Math.floor(index / pageSize))?.[index % pageSize];
}
