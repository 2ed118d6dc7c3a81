import { describe, expect, it } from 'vitest';
import { openRowStore } from '../../src-main/request-log/store/log-store.ts';
import { environmentName, fileNo, GeneratedSegments, tokenName } from '../bench/log/generated-segments.ts';
import { killTakeIn } from '../support/kill-take-in.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';

cleanTempDirs();

const kills = Number(process.env['SOAK_KILLS'] ?? 200);
const rows = Number(process.env['SOAK_LOG_ROWS'] ?? 50_000_000);
/** Where `bench -- --only log` left them, with BENCH_LOG_DIR; else they are made, in half an hour of a processor. */
const made = process.env['BENCH_LOG_DIR'];
const timeoutMs = 4 * 60 * 60_000;

describe('the store of the request log, for long', () => {
  it(`takes each segment in once over ${kills} kills`, { timeout: timeoutMs }, async () => {
    expect(await killTakeIn(tempDir(), kills)).toBeGreaterThan(kills / 2);
  });

  it(`answers at ${rows} rows, within the time that a question has`, { timeout: timeoutMs }, async () => {
    const store = openRowStore({ dir: made ?? tempDir(), source: new GeneratedSegments(rows) });
    try {
      const report = await store.index();
      const sizes = await store.sizes();
      if (made === undefined) expect(report.rows).toBe(sizes.rows);
      expect(sizes.rows).toBeGreaterThanOrEqual(rows);
      const { sha256, ecosystem, name } = fileNo(0, 0);
      const answers = await Promise.all([
        store.rows({ tokenId: tokenName(0) }),
        store.whoHas({ sha256 }),
        store.whoHas({ ecosystem, name }),
        store.refusals(),
        store.installed({ environmentId: environmentName(0) }),
      ]);
      for (const { items } of answers) expect(items).toHaveLength(100);
      const uses = await store.tokenUses(undefined, { limit: 1000 });
      expect(uses.items.length).toBeGreaterThan(100);
    } finally {
      store.close();
    }
  });
});
