/** Taking closed segments into the databases. */
import { parseSegment } from './parsed-segments.ts';
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
