import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../shared/contract/client.ts';
import { settings } from '../../shared/contract/settings-views.ts';
import { callMethod } from '../../src-main/ipc/call-method.ts';
import type { App, AppOptions } from '../../src-main/services/app.ts';
import { createApp } from '../../src-main/services/app.ts';
import { inProcessGateway } from './in-process-gateway.ts';

export const testPassphrase = 'correct horse battery staple';

export type TempApp = {
  readonly app: App;
  readonly dataDir: string;
  readonly client: ReturnType<typeof createClient>;
  readonly close: () => Promise<void>;
};

/** A whole app on a temporary folder, called through the door as a host would. The gateway takes a free port. */
export function openTempApp(options: Partial<AppOptions> = {}): TempApp {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'latchkey-test-'));
  const app = createApp({
    dataDir,
    version: '0.0.0-test',
    host: { kind: 'browser', saveDialog: 'path', clipboard: 'page' },
    autoStartGateway: true,
    launchGateway: inProcessGateway(options.now).launch,
    ...options,
  });
  const stored = app.settings.read();
  app.settings.write(settings.parse({ ...stored, gateway: { ...stored.gateway, port: 0 } }));
  return {
    app,
    dataDir,
    client: createClient((method, input) => callMethod(app, method, input)),
    close: async () => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same, with an organization created and unlocked. */
export async function openUnlockedApp(options: Partial<AppOptions> = {}): Promise<TempApp> {
  const temp = openTempApp(options);
  await temp.client.session.create({
    organizationName: 'Test Org',
    operatorName: 'Test Admin',
    passphrase: testPassphrase,
  });
  return temp;
}
