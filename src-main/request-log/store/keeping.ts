/** What is done to the databases: taking segments in, and saying how much room they have. */
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
    const sql = 'SELECT coalesce(sum(rows), 0), min(day), max(day) FROM row_days';
    const [count, least, most] = month.file.read(() => month.file.statement(sql).get()) as unknown as [
      number,
      number | null,
      number | null,
    ];
    rows += count;
    if (least !== null && most !== null) rowsDays += most - least + 1;
  }
  const { file } = index.rollup;
  const [rollupDays] = file.read(() => file.statement('SELECT count(*) FROM days').get()) as unknown as [
    number,
  ];
  return { rows, rowsDays, rollupDays, ...index.sizes() };
}
