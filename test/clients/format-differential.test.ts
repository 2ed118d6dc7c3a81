/** Two implementations of one page, set upon the same logs: whatever one does, the other has to do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import { parseEvents } from '../../src-main/organization/events.ts';
import { oddEvents, placedAt } from '../support/odd-events.ts';
import { readByBoth } from '../support/read-by-both.ts';
import { cleanTempDirs } from '../support/temp-dir.ts';
import { readByApp, VectorForge, vectorLines } from '../support/vector-forge.ts';
import { people, startMs, vaultId } from '../vectors/vault-v1-lines.ts';

cleanTempDirs();

const { ada, lena, otto, aude } = people;
const signers = fc.constantFrom(ada, ada, ada, ada, ada, ada, lena, lena, lena, otto, aude);

describe('app and independent reader', () => {
  it('make the same state, and the same void lines, of random events', async () => {
    const forge = new VectorForge();
    let { state } = await readByApp(vectorLines);
    let logTimeMs = startMs + (vectorLines.length - 1) * 3_600_000;
    const line = fc.record({
      signer: signers,
      events: oddEvents,
      hours: fc.constantFrom(0, 0, 0, 0, -5, 400),
    });
    const seed = Number(process.env['LATCHKEY_TEST_SEED'] ?? 16);
    for (const { signer, events, hours } of fc.sample(line, { seed, numRuns: 1500 })) {
      const atMs = forge.atMs + hours * 3_600_000;
      const placed = placedAt(events, atMs);
      const parsed = parseEvents({ events: placed });
      const context = { vaultId, seq: forge.lines.length, atMs, logTimeMs, signer: signer.id };
      const verdict = parsed.ok ? organizationDomain.applyLine(state, parsed.events, context) : undefined;
      const clear = parsed.ok ? organizationDomain.clearOf(state, parsed.events, context) : {};
      forge.append(signer, { events: placed, clear, atMs });
      if (verdict?.ok !== true) continue;
      state = verdict.state;
      logTimeMs = Math.max(logTimeMs, atMs);
    }
    const { app, python } = await readByBoth(forge.lines);
    expect(python).toMatchObject(app);
    // Enough of both, so that it proves something.
    const voidCount = (app['void'] as unknown[]).length;
    expect(voidCount).toBeGreaterThan(300);
    expect(forge.lines.length - voidCount).toBeGreaterThan(100);
  });
});
