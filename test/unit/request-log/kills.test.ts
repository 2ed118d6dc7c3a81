import { expect, it } from 'vitest';
import { liveRuns } from '../../../src-main/request-log/run-lock.ts';
import { killPrune } from '../../support/kill-prune.ts';
import { killRequestLogs } from '../../support/kill-request-logs.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

it('loses nothing that was acknowledged when its writers are killed, two at a time in one folder', async () => {
  const dir = tempDir();
  await killRequestLogs(dir, 4, 2);
  expect(await liveRuns(dir)).toEqual([]);
});

it('has every segment, or says that it went, when who packs and retires them is killed', async () => {
  expect(await killPrune(tempDir, 3)).toBeGreaterThan(0);
});
