import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

describe.skipIf(process.platform === 'win32')('a pipe in the place of any file that is read', () => {
  it('is refused or counts as none, and nobody waits for it', () => {
    const script = join(import.meta.dirname, 'read-pipes.ts');
    const done = spawnSync(process.execPath, [script, tempDir()], { encoding: 'utf8', timeout: 20_000 });
    expect(done.signal, done.stderr).toBeNull();
    expect(JSON.parse(done.stdout)).toEqual({
      'vault.json': 'VAULT_CORRUPT',
      'vault.log': 'FILE_NOT_REGULAR',
      'vault.head': 'read nothing',
      'checkpoints/ada': 'read nothing',
      'heads/AAAAAAAAAAAAAAAAAAAAAA.json': 'VAULT_CORRUPT',
      'settings.json': expect.stringContaining('"idleLockMinutes":15') as string,
      'usage/other.json': 'read nothing',
      'folders.json': 'read []',
      'keychain.json': 'read nothing',
      'window.json': 'read {}',
      'backup.latchkey': 'read {"name":"backup.latchkey","kind":"unreadable","sizeBytes":0}',
      passphrase: 'INVALID_INPUT',
    });
  });
});
