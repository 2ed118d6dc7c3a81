import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { escapeLines } from '../../../shared/model/text.ts';
import { boundHeapGrowth } from '../../base/heap-growth.ts';
import { cleanMemory, keepBuffersApart } from '../../base/clean-memory.ts';
import { createApp } from '../../services/app.ts';
import { demoDataDir, openDemo } from '../../services/demo.ts';
import { appAgent } from '../app-agent.ts';
import { appVersion, defaultDataDir } from '../data-dir.ts';
import { forkGateway } from '../fork-gateway.ts';
import { redirectFile } from './open-browser.ts';
import { startBrowserHost } from './server.ts';
import { openStaticFiles } from './static-files.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.browserHost.terminal;

/** Composition root of the browser host: `browser.cjs [--demo] [--data-dir DIR] [--open]`. */
async function main(): Promise<void> {
  boundHeapGrowth();
  keepBuffersApart();
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      open: { type: 'boolean', default: false },
    },
  });
  const base = resolve(values['data-dir'] ?? defaultDataDir());
  const dataDir = values.demo ? demoDataDir(base) : base;
  const files = await openStaticFiles(join(__dirname, '..', 'renderer'));
  const own: { port?: number } = {};
  const agent = appAgent(dataDir);
  const app = createApp({
    dataDir,
    version: appVersion,
    launchGateway: forkGateway,
    onLocked: () => void cleanMemory(),
    host: { kind: 'browser', saveDialog: 'path', clipboard: 'page', agent: agent.port },
    autoStartGateway: true,
    warmUp: true,
    keepLog: true,
    ownPorts: () => (own.port === undefined ? [] : [own.port]),
  });
  agent.bind(app);
  const demo = values.demo ? await openDemo(app, dataDir) : undefined;
  const redirect = redirectFile();
  const host = await startBrowserHost(app, files, {
    onSessionStart: () => redirect.remove(),
    onSessionEnd: (why) => {
      if (why !== 'replaced') say(`${endTexts[why]}\n\n  ${host.newLaunchUrl()}\n\n`);
    },
  });
  own.port = Number(new URL(host.origin).port);
  const url = host.newLaunchUrl();
  say(words.ready(url));
  if (values.open) redirect.open(url);
  if (demo !== undefined) {
    say(words.demo(demo.passphrase));
  }
  app.on('gateway.changed', (gateway) => sayGateway(gateway));
  sayGateway(await app.handlers.gateway.status({}));
  say(words.data(dataDir));
  createInterface({ input: process.stdin }).on('line', () => {
    say(words.anotherAddress(host.newLaunchUrl()));
  });

  let isStopping = false;
  const stop = () => {
    // The second time nobody waits for running downloads any more.
    if (isStopping) process.exit(1);
    isStopping = true;
    redirect.remove();
    void host
      .close()
      .then(() => app.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

const endTexts = {
  locked: words.locked,
  idle: words.idle,
  old: words.old,
} as const;

// Whoever read what is printed here may have gone: that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** Paths and messages may hold anything; the terminal must not be steered by it. */
const say = (text: string, to: NodeJS.WriteStream = process.stdout): void => {
  to.write(escapeLines(text));
};

let saidLast = '';

/** A gateway that cannot run is said where it was started, not only on its screen. */
function sayGateway({ running, baseUrl, problem }: GatewayView): void {
  const text = running
    ? words.gateway(baseUrl)
    : problem === undefined
      ? ''
      : words.gatewayNotRunning(problem);
  if (text !== '' && text !== saidLast) say(`${text}\n`);
  saidLast = text;
}

main().catch((error: unknown) => {
  const text = error instanceof LatchkeyError ? `${error.message} (${error.code})` : String(error);
  say(`latchkey: ${text}\n`, process.stderr);
  process.exit(1);
});
