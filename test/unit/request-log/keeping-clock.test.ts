/** The time by which the request log's retention goes. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import { keepingTime } from '../../../src-main/request-log/keeping-clock.ts';
import { segmentPath, segmentsDir } from '../../../src-main/request-log/segment-files.ts';
import { atMs, identity } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
let dir: string;
beforeEach(() => {
  dir = tempDir();
});

/** Asked on each of these days; tells the day by which retention went. */
async function days(...offsets: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const offset of offsets) {
    // oxlint-disable-next-line no-await-in-loop
    const { nowMs } = await keepingTime(dir, atMs + offset * dayMs);
    found.push(nowMs === 0 ? Number.NaN : (nowMs - atMs) / dayMs);
  }
  return found;
}

describe('the time by which retention goes', () => {
  it('is the clock’s where it goes on as clocks do, also over five weeks of holidays', async () => {
    expect(await days(0, 1, 2.5, 37, 36.5, 71)).toEqual([0, 1, 2.5, 37, 36.5, 71]);
  });

  it('is the last one that was believed, where the clock is years ahead, until it stood there for a week', async () => {
    expect(await days(0, 1000, 1000.5, 1001, 1002, 1003, 1004, 1005)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await keepingTime(dir, atMs + 1005.5 * dayMs)).toEqual({
      nowMs: atMs,
      doubted: { clockMs: atMs + 1005.5 * dayMs, daysLeft: 1 },
    });
    expect(await days(1006, 1007)).toEqual([1006, 1007]);
  });

  it('forgets a clock that was put right', async () => {
    expect(await days(0, 1000, 1001, 1002, 1003, 1004, 1005)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(await days(1, 1006, 1007)).toEqual([1, 1, 1]);
    expect(await days(2, 5000, 1000, 5000, 5001)).toEqual([2, 2, 2, 2, 2]);
  });

  it('goes back with the clock, and takes nothing by that', async () => {
    expect(await days(100, -900, 101)).toEqual([100, -900, 101]);
  });

  it('is nobody’s where only asked', async () => {
    await days(0);
    for (let day = 0; day < 10; day += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect((await keepingTime(dir, atMs + (1000 + day) * dayMs, true)).nowMs).toBe(atMs);
  });

  it('waits a week where nothing is noted and the log is older, and not where it has just begun', async () => {
    mkdirSync(segmentsDir(dir));
    writeFileSync(segmentPath(dir, `${identity.gatewayId}.${atMs}.1`), '');
    expect((await keepingTime(dir, atMs + 34 * dayMs, true)).nowMs).toBe(atMs + 34 * dayMs);
    expect(await days(40, 41, 42, 43, 44, 45, 46)).toEqual([...Array<number>(6).fill(Number.NaN), 46]);
  });

  it('takes no file of somebody else for its own', async () => {
    const elsewhere = join(tempDir(), 'clock');
    for (const text of [
      '',
      '{',
      '{"believedMs":"x"}',
      `{"believedMs":0,"doubtedDays":[${'1,'.repeat(99)}1]}`,
    ]) {
      writeFileSync(join(dir, 'clock.json'), text);
      // oxlint-disable-next-line no-await-in-loop
      expect(await days(0)).toEqual([0]);
    }
    writeFileSync(elsewhere, 'kept');
    const linked = tempDir();
    symlinkSync(elsewhere, join(linked, 'clock.json'));
    expect((await keepingTime(linked, atMs)).nowMs).toBe(atMs);
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept');
  });
});
