import { resolve } from 'node:path';
import type { Command } from 'commander';
import type {
  ChannelDraft,
  ChannelView,
  ConnectionReport,
  ResolvedHost,
} from '../../shared/contract/channel-views.ts';
import type { ChannelHealthView } from '../../shared/contract/gateway-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { pathBeforeLastPart } from '../../shared/model/conda-token-path.ts';
import { parseChoice, requireSomeOption } from './options.ts';
import { readSecret } from './passphrase.ts';
import { print, formatTable } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, collectList, pick, withUnlocked } from './session.ts';

const says = texts.cli.channels;

const words = texts.commands.channelCommands;

type Own = {
  kind?: 'conda' | 'pypi';
  url?: string;
  folder?: string;
  label?: string;
  env?: readonly string[];
  note?: string;
  name?: string;
  username?: string;
  auth?: string;
  tokenPlace: string;
  credentialFile?: string;
  credentialFd?: string;
  privateHost?: readonly string[];
};

const withUpstreamOptions = (command: Command): Command =>
  command
    .option('--url <url>', words.upstreamTheIndexsBase)
    .option('--folder <path>', words.upstreamAFolderOf)
    .option('--label <name>', words.whatTheFolderIs)
    .option('--env <names>', words.environmentsInWhichIt, collectList)
    .option('--private-host <hosts>', words.whatOfTheLocal, collectList)
    .option('--note <text>', words.aNote)
    .option('--auth <type>', words.howToSignIn)
    .option('--username <name>', words.userNameForAuth)
    .option('--token-place <place>', words.whereACondaToken, words.root)
    .option('--credential-file <file>', words.fileWithThePassword)
    .option('--credential-fd <n>', words.fileDescriptorWithThe);

/** `channel …`. */
export function addChannelCommands(program: Command): void {
  const channel = program.command('channel').description(words.channelsSourcesOfPackages);
  channel
    .command('list')
    .description(words.listTheChannels)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const channels = await client.channels.list();
        const names = new Map(
          (await client.environments.list()).map((entry) => [entry.id as string, entry.name]),
        );
        // Of the gateway that this command reaches; one of its own serves nothing yet.
        const known = new Map((await client.gateway.status()).channels.map((one) => [one.channelId, one]));
        const healthOf = ({ id }: ChannelView) => known.get(id);
        const rows = channels.map((entry) => [
          entry.name,
          entry.kind,
          entry.environmentIds.map((id) => names.get(id) ?? id).join(','),
          upstreamText(entry),
          entry.problem?.message ?? textOf(healthOf(entry)),
        ]);
        const head = ['NAME', 'KIND', 'ENVIRONMENTS', 'UPSTREAM', 'PROBLEM'];
        const json = channels.map((entry) => ({ ...entry, health: healthOf(entry) }));
        print(options.json, json, formatTable(head, rows));
      }),
    );
  withUpstreamOptions(channel.command('add <name>').description(words.addAChannel))
    .requiredOption('--kind <kind>', words.condaOrPypi)
    .action((name: string, own: Own, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const made = await client.channels.create(await draftOf(client, name, own, undefined));
        print(options.json, made, says.added(made.name, made.gatewayUrl ?? ''));
      }),
    );
  withUpstreamOptions(channel.command('edit <name>').description(words.changeAChannel))
    .option('--name <new>', words.newName)
    .action((name: string, own: Own, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        requireSomeOption(own, ['tokenPlace']);
        const before = pick(await client.channels.list(), name, 'channel');
        const draft = await draftOf(client, own.name ?? before.name, own, before);
        const after = await client.channels.update({ ...draft, id: before.id });
        print(options.json, after, says.changed(after.name));
      }),
    );
  channel
    .command('remove <name>')
    .description(words.removeAChannelThat)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { id } = pick(await client.channels.list(), name, 'channel');
        await client.channels.remove({ id });
        print(options.json, { removed: id }, says.removed(name));
      }),
    );
  channel
    .command('test <name>')
    .description(words.askOfTheChannel)
    .option('--look-for <name>', words.aProjectOrPackage)
    .action((name: string, own: { lookFor?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const {
          id,
          kind,
          upstream,
          environmentIds,
          privateHosts = [],
        } = pick(await client.channels.list(), name, 'channel');
        const report = await client.channels.testConnection({
          id,
          name,
          kind,
          upstream,
          environmentIds: [...environmentIds],
          privateHosts: [...privateHosts],
          ...(own.lookFor === undefined ? {} : { lookFor: own.lookFor }),
        });
        const hosts = await client.channels.resolveHosts({ privateHosts: [...privateHosts] });
        print(options.json, { ...report, privateHosts: hosts }, testText(report, hosts));
        if (!report.ok) throw new LatchkeyError('UPSTREAM_UNREACHABLE', says.noPackages);
      }),
    );
}

const textOf = (health: ChannelHealthView | undefined): string =>
  health === undefined ? '' : (texts.upstreams.health(health) ?? '');

function testText({ message, steps }: ConnectionReport, hosts: readonly ResolvedHost[]): string {
  const asked = steps.map(
    ({ path, status, reason }) => `  ${status} ${path}${reason === '' ? '' : `: ${reason}`}`,
  );
  const reached = hosts.map(({ entry, addresses, problem }) =>
    says.privateHost(
      entry,
      addresses.length === 0 ? '' : says.isNow(addresses.join(', ')),
      problem === undefined ? '' : ` (${problem})`,
    ),
  );
  return [message, ...asked, ...reached].join('\n');
}

async function draftOf(
  client: CliClient,
  name: string,
  own: Own,
  before: ChannelView | undefined,
): Promise<ChannelDraft> {
  const environments = await client.environments.list();
  const kind = own.kind ?? before?.kind;
  if (kind !== 'conda' && kind !== 'pypi') throw new LatchkeyError('INVALID_INPUT', says.kinds);
  return {
    name,
    kind,
    upstream: upstreamOf(name, own, before),
    environmentIds:
      own.env === undefined
        ? [...(before?.environmentIds ?? environments.map((entry) => entry.id))]
        : own.env.map((entry) => pick(environments, entry, 'environment').id),
    note: own.note ?? before?.note ?? '',
    credentials: await credentialsOf(own, before),
    privateHosts: privateHostsOf(own, before),
  };
}

function upstreamOf(name: string, own: Own, before: ChannelView | undefined): ChannelDraft['upstream'] {
  const { url, folder, label } = own;
  if (url !== undefined && (folder !== undefined || label !== undefined)) {
    throw new LatchkeyError('INVALID_INPUT', says.onePlace);
  }
  if (url !== undefined) return { type: 'url', url };
  if (folder !== undefined || label !== undefined) {
    const known = before?.upstream.type === 'folder' ? before.upstream.label : undefined;
    return {
      type: 'folder',
      label: label ?? known ?? name,
      ...(folder === undefined ? {} : { path: resolve(folder) }),
    };
  }
  if (before === undefined) {
    throw new LatchkeyError('INVALID_INPUT', says.noPlace);
  }
  return before.upstream;
}

/** Those of before count for a URL that is only edited; a folder has none. */
function privateHostsOf(own: Own, before: ChannelView | undefined): string[] {
  const { privateHost } = own;
  if (privateHost === undefined) {
    const isFolder = own.folder !== undefined || own.label !== undefined;
    return isFolder ? [] : [...(before?.privateHosts ?? [])];
  }
  return privateHost.length === 1 && privateHost[0] === 'none' ? [] : [...privateHost];
}

function upstreamText({ upstream, folderPath }: ChannelView): string {
  return upstream.type === 'url' ? upstream.url : `${upstream.label}: ${folderPath ?? says.unknownHere}`;
}

async function credentialsOf(
  own: Own,
  before: ChannelView | undefined,
): Promise<NonNullable<ChannelDraft['credentials']>> {
  if (own.auth === undefined) return { action: 'keep' };
  if (own.auth === 'none') return { action: 'remove' };
  const secret = await readSecret(
    { file: own.credentialFile, fd: own.credentialFd },
    says.secret,
    '--credential',
  );
  switch (own.auth) {
    case 'basic':
      if (own.username === undefined) throw new LatchkeyError('INVALID_INPUT', says.needsUser);
      return { action: 'set', credentials: { type: 'basic', username: own.username, password: secret } };
    case 'bearer':
      return { action: 'set', credentials: { type: 'bearer', token: secret } };
    case 'conda-token':
      return {
        action: 'set',
        credentials: { type: 'conda-token', token: secret, ...tokenPathOf(own, before) },
      };
    default:
      throw new LatchkeyError('INVALID_INPUT', says.auths);
  }
}

function tokenPathOf({ url, tokenPlace }: Own, before: ChannelView | undefined): { readonly path?: string } {
  if (parseChoice(['root', 'last'], tokenPlace, '--token-place') === 'root') return {};
  const stored = before?.upstream.type === 'url' ? before.upstream.url : undefined;
  const whole = url ?? stored ?? '';
  const path = URL.canParse(whole) ? pathBeforeLastPart(whole) : undefined;
  return path === undefined ? {} : { path };
}
