import { readFileSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
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
