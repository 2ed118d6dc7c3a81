import { describe, expect, it } from 'vitest';
import { killCacheWriters } from '../../support/kill-cache-writers.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

describe('several processes on one package cache', () => {
  it('are killed while they fill it: what is found is whole, and what was acknowledged is found', async () => {
    expect(await killCacheWriters(tempDir(), 8)).toBeGreaterThan(8);
  }, 120_000);

  it('are killed while they evict and purge what the other fills: what is found is whole', async () => {
    expect(await killCacheWriters(tempDir(), 4, 500_000)).toBeGreaterThan(0);
  }, 120_000);
});
