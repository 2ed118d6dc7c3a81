import { describe, expect, it } from 'vitest';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { appendTogether, killWriters, mustHold } from '../../support/writer-crowd.ts';

cleanTempDirs();

describe('several processes on one log', () => {
  it('append at once: every line is there once, in one chain', async () => {
    const dir = tempDir();
    const acks = await appendTogether(dir, 4, 50);
    expect(acks.size).toBe(200);
    expect(await mustHold(dir, acks)).toHaveLength(200);
  }, 120_000);

  it('are killed while they append: what was acknowledged is there, and the next one goes on', async () => {
    expect(await killWriters(tempDir(), 20)).toBeGreaterThan(20);
  }, 120_000);
});
