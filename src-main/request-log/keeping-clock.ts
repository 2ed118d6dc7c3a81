/**
 * The time by which retention goes. Invariant: nothing goes by a time that this folder did not see come. A clock that is
 * more than five weeks ahead of the last time that was believed is believed after it stood there on seven days; until
 * then only what is too old by the earlier time goes. A clock that is set back takes nothing.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { dayMs } from '../../shared/model/time.ts';
import { readIfThere } from '../disk/read-file.ts';
import { replaceFile } from '../disk/write-file.ts';
import { listSegments } from './segment-files.ts';

/** A computer that was off over the holidays keeps the retention at once. */
const believedStepMs = 35 * dayMs;
/** Whoever set a clock wrong on a Friday sees it on Monday, as no token is valid any more. */
const believedAfterDays = 7;

const stored = z.object({
  believedMs: z.number(),
  /** Days, since the epoch, on which another clock was seen. */
  doubtedDays: z.array(z.number()).max(believedAfterDays).default([]),
});
type Stored = z.infer<typeof stored>;

/** A clock that is too far ahead to be believed. */
export type DoubtedClock = {
  /** What it says. */
  readonly clockMs: number;
  /** Days on which it has yet to be seen. */
  readonly daysLeft: number;
};
export type KeepingTime = { readonly nowMs: number; readonly doubted?: DoubtedClock };

/**
 * @param dir of the request log, which is there
 * @param clockMs what the clock says
 * @param isOnlyAsked what was seen is not noted
 */
export async function keepingTime(dir: string, clockMs: number, isOnlyAsked = false): Promise<KeepingTime> {
  const before = await readStored(dir);
  const after = following(before ?? (await firstOf(dir, clockMs)), clockMs);
  if (!isOnlyAsked && JSON.stringify(after) !== JSON.stringify(before)) await note(dir, after);
  const { believedMs, doubtedDays } = after;
  if (clockMs <= believedMs) return { nowMs: clockMs };
  return { nowMs: believedMs, doubted: { clockMs, daysLeft: believedAfterDays - doubtedDays.length } };
}

function following({ believedMs, doubtedDays }: Stored, clockMs: number): Stored {
  if (isStep(believedMs, clockMs)) return { believedMs: clockMs, doubtedDays: [] };
  const day = Math.floor(clockMs / dayMs);
  const isSame = isStep((doubtedDays.at(-1) ?? Number.NEGATIVE_INFINITY) * dayMs, clockMs);
  const days = [...new Set([...(isSame ? doubtedDays : []), day])];
  return days.length < believedAfterDays
    ? { believedMs, doubtedDays: days }
    : { believedMs: clockMs, doubtedDays: [] };
}

const isStep = (fromMs: number, toMs: number): boolean =>
  toMs - fromMs >= -dayMs && toMs - fromMs <= believedStepMs;

/** Where nothing was noted yet: a log that has just begun has nothing to lose; an older one waits. */
async function firstOf(dir: string, clockMs: number): Promise<Stored> {
  const isNew = (await listSegments(dir)).every(({ run }) => isStep(run, clockMs));
  return { believedMs: isNew ? clockMs : 0, doubtedDays: [] };
}

async function note(dir: string, clock: Stored): Promise<void> {
  try {
    await replaceFile(pathOf(dir), `${JSON.stringify(clock)}\n`, { mode: 0o600, refuseLink: true });
  } catch (error) {
    // On a full disk, what is too old goes all the more; a clock that is doubted stays so.
    if (!(error instanceof LatchkeyError)) throw error;
  }
}

async function readStored(dir: string): Promise<Stored | undefined> {
  const bytes = await readIfThere(pathOf(dir), { maxBytes: 4096, refuseLink: true }).catch(() => undefined);
  try {
    return bytes === undefined ? undefined : stored.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // Somebody's hand: as if nothing had been noted.
    return undefined;
  }
}

const pathOf = (dir: string): string => join(dir, 'clock.json');
