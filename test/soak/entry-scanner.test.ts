/** The scanners of index entries against `JSON.parse`, on a million changed texts; other ones each day. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fuzzSeeds, mutated, randomOf, ScannerPair } from '../support/json-fuzz.ts';

const rounds = Number(process.env['SOAK_ROUNDS'] ?? 1_000_000);

describe('the scanners of index entries, for long', () => {
  it(`agree with JSON.parse on ${rounds} changed texts`, () => {
    const seed = Math.floor(Date.now() / 86_400_000);
    const random = randomOf(seed);
    const pair = new ScannerPair();
    // Some of what is valid is changed again, so that odd ones become odder.
    const seeds = fuzzSeeds.slice();
    for (let round = 0; round < rounds; round += 1) {
      const text = mutated(random, seeds);
      pair.check(text);
      if (text.length < 2000 && random(200) === 0)
        seeds[fuzzSeeds.length + random(200)] = text.toString('latin1');
    }
    expect(rounds).toBeGreaterThan(0);
  });

  it('are what wasm/entries.ts gives', () => {
    const script = join(import.meta.dirname, '../../scripts/wasm.mjs');
    expect(() => execFileSync(process.execPath, [script, '--check'])).not.toThrow();
  });
});
