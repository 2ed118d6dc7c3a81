/** What is done to the databases: taking segments in, and saying how much room they have. */
import { dayMs } from './days.ts';
import { parseSegment } from './parsed-segments.ts';
import type { StoreSizes } from './row-store.ts';
import type { SegmentSource } from './segment-source.ts';
import type { SqliteIndex } from './sqlite-index.ts';

/** @returns what was taken in; a segment of which only a month was missing counts as well */
export async function takeInClosed(
  index: SqliteIndex,
  source: SegmentSource,
  ended: ReadonlySet<string>,
  onTaken: (rows: number) => void,
): Promise<void> {
  const closed = (await source.segments()).filter(({ name, isClosed }) => isClosed || ended.has(name));
  const indexed = index.indexed();
  for (const info of closed) {
    if (indexed.has(info.name)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const parsed = await parseSegment(source, info);
    index.add(parsed);
    onTaken(parsed.rows.length);
  }
}

export function sizesOf(index: SqliteIndex): StoreSizes {
  let [rows, rowsDays] = [0, 0];
  for (const name of index.monthsOf({})) {
    const month = index.month(name);
    const sql = 'SELECT (SELECT count(*) FROM rows), (SELECT min(id) FROM rows), (SELECT max(id) FROM rows)';
    const [count, least, most] = month.file.read(() => month.file.statement(sql).get()) as unknown as [
      number,
      number | null,
      number | null,
    ];
    rows += count;
    if (least === null || most === null) continue;
    rowsDays += Math.floor(month.timeOf(most) / dayMs) - Math.floor(month.timeOf(least) / dayMs) + 1;
  }
  const { file } = index.rollup;
  const sql =
    'SELECT count(*) FROM (SELECT DISTINCT day FROM installed UNION SELECT DISTINCT day FROM index_days)';
  const [rollupDays] = file.read(() => file.statement(sql).get()) as unknown as [number];
  return { rows, rowsDays, rollupDays, ...index.sizes() };
}
