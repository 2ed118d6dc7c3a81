/** What policies say to a row, in one byte, and what is left of the rows: as ranges of the bytes that are kept. */
import type { RowColumns, RowContainer } from './row-columns.ts';

/** `observed`: listed, and policies that observe would deny it. `refused`: listed, and not sent. */
export const rowState = { silent: 0, hidden: 1, refused: 2, observed: 3 } as const;

/** What rules say: that they would hide, refuse, or only observe it. */
export const ruleBit = { hide: 1, refuse: 2, observe: 4 } as const;
/** By the bits of all rules. One that hides outweighs those that refuse. */
export const stateOfBits = Uint8Array.from({ length: 8 }, (_, bits) =>
  (bits & ruleBit.hide) !== 0
    ? rowState.hidden
    : (bits & ruleBit.refuse) !== 0
      ? rowState.refused
      : bits === 0
        ? rowState.silent
        : rowState.observed,
);

export type ListedRows = {
  /** Begin and end of each range. */
  readonly ranges: Uint32Array;
  readonly containers: readonly ListedContainer[];
};
export type ListedContainer = {
  readonly path: RowContainer['path'];
  /** Its ranges: numbers of them, not of their places. */
  readonly first: number;
  readonly end: number;
  readonly bytes: number;
  readonly rows: number;
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
};

/** The rows that are not hidden. Neighbours stand in one range if nothing but a comma is between them. */
export function listedRows(columns: RowColumns, states: Uint8Array): ListedRows {
  const { starts, ends, joins, timesMs } = columns;
  let ranges = new Uint32Array(4096);
  let count = 0;
  const containers: ListedContainer[] = [];
  for (const { path, first, end, extension } of columns.containers) {
    const from = count;
    let rows = 0;
    for (let row = first; row < end; row += 1) {
      if (states[row] === rowState.hidden) continue;
      const start = row;
      row += 1;
      while (row < end && joins[row] === 1 && states[row] !== rowState.hidden) row += 1;
      rows += row - start;
      if (count * 2 === ranges.length) {
        const larger = new Uint32Array(ranges.length * 2);
        larger.set(ranges);
        ranges = larger;
      }
      row -= 1;
      ranges[count * 2] = starts[start] ?? 0;
      ranges[count * 2 + 1] = ends[row] ?? 0;
      count += 1;
    }
    // Commas stand between ranges.
    let bytes = Math.max(0, count - from - 1);
    for (let range = from; range < count; range += 1)
      bytes += (ranges[range * 2 + 1] ?? 0) - (ranges[range * 2] ?? 0);
    const times = extension === undefined ? [] : timesOf(timesMs, states, first, end);
    containers.push({ path, first: from, end: count, bytes, rows, oldestMs: times[0], newestMs: times[1] });
  }
  return { ranges: ranges.slice(0, count * 2), containers };
}

function timesOf(timesMs: Float64Array, states: Uint8Array, first: number, end: number): number[] {
  let oldest = Number.POSITIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  for (let row = first; row < end; row += 1) {
    if (states[row] === rowState.hidden) continue;
    const time = timesMs[row] ?? 0;
    if (time < oldest) oldest = time;
    if (time > newest) newest = time;
  }
  return newest === Number.NEGATIVE_INFINITY ? [] : [oldest, newest];
}
