import path from 'node:path';
import { rmSync } from 'node:fs';
import ElectronStore from 'electron-store';
import { escapeText } from '../../../shared/model/text.ts';
import type { KeychainFile } from '../../services/keychain-port.ts';
import { keychainRecord } from '../../services/keychain-port.ts';
import type { JsonFile } from '../../services/settings-store.ts';
import type { WindowState } from './window-bounds.ts';

/** electron-store on `<dataDir>/<name>.json`: the same file that the command line opens with conf. */
export function openElectronStore(dataDir: string, name: string): JsonFile {
  return new ElectronStore({
    cwd: dataDir,
    name,
    // Never: it replaces a file that does not validate by defaults, without a copy.
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
}

/** `keychain.json`: what the operating system's keychain sealed. Of no use to another user or computer. */
export function openKeychainFile(dataDir: string): KeychainFile {
  const name = 'keychain';
  return {
    read: () => {
      try {
        const parsed = keychainRecord.safeParse(openElectronStore(dataDir, name).store);
        return parsed.success ? parsed.data : undefined;
      } catch {
        // No longer JSON: as good as gone, and the passphrase still opens the vault.
        return undefined;
      }
    },
    write: (record) => {
      rmSync(path.join(dataDir, `${name}.json`), { force: true });
      openElectronStore(dataDir, name).store = record;
    },
    remove: () => rmSync(path.join(dataDir, `${name}.json`), { force: true }),
  };
}

/** `window.json`: where the window was. Lost without harm. */
export function openWindowFile(dataDir: string): {
  read: () => { bounds?: unknown; isMaximized?: unknown };
  write: (state: WindowState) => void;
} {
  return {
    read: () => {
      try {
        return openElectronStore(dataDir, 'window').store;
      } catch {
        return {};
      }
    },
    write: (state) => {
      try {
        openElectronStore(dataDir, 'window').store = { ...state };
      } catch (error) {
        console.error(
          'latchkey: the window position could not be kept:',
          escapeText((error as Error).message),
        );
      }
    },
  };
}
