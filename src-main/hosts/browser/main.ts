import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { GatewayView } from '../../../shared/contract/views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { escapeLines } from '../../../shared/model/text.ts';
import { createApp } from '../../services/app.ts';
import { demoDataDir, openDemo } from '../../services/demo.ts';
import { appVersion, defaultDataDir } from '../data-dir.ts';
import { forkGateway } from '../fork-gateway.ts';
import { startBrowserHost } from './server.ts';
import { openStaticFiles } from './static-files.ts';

/** Composition root of the browser host: `browser.cjs [--demo] [--data-dir DIR] [--port N]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      port: { type: 'string', default: '0' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new LatchkeyError('INVALID_INPUT', '--port takes a number from 0 to 65535.');
  }
  const base = resolve(values['data-dir'] ?? defaultDataDir());
  const dataDir = values.demo ? demoDataDir(base) : base;
  const files = await openStaticFiles(join(__dirname, '..', 'renderer'));
  let ownPort: number | undefined;
  const app = createApp({
    dataDir,
    version: appVersion,
    launchGateway: forkGateway,
    host: { kind: 'browser', saveDialog: 'path', clipboard: 'page' },
    autoStartGateway: true,
    warmUp: true,
    ownPorts: () => (ownPort === undefined ? [] : [ownPort]),
  });
  const demo = values.demo ? await openDemo(app, dataDir) : undefined;
  const host = await startBrowserHost(app, files, port);
  ownPort = Number(new URL(host.launchUrl).port);
  say(`Latchkey is ready. Open this address once, in a browser on this computer:\n\n  ${host.launchUrl}\n\n`);
  if (demo !== undefined) {
    say(`Demo organization, unlocked. After a lock its passphrase is: ${demo.passphrase}\n`);
  }
  app.on('gateway.changed', (gateway) => sayGateway(gateway));
  sayGateway(await app.handlers.gateway.status({}));
  say(`Data: ${dataDir}\nStop with Ctrl+C.\n`);

  const stop = () => {
    void host
      .close()
      .then(() => app.close())
      .then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Paths and messages may hold anything; the terminal must not be steered by it. */
const say = (text: string, to: NodeJS.WriteStream = process.stdout): void => {
  to.write(escapeLines(text));
};

let saidLast = '';

/** A gateway that cannot run is said where it was started, not only on its screen. */
function sayGateway({ running, baseUrl, problem }: GatewayView): void {
  const text = running
    ? `Gateway: ${baseUrl}`
    : problem === undefined
      ? ''
      : `Gateway not running: ${problem}`;
  if (text !== '' && text !== saidLast) say(`${text}\n`);
  saidLast = text;
}

main().catch((error: unknown) => {
  const text = error instanceof LatchkeyError ? `${error.message} (${error.code})` : String(error);
  say(`latchkey: ${text}\n`, process.stderr);
  process.exit(1);
});
