/**
 * `settings.json`. Invariant: what can be read of it counts, and what cannot is named and kept; a write that the disk
 * did not take leaves the settings as they were. conf (in the desktop app electron-store on top of it) writes the file,
 * and what it wrote is read back, as it takes a write that was cut short for a whole one.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Conf from 'conf';
import { settings as settingsSchema } from '../../shared/contract/settings-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { parseFileJson } from '../base/bounded-json.ts';
import { DiskFault, codeOf, diskError, isDiskFailure } from '../disk/disk-error.ts';
import { makeFolderSync } from '../disk/make-folder.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { setAsideSync } from '../disk/set-aside.ts';
import { replaceFileSync } from '../disk/write-file.ts';
import type { SettingsStore } from './context.ts';
import { salvageSettings } from './salvage-settings.ts';
import type { StoredSettings } from './stored-settings.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.settings.file;

/** The part of conf and electron-store that is used here. */
export type JsonFile = { store: Record<string, unknown> };
export type OpenJsonFile = (dataDir: string, name: string) => JsonFile;

/** Settings are a kilobyte. */
const maxBytes = 1024 * 1024;

/** conf on `<dataDir>/<name>.json`, as electron-store lays it out: the same file from the app and from the command line. */
function openConf(dataDir: string, name: string): JsonFile {
  return new Conf({
    cwd: dataDir,
    configName: name,
    projectName: 'latchkey',
    // Never: it replaces a file that does not validate by defaults, without a copy (LESSONS: "electron-store can wipe").
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
}

/** @param open makes the store that writes; the desktop app hands in electron-store's */
export function openSettings(
  dataDir: string,
  open: OpenJsonFile = openConf,
  disk: Disk = systemDisk,
): SettingsStore {
  const path = join(dataDir, 'settings.json');
  /** The file as it was, while a write goes on: what is put back when the disk refuses, without needing space. */
  const previousPath = `${path}.previous`;
  /** Said as long as this process lives: the file itself no longer shows it. */
  let putAside: string | undefined;
  let problems: readonly string[] = [];

  /** What the file holds, after a damaged one was put aside and an interrupted write was undone. */
  const current = (): Look => {
    const found = lookAt(path, disk);
    if (found.state === 'whole') return found;
    const previous = lookAt(previousPath, disk);
    if (found.state === 'damaged') {
      const aside = setAsideSync(path, 'damaged', { disk });
      if (aside !== undefined) {
        putAside = words.notJson(aside, previous.state === 'whole' ? words.before : words.standard);
      }
    }
    if (previous.state !== 'whole') return { state: 'missing' };
    disk.sync.rename(previousPath, path);
    return previous;
  };

  const read = (): StoredSettings => {
    const named: string[] = [];
    let json: unknown;
    try {
      const found = current();
      json = found.state === 'whole' ? found.json : {};
    } catch (error) {
      // Not readable, or the damaged file cannot be moved: the settings are not worth refusing to start.
      if (!(error instanceof LatchkeyError) && codeOf(error) === undefined) throw error;
      named.push(words.unusable((error as Error).message));
    }
    const { settings, invalid } = salvageSettings(json);
    if (invalid.length > 0) {
      named.push(words.valuesUnusable(invalid.join(', ')));
    }
    problems = putAside === undefined ? named : [putAside, ...named];
    return settings;
  };

  const write = (settings: StoredSettings): void => {
    const failed = (cause: unknown, outcome: 'unchanged' | 'unknown') =>
      diskError('FILE_NOT_WRITABLE', 'settings', path, rootOf(cause), outcome);
    let before: Look;
    try {
      makeFolderSync(dataDir);
      before = current();
      if (before.state === 'whole') replaceFileSync(previousPath, before.text, { mode: 0o600, disk });
    } catch (cause) {
      throw failed(cause, 'unchanged');
    }
    const next = { ...unknownMembers(before), ...settings };
    try {
      open(dataDir, 'settings').store = next;
      const written = lookAt(path, disk);
      if (written.state !== 'whole' || !isDeepStrictEqual(written.json, next)) {
        throw new DiskFault('SHORT_WRITE', 'settings.json does not hold what was written');
      }
    } catch (cause) {
      throw failed(cause, putBack(before) ? 'unchanged' : 'unknown');
    }
    if (before.state === 'whole') forgetPrevious(before.json);
  };

  /** Best effort: the settings are saved, and what is left here is never read beside a whole file. */
  const forgetPrevious = (json: object): void => {
    try {
      // What could not be used is kept, as somebody may have meant something by it.
      if (salvageSettings(json).invalid.length > 0) setAsideSync(previousPath, 'damaged', { as: path, disk });
      else removeIfThere(previousPath);
    } catch (error) {
      if (!(error instanceof LatchkeyError) && codeOf(error) === undefined) throw error;
    }
  };

  const putBack = (before: Look): boolean => {
    try {
      if (before.state === 'whole') disk.sync.rename(previousPath, path);
      else removeIfThere(path);
      return true;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      // The next read finds the file before it beside it.
      return false;
    }
  };

  const removeIfThere = (name: string): void => {
    try {
      disk.sync.unlink(name);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  };

  return {
    read,
    write,
    problems: () => problems,
  };
}

type Look =
  | { readonly state: 'missing' }
  | { readonly state: 'whole'; readonly json: object; readonly text: string }
  | { readonly state: 'damaged' };

/** @throws LatchkeyError FILE_NOT_READABLE, when the disk or a permission is in the way */
function lookAt(path: string, disk: Disk): Look {
  let bytes: Buffer | undefined;
  try {
    bytes = readIfThereSync(path, { maxBytes, disk });
  } catch (error) {
    const isOther =
      error instanceof LatchkeyError &&
      (error.code === 'FILE_NOT_REGULAR' || error.code === 'FILE_TOO_LARGE');
    if (isOther) return { state: 'damaged' };
    throw error;
  }
  if (bytes === undefined) return { state: 'missing' };
  const text = bytes.toString('utf8');
  try {
    const json = parseFileJson(text);
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
    return isObject ? { state: 'whole', json, text } : { state: 'damaged' };
  } catch {
    return { state: 'damaged' };
  }
}

/** What the disk said, where a call of the disk room has put it into words already. */
const rootOf = (error: unknown): unknown =>
  error instanceof LatchkeyError && isDiskFailure(error.cause) ? error.cause : error;

/** Of a newer version, or not meant by who writes, as the arrangement of tables: kept. */
function unknownMembers(look: Look): Record<string, unknown> {
  if (look.state !== 'whole') return {};
  return Object.fromEntries(Object.entries(look.json).filter(([name]) => !(name in settingsSchema.shape)));
}
