import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SessionView } from '../../shared/contract/session-views.ts';
import type { Client } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { appVersion, defaultDataDir } from '../hosts/data-dir.ts';
import type { App, AppOptions } from '../services/app.ts';
import type { IsTold } from './agent-session.ts';
import { inWordsOfOptions } from './bad-input.ts';
import { printNotice } from './output.ts';
import type { SecretSource } from './passphrase.ts';
import { readSecret } from './passphrase.ts';
import { tellingWhatWaits } from './what-waits.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.session;

export type GlobalOptions = {
  readonly json: boolean;
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly passphraseFd?: string;
  readonly acceptRestored?: boolean;
};
export type CliClient = Client;
/** An open organization, wherever it is open. */
export type CliSession = {
  readonly client: CliClient;
  /** Events of the host. @returns the function that ends the subscription */
  readonly on: App['on'];
  readonly options: GlobalOptions;
};
/** One that this process opened itself. */
export type OwnSession = CliSession & { readonly app: App };

export const globalOptionsOf = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
export const dataDirOf = (options: GlobalOptions): string => resolve(options.dataDir ?? defaultDataDir());
/** Where the passphrase comes from, if not from a person: options count more than the environment. */
const passphraseSourceOf = ({ passphraseFile: file, passphraseFd: fd }: GlobalOptions): SecretSource =>
  file === undefined && fd === undefined ? { fd: process.env['LATCHKEY_PASSPHRASE_FD'] } : { file, fd };
export const passphraseOf = (options: GlobalOptions, what = 'passphrase'): Promise<string> =>
  readSecret(passphraseSourceOf(options), what, '--passphrase');

/** The same for a new one: a person types it twice. @throws LatchkeyError INVALID_INPUT when the two differ */
export async function newPassphraseOf(options: GlobalOptions): Promise<string> {
  const passphrase = await passphraseOf(options, words.newPassphrase);
  const { file, fd } = passphraseSourceOf(options);
  if (file !== undefined || fd !== undefined) return passphrase;
  if ((await passphraseOf(options, words.repeat)) === passphrase) return passphrase;
  throw new LatchkeyError('INVALID_INPUT', words.differ);
}

/** An app for one command: no gateway, gone when the work is done. Its parts are loaded now, and not for `--help`. */
export async function withApp<T>(
  options: GlobalOptions,
  work: (session: OwnSession) => Promise<T>,
  more: Partial<AppOptions> = {},
): Promise<T> {
  const [{ createApp }, { createClient }, { callMethod }, { forkGateway }] = await Promise.all([
    import('../services/app.ts'),
    import('../../shared/contract/client.ts'),
    import('../ipc/call-method.ts'),
    import('../hosts/fork-gateway.ts'),
  ]);
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
    const client = createClient(async (name, input) => inWordsOfOptions(await callMethod(app, name, input)));
    return await work({ app, on: app.on, client, options });
  } finally {
    await app.close();
  }
}

/** The same, unlocked by the passphrase. @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, PASSPHRASE_REQUIRED */
export function withOwnUnlocked<T>(
  options: GlobalOptions,
  work: (session: OwnSession) => Promise<T>,
  more: Partial<AppOptions> = {},
  isTold: IsTold = () => true,
): Promise<T> {
  return withApp(
    options,
    async (session) => {
      const { vault } = await session.client.session.status();
      if (vault === 'none') throw noOrganization(dataDirOf(options));
      const passphrase = await passphraseOf(options);
      const acceptRestored = options.acceptRestored ?? false;
      tellOf(session.on, await unlock(session.client, { passphrase, acceptRestored }), isTold);
      return work(session);
    },
    more,
  );
}

/**
 * An open organization to work on: what an agent holds open, unless the passphrase is given; else one of this command's own.
 * @throws LatchkeyError VAULT_NOT_FOUND, VAULT_WRONG_PASSPHRASE, PASSPHRASE_REQUIRED, AGENT_UNTRUSTED, AGENT_REFUSED, AGENT_LOST
 */
export async function withUnlocked<T>(
  options: GlobalOptions,
  work: (session: CliSession) => Promise<T>,
  isTold: IsTold = () => true,
): Promise<T> {
  const own = (): Promise<T> =>
    withOwnUnlocked(options, (session) => tellingWhatWaits(session.client, () => work(session)), {}, isTold);
  if (isPassphraseGiven(options)) return own();
  const { openAgentSession } = await import('./agent-session.ts');
  const agent = await openAgentSession(dataDirOf(options), () => passphraseOf(options), { isTold });
  if (agent === undefined) return own();
  try {
    const { client, on } = agent;
    return await tellingWhatWaits(client, () => work({ client, on, options }));
  } finally {
    agent.close();
  }
}

/** Whoever gives the passphrase, or accepts a restored log, wants it opened anew. */
function isPassphraseGiven(options: GlobalOptions): boolean {
  const { file, fd } = passphraseSourceOf(options);
  return file !== undefined || fd !== undefined || options.acceptRestored === true;
}

export const noOrganization = (dataDir: string): LatchkeyError =>
  new LatchkeyError('VAULT_NOT_FOUND', words.noOrganization(dataDir));

async function unlock(
  client: CliClient,
  by: { readonly passphrase: string; readonly acceptRestored: boolean },
): Promise<SessionView> {
  try {
    return await client.session.unlock(by);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'VAULT_ROLLED_BACK') {
      printNotice(words.acceptRestored);
    }
    throw error;
  }
}

/** Says what the vault says about itself, now and as long as the command runs; each sentence once. */
function tellOf(on: App['on'], unlocked: SessionView, isTold: IsTold): void {
  const told = new Set<string>();
  const tell = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    printNotice(`latchkey: ${message}`);
  };
  const tellView = ({ notices, alarms }: SessionView): void => {
    for (const notice of notices) tell(notice);
    for (const { code, message } of alarms) if (isTold(code)) tell(message);
  };
  tellView(unlocked);
  on('session.changed', tellView);
  on('notice', ({ message }) => tell(message));
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
    words.unknown(what, nameOrId, names === '' ? words.noneYet : `are: ${names}`),
  );
}

/** A whole number. @throws LatchkeyError INVALID_INPUT */
export function parseWholeNumber(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new LatchkeyError('INVALID_INPUT', words.wholeNumber(option, text));
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
