import { rmSync } from 'node:fs';
import path from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';
import { escapeText } from '../../../shared/model/text.ts';
import { diskError } from '../../disk/disk-error.ts';
import { readIfThereSync } from '../../disk/read-file.ts';
import type { Disk } from '../../disk/operations.ts';
import { systemDisk } from '../../disk/operations.ts';
import { replaceFileSync } from '../../disk/write-file.ts';
import type { KeychainFile } from '../../services/keychain-port.ts';
import { keychainRecord } from '../../services/keychain-port.ts';
import type { WindowState } from './window-bounds.ts';

/** Both files are a few hundred bytes. */
const maxBytes = 64 * 1024;

/** `keychain.json`: what the operating system's keychain sealed. Of no use to another user or computer. */
export function openKeychainFile(dataDir: string, disk: Disk = systemDisk): KeychainFile {
  const file = path.join(dataDir, 'keychain.json');
  return {
    read: () => {
      // Not readable or no longer JSON: as good as gone, and the passphrase still opens the vault.
      const parsed = keychainRecord.safeParse(readJson(file, disk));
      return parsed.success ? parsed.data : undefined;
    },
    write: (record) => void replaceFileSync(file, JSON.stringify(record), { mode: 0o600, disk }),
    remove: () => {
      try {
        rmSync(file, { force: true });
      } catch (cause) {
        throw diskError('FILE_NOT_WRITABLE', 'remove', file, cause, 'unchanged');
      }
    },
  };
}

/** `window.json`: where the window was. Lost without harm. */
export function openWindowFile(
  dataDir: string,
  disk: Disk = systemDisk,
): {
  read: () => { bounds?: unknown; isMaximized?: unknown };
  write: (state: WindowState) => void;
} {
  const file = path.join(dataDir, 'window.json');
  return {
    read: () => {
      const json = readJson(file, disk);
      return typeof json === 'object' && json !== null ? json : {};
    },
    write: (state) => {
      try {
        replaceFileSync(file, JSON.stringify(state), { mode: 0o600, disk });
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        console.error('latchkey: the window position could not be kept:', escapeText(error.message));
      }
    },
  };
}

function readJson(file: string, disk: Disk): unknown {
  try {
    const bytes = readIfThereSync(file, { maxBytes, disk });
    return bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof LatchkeyError) && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
