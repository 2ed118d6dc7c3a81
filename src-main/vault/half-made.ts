/**
 * What stands in a folder before anything is opened, and how a half-made organization goes. Invariant: nothing is ever
 * deleted here; what an interrupted `init` left is put aside, and only when a new one is made in its place.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { withFileLock } from '../disk/file-lock.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readHeadSync } from '../disk/read-file.ts';
import { setAside } from '../disk/set-aside.ts';
import type { KeyStore } from './vault-file.ts';

/**
 * `half-made`: keys without a log or a log without keys, as a full disk leaves them; making an organization again takes
 * their place. A finished vault.json whose log is gone is `present`: unlocking says what is missing.
 */
export type VaultPresence = 'none' | 'present' | 'damaged' | 'half-made';

/** The first line is a few kilobytes long. */
const firstLineBytes = 1024 * 1024;
const newline = 0x0a;
/** In this order, so that keys without a log are what is left if the power goes between. */
const halves = ['vault.head', 'vault.log', 'vault.backup.json', 'vault.json'];

/** What there is in a folder, without opening it. @throws LatchkeyError VAULT_UNAVAILABLE */
export function vaultPresence(dir: string, keyStore: KeyStore, disk: Disk = systemDisk): VaultPresence {
  try {
    const keys = keyStore.read();
    if (keys === undefined) return halves.some((name) => existsSync(join(dir, name))) ? 'half-made' : 'none';
    return keys.file.unfinished === true && !hasLine(dir, disk) ? 'half-made' : 'present';
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code === 'VAULT_NEEDS_NEWER_VERSION') return 'present';
    if (error.code !== 'VAULT_CORRUPT') throw error;
    return hasLine(dir, disk) ? 'damaged' : 'half-made';
  }
}

/**
 * Puts what a half-made organization left aside, as `<name>.half-made-<n>`.
 * @returns the new paths; none when there is nothing half-made (any more)
 * @throws LatchkeyError VAULT_BUSY, LOCK_UNSUPPORTED, VAULT_UNAVAILABLE
 */
export async function clearHalfMade(
  dir: string,
  keyStore: KeyStore,
  disk: Disk = systemDisk,
): Promise<readonly string[]> {
  if (vaultPresence(dir, keyStore, disk) !== 'half-made') return [];
  return withFileLock(join(dir, 'vault.lock'), { disk }, async () => {
    // Looked at again: another process may have finished it meanwhile.
    if (vaultPresence(dir, keyStore, disk) !== 'half-made') return [];
    const moved: string[] = [];
    for (const name of halves) {
      // oxlint-disable-next-line no-await-in-loop
      const aside = await setAside(join(dir, name), 'half-made', { code: 'VAULT_UNAVAILABLE', disk });
      if (aside !== undefined) moved.push(aside);
    }
    return moved;
  });
}

/** Whether the log has its first line. */
function hasLine(dir: string, disk: Disk): boolean {
  try {
    const { bytes } = readHeadSync(join(dir, 'vault.log'), {
      maxBytes: firstLineBytes,
      code: 'VAULT_UNAVAILABLE',
      disk,
    });
    return bytes.includes(newline);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    // A folder or a pipe of that name is no log; it is put aside like one.
    if (error.code === 'FILE_NOT_REGULAR') return false;
    if (
      error.code === 'VAULT_UNAVAILABLE' &&
      'reason' in error.details &&
      error.details.reason === 'ENOENT'
    ) {
      return false;
    }
    throw error;
  }
}
