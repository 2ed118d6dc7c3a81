/** Looking for updates by a company's proxy and its own authority; the feed and the proxy are on this computer. */
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NetworkScene } from '../unit/network/network-scene.ts';
import { expect, setUp, test } from './support/app-fixture.ts';
import { hasLoadedUpdater } from './support/loaded-updater.ts';

const feed = [
  'version: 99.0.0',
  'files:',
  '  - url: latchkey-99.0.0.AppImage',
  `    sha512: ${Buffer.alloc(64, 1).toString('base64')}`,
  '    size: 1',
  'path: latchkey-99.0.0.AppImage',
  `sha512: ${Buffer.alloc(64, 1).toString('base64')}`,
  "releaseDate: '2026-11-25T12:00:00.000Z'",
].join('\n');

for (const isKnown of [true, false]) {
  const title = isKnown
    ? 'updates are asked for through the proxy, with its user, of a server that the CA file vouches for'
    : 'updates are not asked for where nobody vouches for the server';
  test(title, async ({ launch, dataDir }) => {
    const scene = new NetworkScene();
    try {
      const asked: string[] = [];
      const server = await scene.https((req, res) => {
        asked.push(req.url ?? '');
        res.end(feed);
      });
      const proxy = await scene.proxy(() => server, { user: 'build:of the proxy' });
      const [ca, password] = [path.join(dataDir, 'company.pem'), path.join(dataDir, 'proxy-password')];
      copyFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'tls', 'ca.pem'), ca);
      writeFileSync(password, 'of the proxy\n', { mode: 0o600 });
      writeFileSync(
        path.join(dataDir, 'settings.json'),
        JSON.stringify({
          updates: { feedUrl: 'https://packages.example/feed', channel: 'latest' },
          network: {
            proxyUrl: `http://127.0.0.1:${proxy.port}`,
            proxyUser: 'build',
            proxyPasswordFile: password,
            ...(isKnown ? { caFile: ca } : {}),
          },
        }),
      );
      // The updater of AppImages looks only where it runs as one, and in a package.
      const { app, page } = await launch({ env: { APPIMAGE: path.join(dataDir, 'latchkey.AppImage') } });
      await app.evaluate(({ app: own }) => Object.defineProperty(own, 'isPackaged', { value: true }));
      await setUp(page);
      await app.evaluate(({ dialog }) => {
        const said: string[] = [];
        (globalThis as unknown as { said: string[] }).said = said;
        dialog.showMessageBox = async (...args: unknown[]) => {
          const { message, detail = '' } = args.at(-1) as { message: string; detail?: string };
          said.push(`${message} ${detail}`.trim());
          return { response: 0, checkboxChecked: false };
        };
      });
      await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('updates')!.click());
      const said = () => app.evaluate(() => (globalThis as unknown as { said: string[] }).said);
      await expect.poll(async () => (await said()).length, { timeout: 30_000 }).toBeGreaterThan(0);
      expect(await hasLoadedUpdater(app)).toBe(true);
      // Nothing else is asked of anybody, such as Chromium's dictionaries.
      expect(new Set(proxy.seen)).toEqual(new Set(['CONNECT packages.example:443']));
      if (isKnown) {
        expect(await said()).toEqual(['Latchkey 99.0.0 is available.']);
        expect(asked.map((url) => url.split('?')[0])).toContain('/feed/latest-linux.yml');
      } else {
        expect((await said()).join()).toMatch(
          /^Latchkey could not check for updates\. The certificate of packages\.example .*CA file/,
        );
        expect(asked).toEqual([]);
      }
    } finally {
      scene.close();
    }
  });
}
