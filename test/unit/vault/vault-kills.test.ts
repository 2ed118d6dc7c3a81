import { describe, expect, it } from 'vitest';
import { killVaultMakers, killVaultWriters } from '../../support/kill-vaults.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

describe('a process that is killed', () => {
  it('while it changes a vault, leaves one that opens with all that was acknowledged', async () => {
    // Some die before their first change: of so many, one in a thousand runs has fewer changes than kills.
    expect(await killVaultWriters(tempDir(), 24)).toBeGreaterThan(24);
  }, 120_000);

  it('while it makes a vault, leaves none or one, and never something that stands in the way', async () => {
    await expect(killVaultMakers(tempDir(), 8)).resolves.toBeUndefined();
  }, 120_000);
});
