import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createClient } from '../../shared/contract/client.ts';
import type { SessionView } from '../../shared/contract/session-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { appVersion, defaultDataDir } from '../hosts/data-dir.ts';
import { forkGateway } from '../hosts/fork-gateway.ts';
import { callMethod } from '../ipc/call-method.ts';
import type { App, AppOptions } from '../services/app.ts';
import { createApp } from '../services/app.ts';
import { printNotice } from './output.ts';
import { readSecret } from './passphrase.ts';

export type GlobalOptions = {
  readonly json: boolean;
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly passphraseFd?: string;
  readonly acceptRestored?: boolean;
};
export type CliClient = ReturnType<typeof createClient>;
export type CliSession = { readonly app: App; readonly client: CliClient; readonly options: GlobalOptions };

export const globalOptionsOf = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
export const dataDirOf = (options: GlobalOptions): string => resolve(options.dataDir ?? defaultDataDir());
export const passphraseOf = (options: GlobalOptions, what = 'passphrase'): Promise<string> =>
  readSecret({ file: options.passphraseFile, fd: options.passphraseFd }, what, '--passphrase');

/** An app for one command: no gateway, gone when the work is done. */
export async function withApp<T>(
  options: GlobalOptions,
  work: (session: CliSession) => Promise<T>,
  more: Partial<AppOptions> = {},
): Promise<T> {
  const app = createApp({
    dataDir: dataDirOf(options),
    version: appVersion,
    launchGateway: forkGateway,
    host: { kind: 'browser', saveDialog: 'path', clipboard: 'page' },
    autoStartGateway: false,
    usageInstance: 'cli',
    ...more,
  });
  try {
    return await work({ app, client: createClient((name, input) => callMethod(app, name, input)), options });
  } finally {
    await app.close();
  }
}

/** The same, unlocked. @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, PASSPHRASE_REQUIRED */
export function withUnlocked<T>(
  options: GlobalOptions,
  work: (session: CliSession) => Promise<T>,
  more: Partial<AppOptions> = {},
): Promise<T> {
  return withApp(
    options,
    async (session) => {
      const { vault } = await session.client.session.status();
      if (vault === 'none') {
        throw new LatchkeyError(
          'VAULT_NOT_FOUND',
          'There is no organization here yet. Make one with `latchkey init`.',
        );
      }
      const passphrase = await passphraseOf(options);
      const acceptRestored = options.acceptRestored ?? false;
      tellOf(session.app, await unlock(session.client, { passphrase, acceptRestored }));
      return work(session);
    },
    more,
  );
}

async function unlock(
  client: CliClient,
  by: { readonly passphrase: string; readonly acceptRestored: boolean },
): Promise<SessionView> {
  try {
    return await client.session.unlock(by);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'VAULT_ROLLED_BACK') {
      printNotice('latchkey: an admin who knows that a backup was put back opens it with --accept-restored');
    }
    throw error;
  }
}

/** Says what the vault says about itself, now and as long as the command runs; each sentence once. */
function tellOf(app: App, unlocked: SessionView): void {
  const told = new Set<string>();
  const tell = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    printNotice(`latchkey: ${message}`);
  };
  const tellView = ({ notices, alarms }: SessionView): void => {
    for (const notice of notices) tell(notice);
    for (const { message } of alarms) tell(message);
  };
  tellView(unlocked);
  app.on('session.changed', tellView);
  app.on('notice', ({ message }) => tell(message));
}

/** The entry with this name or id. @throws LatchkeyError NOT_FOUND, listing what there is */
export function pick<T extends { readonly id: string; readonly name: string }>(
  entries: readonly T[],
  nameOrId: string,
  what: string,
): T {
  const found =
    entries.find((entry) => entry.name === nameOrId) ?? entries.find((entry) => entry.id === nameOrId);
  if (found !== undefined) return found;
  const names = entries.map((entry) => entry.name).join(', ');
  throw new LatchkeyError(
    'NOT_FOUND',
    `There is no ${what} "${nameOrId}". There ${names === '' ? 'is none yet' : `are: ${names}`}.`,
  );
}

/** A whole number. @throws LatchkeyError INVALID_INPUT */
export function parseWholeNumber(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new LatchkeyError('INVALID_INPUT', `${option} takes a whole number, not "${text}".`);
  return Number(text);
}

/** `a,b` and repeated options alike. */
export const collectList = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
];
