import { describe, expect, it } from 'vitest';
import { killCacheWriters } from '../support/kill-cache-writers.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';

cleanTempDirs();

const kills = Number(process.env['SOAK_KILLS'] ?? 300);

describe('the package cache, for long', () => {
  it(`serves nothing half and loses nothing over ${kills} kills`, async () => {
    expect(await killCacheWriters(tempDir(), kills)).toBeGreaterThan(kills);
  });

  it(`is whole after each of ${kills} kills of processes that evict and purge each other's files`, async () => {
    expect(await killCacheWriters(tempDir(), kills, 500_000)).toBeGreaterThan(kills);
  });
});
