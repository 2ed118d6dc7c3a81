import { expect, it } from 'vitest';
import { liveRuns } from '../../src-main/request-log/run-lock.ts';
import { killPrune } from '../support/kill-prune.ts';
import { killRequestLogs } from '../support/kill-request-logs.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';

cleanTempDirs();

/** A start takes half a second of a processor; on a busy machine it took most of an hour. */
const timeoutMs = 2 * 60 * 60_000;

it(
  'loses nothing that was acknowledged when its writers are killed 240 times, two at a time in one folder',
  async () => {
    const dir = tempDir();
    await killRequestLogs(dir, 240, 2);
    expect(await liveRuns(dir)).toEqual([]);
  },
  timeoutMs,
);

it(
  'has every segment, or says that it went, when who packs and retires them is killed 200 times',
  async () => {
    expect(await killPrune(tempDir, 200)).toBeGreaterThan(100);
  },
  timeoutMs,
);
