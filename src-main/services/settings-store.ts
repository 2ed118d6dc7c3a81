import { copyFileSync, mkdirSync } from 'node:fs';
import Conf from 'conf';
import { settings as settingsSchema } from '../../shared/contract/views.ts';
import type { Settings } from '../../shared/contract/views.ts';
import type { SettingsStore } from './context.ts';

/** The part of conf and electron-store that is used here; both write atomically. */
export type JsonFile = { readonly path: string; store: Record<string, unknown> };

/** conf on `<dataDir>/<name>.json`, as electron-store lays it out: the same file from the app and from the command line. */
export function openJsonFile(dataDir: string, name: string): JsonFile {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return new Conf({
    cwd: dataDir,
    configName: name,
    projectName: 'latchkey',
    // Never: it replaces a file that does not validate by defaults, without a copy (LESSONS: "electron-store can wipe").
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
}

/**
 * Settings in `settings.json`. A file that cannot be read gives the defaults; it is kept beside the new one as
 * `settings.json.damaged`, since settings (unlike key slots) can be made again.
 */
export function openSettings(open: () => JsonFile): SettingsStore {
  let file: JsonFile | undefined;
  const defaults = (): Settings => settingsSchema.parse({});
  return {
    read: () => {
      try {
        file ??= open();
        return settingsSchema.parse(file.store);
      } catch {
        // Unreadable or from a newer version: run on defaults, and leave the file until the operator saves settings.
        return defaults();
      }
    },
    write: (settings) => {
      file ??= open();
      try {
        settingsSchema.parse(file.store);
      } catch {
        copyFileSync(file.path, `${file.path}.damaged`);
      }
      file.store = settings;
    },
  };
}
