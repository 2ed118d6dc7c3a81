import type { Command } from 'commander';
import type { ChannelView } from '../../shared/contract/channel-views.ts';
import type { Settings } from '../../shared/contract/settings-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { App } from '../services/app.ts';
import type { SettingsStore } from '../services/context.ts';
import { GatewayNotices } from './gateway-notices.ts';
import type { GatewayPlace } from './gateway-status.ts';
import { showGatewayStatus } from './gateway-status.ts';
import { HealthNotices } from './health-notices.ts';
import { print, printNotice, surviveLostOutput } from './output.ts';
import type { CliClient } from './session.ts';
import { dataDirOf, globalOptionsOf, parseWholeNumber, withOwnUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.gateway;

const words = texts.commands.gatewayCommand;

type Own = {
  host?: string;
  port?: string;
  publicUrl?: string;
  trustedProxy?: readonly string[];
  finishDownloads?: boolean;
  accessLog: boolean;
};

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `gateway`: serves until it is told to stop, and follows the vault. */
export function addGatewayCommand(program: Command): void {
  const gateway = program
    .command('gateway')
    .description(words.runTheGatewayAlone)
    .option('--host <address>', words.addressToListenOn)
    .option('--port <n>', words.port0ForA)
    .option('--public-url <url>', words.theAddressThatClients)
    .option('--trusted-proxy <network>', words.addressOrCidrBlock, collect)
    .option('--finish-downloads', words.letRunningDownloadsGo)
    .option('--access-log', words.oneLinePerRequest, false)
    .action(async (own: Own, command: Command) => {
      const options = globalOptionsOf(command);
      const settings = await overrideSettings(dataDirOf(options), own);
      return withOwnUnlocked(
        options,
        async ({ app, client }) => {
          surviveLostOutput();
          // Nobody is at the keyboard: an idle lock would stop it from following the vault.
          const keepAwake = setInterval(() => void client.session.touch(), 30_000);
          try {
            const status = await client.gateway.start();
            print(options.json, status, says.listens(status.host, status.port, status.baseUrl));
            tellHealth(app, client);
            tellProblems(app, new GatewayNotices(status));
            await new Promise<void>((resolve, reject) => {
              process.once('SIGINT', () => resolve());
              process.once('SIGTERM', () => resolve());
              app.on('session.changed', (session) => {
                if (session.vault !== 'unlocked') reject(new LatchkeyError('VAULT_LOCKED', says.locked));
              });
            });
          } finally {
            clearInterval(keepAwake);
          }
        },
        {
          settings,
          keepLog: true,
          usageInstance: `gateway-${settings.read().gateway.port}-${process.pid}`,
          ...(own.accessLog ? { accessLog: true } : {}),
        },
      );
    });
  gateway
    .command('status')
    .description(texts.gatewayStatus.describe)
    .option('--host <address>', texts.gatewayStatus.host)
    .option('--port <n>', texts.gatewayStatus.port)
    .action((_own: object, command: Command) => {
      // The command above takes options of the same name wherever they stand on the line.
      const { host, port } = command.optsWithGlobals<GatewayPlace>();
      return showGatewayStatus(globalOptionsOf(command), {
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
      });
    });
}

/** Whoever reads stderr is told that the gateway's process died, and that the vault cannot be followed. */
function tellProblems(app: App, notices: GatewayNotices): void {
  app.on('gateway.changed', (view) => {
    const change = notices.changeIn(view);
    if (change !== undefined) printNotice(`latchkey: ${change}`);
  });
}

/** Nobody looks at the channels' screen of this gateway: what its upstreams do is said on stderr. */
function tellHealth(app: App, client: CliClient): void {
  const notices = new HealthNotices();
  app.on('gateway.changed', ({ channels }) => {
    const changes = notices.changesIn(channels, Date.now());
    if (changes.length > 0)
      client.channels.list().then(
        (all) => printHealth(changes, all),
        () => undefined,
      );
  });
}

function printHealth(changes: ReturnType<HealthNotices['changesIn']>, all: readonly ChannelView[]): void {
  for (const { channelId, text } of changes) {
    const name = all.find(({ id }) => id === channelId)?.name;
    if (name !== undefined) printNotice(says.channel(name, text));
  }
}

/** The stored settings, with this call's options in their place; nothing is written. */
async function overrideSettings(dataDir: string, own: Own): Promise<SettingsStore> {
  const [{ settings: settingsSchema }, { openSettings }, { parseNetworks }] = await Promise.all([
    import('../../shared/contract/settings-views.ts'),
    import('../services/settings-store.ts'),
    import('../tokens/networks.ts'),
  ]);
  const stored = openSettings(dataDir);
  const read = (): Settings => {
    const settings = stored.read();
    const parsed = settingsSchema.safeParse({
      ...settings,
      gateway: {
        ...settings.gateway,
        ...(own.host === undefined ? {} : { host: own.host }),
        ...(own.port === undefined ? {} : { port: parseWholeNumber(own.port, '--port') }),
        ...(own.publicUrl === undefined ? {} : { publicUrl: own.publicUrl }),
        ...(own.finishDownloads === undefined ? {} : { finishDownloads: own.finishDownloads }),
        ...(own.trustedProxy === undefined ? {} : { trustedProxies: [...parseNetworks(own.trustedProxy)] }),
      },
    });
    if (parsed.success) return parsed.data;
    throw new LatchkeyError('INVALID_INPUT', says.badAddress);
  };
  return { read, write: (settings) => stored.write(settings), problems: () => stored.problems() };
}
