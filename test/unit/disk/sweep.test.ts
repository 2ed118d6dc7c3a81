import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepTemporaryFiles } from '../../../src-main/disk/sweep.ts';
import { replaceFileSync } from '../../../src-main/disk/write-file.ts';
import { faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

it('sweeps what a killed process left of a write, an hour later, and nothing else', () => {
  const dir = tempDir();
  const { calls, disk } = faultyDisk();
  replaceFileSync(join(dir, 'kept.json'), 'x', { mode: 0o600, disk });
  const killed = faultyDisk({ at: calls.indexOf('rename'), code: 'CRASH' }).disk;
  expect(() => replaceFileSync(join(dir, 'kept.json'), 'y', { mode: 0o600, disk: killed })).toThrow(
    'kept.json',
  );
  for (const name of ['.mine.tmp', 'notes.tmp', '.x.0123456789ab.tmp.bak'])
    writeFileSync(join(dir, name), '');
  const before = readdirSync(dir);
  expect(before).toHaveLength(5);
  for (const name of before) utimesSync(join(dir, name), 1_000, 1_000);
  sweepTemporaryFiles([dir, join(dir, 'missing')], 1_000_000 + 60_000);
  expect(readdirSync(dir)).toEqual(before);
  sweepTemporaryFiles([dir], 1_000_000 + 3_600_001);
  expect(readdirSync(dir).toSorted()).toEqual([
    '.mine.tmp',
    '.x.0123456789ab.tmp.bak',
    'kept.json',
    'notes.tmp',
  ]);
});
