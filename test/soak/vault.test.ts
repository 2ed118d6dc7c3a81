import { describe, expect, it } from 'vitest';
import { killVaultMakers, killVaultWriters } from '../support/kill-vaults.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';

cleanTempDirs();

const kills = Number(process.env['SOAK_KILLS'] ?? 300);

describe('a vault whose process is killed, for long', () => {
  it(`opens after each of ${kills} kills with all that was acknowledged`, async () => {
    expect(await killVaultWriters(tempDir(), kills)).toBeGreaterThan(kills);
  });

  it(`is made or not after each of ${kills} kills in the making, and can be made again`, async () => {
    await expect(killVaultMakers(tempDir(), kills)).resolves.toBeUndefined();
  });
});
