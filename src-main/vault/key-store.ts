/**
 * `vault.json` and its verified copy. Invariant: key slots cannot be rebuilt, so a file that does not validate is never
 * cleared and never overwritten before it was kept; at every moment at least one of the two files on disk is whole.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Conf from 'conf';
import { LatchkeyError } from '../../shared/errors.ts';
import type { KeyStore, VaultFile } from './types.ts';
import { vaultFile } from './types.ts';

/** The part of conf, and of electron-store on top of it, that is used. */
export type JsonStore = { readonly path: string; store: Record<string, unknown> };

/**
 * Opens `vault.json` in a folder.
 * @param makeStore makes the store; the desktop app hands in electron-store, everybody else gets conf on the same file
 */
export function openKeyStore(dir: string, makeStore: (dir: string) => JsonStore = confStore): KeyStore {
  const path = join(dir, 'vault.json');
  const copyPath = join(dir, 'vault.backup.json');
  let restored = false;

  return {
    read: () => {
      restored = false;
      const main = readVaultFile(path);
      if (main.state === 'whole') return main.file;
      const copy = readVaultFile(copyPath);
      if (copy.state === 'whole') {
        restored = true;
        return copy.file;
      }
      if (main.state === 'missing' && copy.state === 'missing') return undefined;
      throw new LatchkeyError(
        'VAULT_CORRUPT',
        'vault.json is damaged, and so is its copy vault.backup.json. Nothing was changed. Restore one of them from a backup of your own.',
        { details: { path }, cause: main.state === 'damaged' ? main.cause : undefined },
      );
    },
    write: (file) => {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      keepDamaged(path);
      makeStore(dir).store = vaultFile.parse(file);
      // A copy is only a copy once it was read back.
      writeDurably(copyPath, JSON.stringify(file, undefined, 2));
      syncFolder(dir);
      for (const written of [path, copyPath]) {
        if (readVaultFile(written).state !== 'whole') {
          throw new LatchkeyError('VAULT_UNAVAILABLE', `${written} could not be written. Check the disk.`, {
            details: { path: written },
          });
        }
      }
    },
    wasRestored: () => restored,
  };
}

function confStore(dir: string): JsonStore {
  return new Conf({
    cwd: dir,
    configName: 'vault',
    projectName: 'latchkey',
    // Never: it replaces a file that does not validate by defaults, without a copy.
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
}

type Read =
  | { readonly state: 'missing' }
  | { readonly state: 'whole'; readonly file: VaultFile }
  | { readonly state: 'damaged'; readonly cause: unknown };

function readVaultFile(path: string): Read {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { state: 'missing' };
    throw new LatchkeyError(
      'VAULT_UNAVAILABLE',
      `${path} cannot be read. Check its permissions and the disk.`,
      {
        details: { path },
        cause,
      },
    );
  }
  try {
    return { state: 'whole', file: vaultFile.parse(JSON.parse(text)) };
  } catch (cause) {
    return { state: 'damaged', cause };
  }
}

/** Puts a damaged main file aside before a whole one takes its place. */
function keepDamaged(path: string): void {
  if (readVaultFile(path).state !== 'damaged') return;
  let count = 1;
  while (existsSync(`${path}.damaged-${count}`)) count += 1;
  copyFileSync(path, `${path}.damaged-${count}`);
  renameSync(path, `${path}.damaged-${count}`);
}

function writeDurably(path: string, text: string): void {
  const temporary = join(dirname(path), `.${process.pid}.vault.tmp`);
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
}

/** Makes a rename or a new file survive a power cut. Windows has no such call. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
