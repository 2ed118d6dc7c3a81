/** How long and how large the request log is kept, as it is told: what would go, what went for room, what it will take. */
import type { z } from 'zod';
import type { logPruned, logStatus, retentionPreview } from '../../shared/contract/log-views.ts';
import type { Retention } from '../../shared/model/log-keeping.ts';
import { daysOfField, maxBytesOf } from '../../shared/model/log-keeping.ts';
import { dayMs } from '../../shared/model/time.ts';
import { keepingTime } from '../request-log/keeping-clock.ts';
import { makeRoom } from '../request-log/make-room.ts';
import { readRetired } from '../request-log/retired-file.ts';
import { retireSegments } from '../request-log/retire-segments.ts';
import { listSegments, personFields } from '../request-log/segment-files.ts';
import type { SegmentSizes } from '../request-log/segment-sizes.ts';
import type { StoreSizes } from '../request-log/store/row-store.ts';
import { definedOnly } from './log-row-views.ts';

/** @param dir of the request log */
export async function planPrune(
  dir: string,
  retention: Retention,
  clockMs: number,
): Promise<z.infer<typeof logPruned>> {
  const { nowMs, doubted } = await keepingTime(dir, clockMs, true);
  const plan = await retireSegments(dir, { ...retention, nowMs, isPlan: true });
  // What goes by its age makes room already.
  const maxBytes = maxBytesOf(retention) + plan.bytes;
  const forRoom = await makeRoom(dir, { maxBytes, nowMs, isPlan: true });
  return { ...plan, ...definedOnly({ forRoom, doubtedClock: doubted }) };
}

/** More say nothing more. */
const maxAside = 20;

export async function logKeepingView(
  dir: string,
  retention: Retention,
  clockMs: number,
): Promise<
  Pick<z.infer<typeof logStatus>, 'maxBytes' | 'roomToMs' | 'doubtedClock' | 'aside' | 'asideCount'>
> {
  const [{ doubted }, retired, segments] = await Promise.all([
    keepingTime(dir, clockMs, true),
    readRetired(dir),
    listSegments(dir),
  ]);
  const aside = segments.flatMap((one) => one.aside ?? []);
  const keptFromMs = clockMs - retention.rowsDays * dayMs;
  let roomToMs: number | undefined;
  for (const { why, endMs } of retired.values())
    if (why === 'room' && endMs >= keptFromMs) roomToMs = Math.max(roomToMs ?? 0, endMs);
  const known = {
    maxBytes: maxBytesOf(retention),
    aside: aside.slice(0, maxAside),
    asideCount: aside.length,
  };
  return { ...known, ...definedOnly({ roomToMs, doubtedClock: doubted }) };
}

/** Of a segment's bytes when it is packed: measured, with what is sealed in it. */
const packedPart = 0.3;

type Measured = {
  readonly sizes: StoreSizes;
  readonly files: SegmentSizes;
  readonly now: Retention;
  readonly next: Retention;
  readonly nowMs: number;
};

/** What another retention will take, going by what the days so far took, and what it takes away. */
export function previewOf({
  sizes: { added },
  files,
  now,
  next,
  nowMs,
}: Measured): z.infer<typeof retentionPreview> {
  const [rowsDays, rollupDays] = [added.rowsOf.length, added.rollupOf.length];
  const perDay = (bytes: number, days: number) => Math.round(bytes / Math.max(1, days));
  const segmentBytes = files.packed + files.plain * packedPart + files.keys;
  const rowsBytes = perDay(added.rowsBytes + segmentBytes, rowsDays);
  const personalBytes = personFields.reduce((sum, field) => {
    const days = daysOfField[field];
    return sum + perDay(files[field], Math.min(rowsDays, now[days])) * next[days];
  }, 0);
  const rollupBytes = perDay(added.rollupBytes, rollupDays);
  const today = Math.floor(nowMs / dayMs);
  const gone = (days: readonly number[], kept: number) => days.filter((day) => day < today - kept).length;
  const maxBytes = maxBytesOf({ ...now, ...next });
  const isFull = rowsBytes * next.rowsDays > maxBytes;
  const rowsGone = gone(added.rowsOf, next.rowsDays);
  const forRoom = Math.max(0, rowsBytes * (rowsDays - rowsGone) - maxBytes);
  return {
    rowsBytes: Math.min(rowsBytes * next.rowsDays, maxBytes),
    maxBytes,
    ...(isFull ? { fullAfterDays: Math.floor(maxBytes / rowsBytes) } : {}),
    personalBytes,
    rollupBytes: rollupBytes * next.rollupDays,
    measuredDays: Math.max(rowsDays, rollupDays),
    goneBytes: rowsBytes * rowsGone + forRoom + rollupBytes * gone(added.rollupOf, next.rollupDays),
  };
}
