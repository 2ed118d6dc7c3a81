/**
 * Every file that we keep, with how it is written and read: for the tests that let each of them meet a failing disk.
 * The log has tests of its own, as it is appended to.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings as settingsSchema } from '../../../shared/contract/settings-views.ts';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { openKeychainFile, openWindowFile } from '../../../src-main/hosts/electron/kept-files.ts';
import type { Disk } from '../../../src-main/disk/operations.ts';
import { writeExport } from '../../../src-main/services/save-door.ts';
import { openFolderMap } from '../../../src-main/services/folder-map.ts';
import { openSettings } from '../../../src-main/services/settings-store.ts';
import { openUsage } from '../../../src-main/services/usage.ts';
import { openCheckpoints } from '../../../src-main/vault/checkpoint-files.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import { makeSlot, vaultId } from '../vault/key-support.ts';

export type KeptFile = {
  /** Files of the folder that hold it. */
  readonly files: readonly string[];
  /** Before the disk fails. */
  readonly prepare?: (dir: string) => Promise<unknown>;
  /** Writes what is told by a number, with some filling. @throws LatchkeyError, or returns false, when it did not happen */
  readonly write: (dir: string, number: number, filling: string, disk?: Disk) => unknown;
  /** The number, as a new process reads it; undefined when there is nothing. */
  readonly read: (dir: string) => number | undefined | Promise<number | undefined>;
};

const numberIn = (path: string): number | undefined =>
  existsSync(path) ? Number(/^\d+/.exec(readFileSync(path, 'utf8'))?.[0]) : undefined;

async function* checkpointLines(number: number, filling: string) {
  yield String(number);
  yield filling;
}

export const keptFiles: Readonly<Record<string, KeptFile>> = {
  'vault.json': {
    files: ['vault.json', 'vault.backup.json'],
    prepare: async (dir) => openKeyStore(dir).create({ vaultId, slots: [await makeSlot()] }),
    write: (dir, number, filling, disk) =>
      openKeyStore(dir, disk === undefined ? {} : { disk }).update((file) => ({ ...file, number, filling })),
    read: (dir) => openKeyStore(dir).read()?.file['number'] as number | undefined,
  },
  'settings.json': {
    files: ['settings.json'],
    prepare: async (dir) => writeFileSync(join(dir, 'settings.json'), '{"idleLockMinutes":480}'),
    write: (dir, number, filling, disk) => {
      const path = join(dir, 'settings.json');
      const store = openSettings(dir, undefined, disk);
      // A member of a newer version: the settings that we know are short.
      if (filling.length > 100)
        writeFileSync(path, JSON.stringify({ ...store.read(), later: filling.slice(0, 100) }));
      store.write(settingsSchema.parse({ ...store.read(), keychainReaskDays: 1 + (number % 90) }));
    },
    read: (dir) => openSettings(dir).read().keychainReaskDays - 1,
  },
  'usage/app.json': {
    files: ['usage/app.json'],
    write: (dir, number, filling, disk) => {
      const usage = openUsage(dir, 'app', () => number, disk);
      usage.record({
        method: 'GET',
        path: '/',
        status: 200,
        tokenId: 'abcdefgh' as TokenId,
        atMs: number,
        client: filling.slice(0, 1000),
        address: '::1',
        reason: '',
        outcome: 'allow',
        durationMs: 1,
        bytes: 0,
      } satisfies GatewayRequestEvent);
      usage.flush();
      return openUsage(dir, 'app').get('abcdefgh' as TokenId)?.lastUsedAtMs === number;
    },
    read: (dir) => openUsage(dir, 'app').get('abcdefgh' as TokenId)?.lastUsedAtMs,
  },
  'folders.json': {
    files: ['folders.json'],
    write: (dir, number, filling, disk) =>
      openFolderMap(dir, disk).map('label', `/${number}/${filling.slice(0, 500)}`),
    read: (dir) => {
      const path = openFolderMap(dir).pathOf('label');
      return path === undefined ? undefined : Number(path.split('/')[1]);
    },
  },
  'keychain.json': {
    files: ['keychain.json'],
    write: (dir, number, filling, disk) =>
      openKeychainFile(dir, disk).write({
        version: 1,
        sealed: filling.slice(0, 8000),
        passphraseAtMs: number,
      }),
    read: (dir) => openKeychainFile(dir).read()?.passphraseAtMs,
  },
  'window.json': {
    files: ['window.json'],
    write: (dir, number, _filling, disk) => {
      openWindowFile(dir, disk).write({
        bounds: { x: number, y: 0, width: 800, height: 600 },
        isMaximized: false,
      });
      return (openWindowFile(dir).read().bounds as { x?: number } | undefined)?.x === number;
    },
    read: (dir) => (openWindowFile(dir).read().bounds as { x: number } | undefined)?.x,
  },
  'an export': {
    files: ['pip.conf'],
    write: (dir, number, filling, disk) =>
      writeExport(join(dir, 'pip.conf'), `${number}\n${filling}`, 0o600, true, disk),
    read: (dir) => numberIn(join(dir, 'pip.conf')),
  },
  'a checkpoint': {
    files: ['checkpoints/ada'],
    prepare: async (dir) => mkdirSync(join(dir, 'checkpoints')),
    write: (dir, number, filling, disk) =>
      openCheckpoints(dir, disk).write('ada', checkpointLines(number, filling), new AbortController().signal),
    read: async (dir) => {
      const lines = await openCheckpoints(dir).read('ada');
      return lines === undefined ? undefined : Number([...lines][0]);
    },
  },
};
