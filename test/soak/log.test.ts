import { execFileSync } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { lineOf, readAll } from '../support/log-lines.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';
import { appendTogether, killWriters, mustHold } from '../support/writer-crowd.ts';

cleanTempDirs();

const kills = Number(process.env['SOAK_KILLS'] ?? 300);

describe('the log file, for long', () => {
  it(`keeps what was acknowledged over ${kills} kills`, async () => {
    expect(await killWriters(tempDir(), kills)).toBeGreaterThan(kills);
  });

  it('keeps one chain of 8 writers with 250 lines each', async () => {
    const dir = tempDir();
    const acks = await appendTogether(dir, 8, 250);
    expect(acks.size).toBe(2_000);
    expect(await mustHold(dir, acks)).toHaveLength(2_000);
  });

  it('is read at 600 MB, more than one string can hold, by a process with little memory', async () => {
    const dir = tempDir();
    const path = join(dir, 'vault.log');
    const count = 60;
    const part = Array.from({ length: 1_000 }, (_, index) => `${lineOf(index, 7_500)}\n`).join('');
    for (let round = 0; round < count; round += 1) appendFileSync(path, part);
    expect(statSync(path).size).toBeGreaterThan(600_000_000);
    const script = join(import.meta.dirname, '..', 'support', 'count-lines.ts');
    const output = execFileSync(process.execPath, ['--max-old-space-size=64', script, dir], {
      encoding: 'utf8',
    });
    const { lines, peakMiB } = JSON.parse(output) as { lines: number; peakMiB: number };
    expect(lines).toBe(count * 1_000);
    expect(peakMiB).toBeLessThan(300);
    const backend = openFileBackend(dir);
    await backend.append(lines, [lineOf('one more')], 'head');
    expect(await readAll(backend, { seq: lines })).toHaveLength(1);
  });
});
