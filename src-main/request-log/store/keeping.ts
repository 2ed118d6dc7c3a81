/** Taking closed segments into the databases. */
import { accessSync, constants } from 'node:fs';
import { isSystemError } from '../../disk/disk-error.ts';
import { makeFolderSync } from '../../disk/make-folder.ts';
import type { ParsedSegment } from './parsed-segments.ts';
import { parseSegment } from './parsed-segments.ts';
import type { SegmentSource } from './segment-source.ts';
import type { SqliteIndex } from './sqlite-index.ts';

/** False for a log that is looked at where nothing may be written: a copy, or another's. */
export function canKeep(dir: string): boolean {
  try {
    makeFolderSync(dir);
    accessSync(dir, constants.W_OK);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

/** @param onRead told of each that was read; a segment of which only a month was missing counts as well */
export async function takeInClosed(
  index: SqliteIndex,
  source: SegmentSource,
  ended: ReadonlySet<string>,
  onRead: (segment: ParsedSegment) => void,
): Promise<void> {
  const closed = (await source.segments()).filter(({ name, isClosed }) => isClosed || ended.has(name));
  const indexed = index.indexed();
  for (const info of closed) {
    if (indexed.has(info.name)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const parsed = await parseSegment(source, info);
    // Else its rows would never come in; the next turn finds it.
    if (parsed.isWhole) index.add(parsed);
    onRead(parsed);
  }
}

/** So that damage of segments is known to their source. @param checked those that were read; more are added */
export async function readThrough(
  source: SegmentSource,
  names: ReadonlySet<string>,
  checked: Set<string>,
): Promise<void> {
  for (const info of await source.segments()) {
    if (!names.has(info.name) || checked.has(info.name)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const { isWhole } = await parseSegment(source, info);
    if (isWhole) checked.add(info.name);
  }
}
