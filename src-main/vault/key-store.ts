/**
 * `vault.json` and its copy `vault.backup.json` in a folder. Invariant: key slots cannot be rebuilt. At every instant
 * one of the two is whole; the main file is written and read back before the copy is touched; a damaged file is put
 * aside and never overwritten; an error means that the keys are as they were.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LatchkeyError } from '../../shared/errors.ts';
import { parseFileJson } from '../base/bounded-json.ts';
import { diskError } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { LockOptions } from '../disk/file-lock.ts';
import { withFileLock } from '../disk/file-lock.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import { setAside } from '../disk/set-aside.ts';
import { replaceFile } from '../disk/write-file.ts';
import type { KeyFiles, KeyStore, KeyWrite, VaultFile } from './vault-file.ts';
import { vaultFile, vaultFileFormat } from './vault-file.ts';

/** A thousand slots have room; more is no vault.json. */
const maxBytes = 16 * 1024 * 1024;

export type KeyStoreOptions = Omit<LockOptions, 'disk'> & { readonly disk?: Disk };

/** Opens `vault.json` in a folder, which is made by the first write. */
export function openKeyStore(dir: string, options: KeyStoreOptions = {}): KeyStore {
  const disk = options.disk ?? systemDisk;
  const mainPath = join(dir, 'vault.json');
  const copyPath = join(dir, 'vault.backup.json');
  /** The main file's text that turned out wrong although it parses: its slot did not open, that of the copy did. */
  let disproved: string | undefined;

  const look = (): Looked => ({ main: lookAt(mainPath, disk), copy: lookAt(copyPath, disk) });

  /** Main file or copy, whichever is to be believed. */
  const judge = ({ main, copy }: Looked): KeyFiles | undefined => {
    if (main.state === 'missing' && copy.state === 'missing') return undefined;
    refuseNewer(main, copy);
    if (main.state === 'whole' && main.text !== disproved)
      return { ...believed(main.file, copy), from: 'main' };
    if (copy.state === 'whole') return { file: copy.file, from: 'copy' };
    if (main.state === 'whole') return { file: main.file, from: 'main' };
    throw new LatchkeyError('VAULT_CORRUPT', ['keyFilesDamaged'], {
      details: { path: mainPath },
      cause: main.state === 'missing' ? undefined : main.cause,
    });
  };

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await makeFolder(dir);
    } catch (cause) {
      throw diskError('VAULT_UNAVAILABLE', 'folder-make', dir, cause, 'unchanged');
    }
    return withFileLock(join(dir, 'vault.lock'), { ...options, disk }, work);
  };

  /** Writes one of the files, and makes sure that the disk gives it back as one. */
  const put = async (path: string, text: string): Promise<readonly string[]> => {
    const replaced = await replaceFile(path, text, { mode: 0o600, code: 'VAULT_UNAVAILABLE', disk });
    return replaced.confirmed ? [] : [replaced.warning];
  };

  /** Under the lock. The main file first; only then the copy, whose failure does not undo what happened. */
  const putBoth = async (next: VaultFile): Promise<KeyWrite> => {
    const text = textOf(next);
    const { main } = look();
    if (main.state === 'damaged' || (main.state === 'whole' && main.text === disproved)) {
      await setAside(mainPath, 'damaged', { code: 'VAULT_UNAVAILABLE', disk });
    }
    const warnings = await put(mainPath, text);
    disproved = undefined;
    return { warnings: [...warnings, ...(await putCopy(text))] };
  };

  const putCopy = async (text: string): Promise<readonly string[]> => {
    try {
      await keepWhatIsSpecial(lookAt(copyPath, disk), revisionOf(lookAt(mainPath, disk)));
      return await put(copyPath, text);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return [`vault.json is up to date, but its copy is not. ${error.message}`];
    }
  };

  /** A copy that is damaged, or newer than what replaces it (an older vault.json was put in place), is kept. */
  const keepWhatIsSpecial = async (copy: Look, revision: number): Promise<void> => {
    const isNewer = copy.state === 'whole' && copy.file.revision > revision;
    if (copy.state !== 'damaged' && !isNewer) return;
    await setAside(copyPath, isNewer ? 'newer' : 'damaged', { code: 'VAULT_UNAVAILABLE', disk });
  };

  const update = (change: (file: VaultFile) => VaultFile): Promise<KeyWrite> =>
    locked(async () => {
      const looked = look();
      const found = judge(looked);
      if (found === undefined) {
        throw new LatchkeyError('VAULT_UNAVAILABLE', ['keyFileGone'], {
          details: { path: mainPath },
        });
      }
      return putBoth({ ...change(found.file), revision: nextRevision(looked) });
    });

  return {
    read: () => judge(look()),

    create: ({ vaultId, slots }) =>
      locked(async () => {
        const { main, copy } = look();
        if (main.state !== 'missing' || copy.state !== 'missing') {
          throw new LatchkeyError('VAULT_EXISTS', ['vaultExists']);
        }
        return putBoth({
          format: vaultFileFormat,
          vaultId,
          revision: 1,
          unfinished: true,
          slots: [...slots],
        });
      }),

    finish: async () => {
      try {
        if (judge(look())?.file.unfinished === undefined) return;
        await update(({ unfinished: _unfinished, ...file }) => file);
      } catch (error) {
        // The log has its line by now, and that decides: the mark is taken away by a later unlock.
        if (!(error instanceof LatchkeyError)) throw error;
      }
    },

    discard: (vaultId) =>
      locked(async () => {
        for (const path of [copyPath, mainPath]) {
          const found = lookAt(path, disk);
          const isOurs =
            found.state === 'whole' && found.file.vaultId === vaultId && found.file.unfinished === true;
          // One after the other, the main file last.
          // oxlint-disable-next-line no-await-in-loop
          if (isOurs) await disk.async.unlink(path).catch(() => undefined);
        }
      }),

    update,

    confirm: async (from) => {
      const before = look();
      if (from === 'copy' && before.main.state === 'whole') disproved = before.main.text;
      if (isSettled(before, from)) return { restored: false, warnings: [] };
      try {
        return await locked(async () => {
          const looked = look();
          const found = judge(looked);
          if (found === undefined || found.from !== from || isSettled(looked, from)) {
            return { restored: false, warnings: [] };
          }
          if (from === 'main' && looked.main.state === 'whole') {
            return { restored: false, warnings: await putCopy(looked.main.text) };
          }
          const written = await putBoth({ ...found.file, revision: nextRevision(looked) });
          return { ...written, restored: true };
        });
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        // The keys are open; what the disk refuses now is tried again by the next unlock.
        const what = from === 'main' ? 'vault.backup.json' : 'vault.json';
        return {
          restored: false,
          warnings: [`${what} is damaged and could not be repaired. ${error.message}`],
        };
      }
    },
  };
}

type Look =
  | { readonly state: 'missing' }
  | { readonly state: 'whole'; readonly file: VaultFile; readonly text: string }
  /** `format` and `revision` as far as they can be read. */
  | {
      readonly state: 'damaged';
      readonly cause: unknown;
      readonly format?: number | undefined;
      readonly revision?: number | undefined;
    };
type Looked = { readonly main: Look; readonly copy: Look };

const textOf = (file: VaultFile): string => `${JSON.stringify(vaultFile.parse(file), undefined, 2)}\n`;

function lookAt(path: string, disk: Disk): Look {
  let bytes: Buffer | undefined;
  try {
    bytes = readIfThereSync(path, { maxBytes, code: 'VAULT_UNAVAILABLE', disk });
  } catch (error) {
    // A bad sector, or something else in its place: the other file may do. A missing permission is the operator's.
    if (!isDamage(error)) throw error;
    return { state: 'damaged', cause: error };
  }
  if (bytes === undefined) return { state: 'missing' };
  const text = bytes.toString('utf8');
  let json: unknown;
  try {
    json = parseFileJson(text);
    return { state: 'whole', file: vaultFile.parse(json), text };
  } catch (cause) {
    return { state: 'damaged', cause, ...versionOf(json) };
  }
}

function isDamage(error: unknown): boolean {
  if (!(error instanceof LatchkeyError)) return false;
  if (error.code === 'FILE_NOT_REGULAR' || error.code === 'FILE_TOO_LARGE') return true;
  if (error.code !== 'VAULT_UNAVAILABLE' || !('reason' in error.details)) return false;
  // A link that leads to itself.
  return error.details.reason === 'EIO' || error.details.reason === 'ELOOP';
}

const version = z.object({
  format: z.number().int().optional().catch(undefined),
  revision: z.number().int().optional().catch(undefined),
});

function versionOf(json: unknown): { format?: number | undefined; revision?: number | undefined } {
  const parsed = version.safeParse(json);
  return parsed.success ? parsed.data : {};
}

const revisionOf = (look: Look): number =>
  look.state === 'missing' ? 0 : ((look.state === 'whole' ? look.file.revision : look.revision) ?? 0);

const nextRevision = ({ main, copy }: Looked): number => {
  const newest = Math.max(revisionOf(main), revisionOf(copy));
  return newest < Number.MAX_SAFE_INTEGER ? newest + 1 : 1;
};

/**
 * A newer program's file is no damage. But one flipped bit makes a 3 of the 1, and then the copy has the same revision,
 * while a newer program that stopped before the copy left a higher one.
 */
function refuseNewer(main: Look, copy: Look): void {
  const first = main.state === 'missing' ? copy : main;
  if (first.state !== 'damaged' || first.format === undefined || first.format <= vaultFileFormat) return;
  if (copy.state === 'whole' && revisionOf(first) <= copy.file.revision) return;
  throw new LatchkeyError('VAULT_NEEDS_NEWER_VERSION', ['newerKeyFile', first.format, vaultFileFormat], {
    details: { format: first.format, supported: vaultFileFormat },
  });
}

/** The main file, and the copy where it may be tried: an older one holds what was changed on purpose. */
function believed(file: VaultFile, copy: Look): Pick<KeyFiles, 'file' | 'copy'> {
  if (copy.state !== 'whole' || copy.file.revision < file.revision) return { file };
  return isDeepStrictEqual(copy.file, file) ? { file } : { file, copy: copy.file };
}

/** Whether both files hold what opened. */
const isSettled = ({ main, copy }: Looked, from: 'main' | 'copy'): boolean =>
  from === 'main' && main.state === 'whole' && copy.state === 'whole' && main.text === copy.text;
