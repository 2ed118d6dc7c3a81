import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { describeBackend } from './backend-conformance.ts';

cleanTempDirs();

describeBackend('the log as a file', () => {
  const dir = tempDir();
  const path = join(dir, 'vault.log');
  return {
    open: () => openFileBackend(dir),
    moveAway: () => renameSync(path, `${path}.away`),
    putBack: () => renameSync(`${path}.away`, path),
    shortenTo: (lines) => {
      const kept = readFileSync(path, 'utf8').split('\n').slice(0, lines);
      truncateSync(path, Buffer.byteLength(kept.map((line) => `${line}\n`).join('')));
    },
  };
});

it.skipIf(process.platform === 'win32')('takes what is no head in any form for none', async () => {
  const path = join(tempDir(), 'vault.head');
  const backend = openFileBackend(join(path, '..'));
  const others = [
    () => mkdirSync(path),
    () => execFileSync('mkfifo', [path]),
    () => symlinkSync(path, path),
    () => writeFileSync(path, 'x'.repeat(100_000)),
  ];
  for (const make of others) {
    make();
    expect(await backend.head()).toBeUndefined();
    rmSync(path, { recursive: true });
  }
});
