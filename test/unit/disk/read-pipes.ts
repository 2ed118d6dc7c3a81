/**
 * A process that meets a pipe, with a writer that never writes, wherever the program reads a file: `node read-pipes.ts
 * DIR`. It prints what each place answered. Whoever blocks on one is noticed by whoever started this.
 */
import { execFileSync } from 'node:child_process';
import { constants, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSecret } from '../../../src-main/cli/passphrase.ts';
import { describeBackupFile } from '../../../src-main/hosts/electron/backup-file.ts';
import { openKeychainFile, openWindowFile } from '../../../src-main/hosts/electron/kept-files.ts';
import { openFolderMap } from '../../../src-main/services/folder-map.ts';
import { openSettings } from '../../../src-main/services/settings-store.ts';
import { openUsage } from '../../../src-main/services/usage.ts';
import { openCheckpoints } from '../../../src-main/vault/checkpoint-files.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { openHeadCopies } from '../../../src-main/vault/head-copy-file.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { vaultId } from '../vault/key-support.ts';

const [dir = ''] = process.argv.slice(2);

/** What is read, and in whose place the pipe stands. */
const places: Record<string, (dir: string) => unknown> = {
  'vault.json': () => openKeyStore(dir).read(),
  'vault.log': async () => {
    const lines = [];
    for await (const line of openFileBackend(dir).read({ seq: 0 })) lines.push(line);
    return lines;
  },
  'vault.head': () => openFileBackend(dir).head(),
  'checkpoints/ada': () => openCheckpoints(dir).read('ada'),
  [`heads/${vaultId}.json`]: () => openHeadCopies(dir).read(vaultId),
  'settings.json': () => openSettings(dir).read(),
  'usage/other.json': () => {
    const usage = openUsage(dir, 'app');
    usage.refresh();
    return usage.get('abcdefgh' as TokenId);
  },
  'folders.json': () => openFolderMap(dir).entries(),
  'keychain.json': () => openKeychainFile(dir).read(),
  'window.json': () => openWindowFile(dir).read(),
  'backup.latchkey': () => describeBackupFile(join(dir, 'backup.latchkey')),
  passphrase: () => readSecret({ file: join(dir, 'passphrase') }, 'passphrase', '--passphrase'),
};

const answers: Record<string, string> = {};
for (const [name, read] of Object.entries(places)) {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  execFileSync('mkfifo', [path]);
  // Kept open, so that a reader would wait for what is never written.
  openSync(path, constants.O_RDWR);
  try {
    // oxlint-disable-next-line no-await-in-loop
    answers[name] = `read ${JSON.stringify(await read(dir)) ?? 'nothing'}`;
  } catch (error) {
    answers[name] = String((error as { code?: string }).code);
  }
}
process.stdout.write(JSON.stringify(answers));
process.exit(0);
