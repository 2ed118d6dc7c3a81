import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inUseForMs, PackagesInUse } from '../../../src-main/services/packages-in-use.ts';

let dir: string;
let nowMs: number;
const open = (instance: string) => new PackagesInUse(dir, instance, () => nowMs);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-in-use-'));
  nowMs = Date.now();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const flask = { ecosystem: 'pypi', name: 'flask' } as const;

describe('packages in use', () => {
  it('are remembered with their last versions, across processes and restarts', () => {
    const app = open('app');
    app.record([{ ...flask, lastAtMs: nowMs - 2 }]);
    app.record([{ ...flask, version: '1.0', lastAtMs: nowMs - 1 }]);
    app.flush();
    const gateway = open('gateway-8700');
    gateway.record([{ ...flask, version: '2.0', lastAtMs: nowMs }]);
    gateway.flush();
    expect(open('cli').all()).toEqual([{ ...flask, lastAtMs: nowMs, versions: ['2.0', '1.0'] }]);
    expect(open('app').all()).toHaveLength(1);
  });

  it('go after 90 days, and the longest unused first where there are too many', () => {
    const app = open('app');
    app.record([{ ...flask, lastAtMs: nowMs }]);
    nowMs += inUseForMs + 1;
    expect(app.all()).toEqual([]);
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      ecosystem: 'conda' as const,
      name: `x${index}`,
      lastAtMs: nowMs,
    }));
    app.record(many);
    expect(app.all()).toHaveLength(20_000);
    app.record(
      Array.from({ length: 30 }, (_, index) => ({ ...flask, version: `${index}`, lastAtMs: nowMs })),
    );
    const found = app.all().find(({ name }) => name === 'flask');
    expect(found?.versions).toHaveLength(20);
    expect(app.all().some(({ name }) => name === 'x0')).toBe(false);
  });

  it('count as none where a file is damaged, and hold nothing but names and versions', () => {
    const app = open('app');
    app.record([{ ...flask, version: '1.0', lastAtMs: nowMs }]);
    app.flush();
    const path = join(dir, 'in-use/app.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      { ...flask, lastAtMs: nowMs, versions: ['1.0'] },
    ]);
    for (const text of ['{', '['.repeat(100_000), '{"a":1}', '[{"name":7}]', '']) {
      writeFileSync(path, text);
      expect(open('app').all()).toEqual([]);
    }
  });
});
