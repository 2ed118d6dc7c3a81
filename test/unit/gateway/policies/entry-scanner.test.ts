/** The scanners of index entries, in WebAssembly and in TypeScript, against `JSON.parse`. The long form is a soak test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newHashKey } from '../../../../src-main/gateway/documents/name-hash.ts';
import { ScriptScanner } from '../../../../src-main/gateway/index-store/entries-scan.ts';
import { WasmScanner } from '../../../../src-main/gateway/index-store/entries-wasm.ts';
import {
  fuzzSeeds,
  fuzzSubdir,
  mutated,
  parsed,
  randomOf,
  ScannerPair,
  takesValue,
} from '../../../support/json-fuzz.ts';

const suite = join(import.meta.dirname, '../../../fixtures/json-suite');
const files = readdirSync(suite).map((name) => [name, readFileSync(join(suite, name))] as const);

describe.each([
  ['WebAssembly', () => new WasmScanner()],
  ['TypeScript', () => new ScriptScanner()],
])('the scanner in %s', (_what, make) => {
  const scanner = make();
  scanner.begin(newHashKey(), fuzzSubdir);

  it('agrees with JSON.parse on every file of the suite, wherever it stands', () => {
    expect(files.length).toBeGreaterThan(180);
    for (const [name, text] of files) {
      expect([name, takesValue(scanner, text)]).toEqual([name, name.startsWith('y-')]);
      for (const [before, after] of [
        ['[', ']'],
        ['{"x":', '}'],
        ['{"a-1-0.conda":{"name":"a","version":"1","build":"0","x":', ',"y":1}}'],
        ['{"a":[1,', ',{}]}'],
        ['"', '"'],
        ['{"', '":1}'],
      ] as const) {
        const within = Buffer.concat([Buffer.from(before), text, Buffer.from(after)]);
        expect([name, before, takesValue(scanner, within)]).toEqual([
          name,
          before,
          parsed(within) !== undefined,
        ]);
      }
    }
  });

  it('gives up where values are nested deeper than 512 times, not later', () => {
    const deep = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(takesValue(scanner, deep(512))).toBe(true);
    expect(takesValue(scanner, deep(513))).toBe(false);
    expect(takesValue(scanner, deep(2_000_000))).toBe(false);
  });
});

describe('both scanners', () => {
  it('agree with JSON.parse, with each other and with readRecord on thousands of changed texts', () => {
    const pair = new ScannerPair();
    for (const seed of fuzzSeeds) pair.check(Buffer.from(seed));
    for (const [, text] of files) pair.check(text);
    const random = randomOf(20);
    for (let round = 0; round < 15_000; round += 1) pair.check(mutated(random, fuzzSeeds));
    expect(pair.checked).toBeGreaterThan(15_000);
  });
});
