import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHeadCopies } from '../../src-main/vault/head-copy-file.ts';
import { openVault } from '../../src-main/vault/vault.ts';
import { partsIn } from './organization-vault.ts';

/**
 * Seals the keys of a folder's vault anew, under the same passphrase at the least cost that the product takes: each
 * command of a test that follows derives its key in a fifth of the time, and through the same code.
 */
export async function cheapenPassphrase(dir: string, passphrase: string): Promise<void> {
  const copies = mkdtempSync(join(tmpdir(), 'latchkey-copies-'));
  const { vault } = await openVault({ ...partsIn(dir), headCopies: openHeadCopies(copies) }, { passphrase });
  await vault.changePassphrase(passphrase, passphrase);
  await vault.lock();
  rmSync(copies, { recursive: true, force: true });
}
