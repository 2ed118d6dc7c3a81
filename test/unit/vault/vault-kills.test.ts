import { describe, expect, it } from 'vitest';
import { killVaultMakers, killVaultWriters } from '../../support/kill-vaults.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

// Hundreds of kills: `npm run soak`.

describe('a process that is killed', () => {
  it('while it changes a vault, leaves one that opens with all that was acknowledged', async () => {
    expect(await killVaultWriters(tempDir(), 5)).toBeGreaterThan(0);
  }, 120_000);

  it('while it makes a vault, leaves none or one, and never something that stands in the way', async () => {
    await expect(killVaultMakers(tempDir(), 4)).resolves.toBeUndefined();
  }, 120_000);
});
