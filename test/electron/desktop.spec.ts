/** The habits of a desktop app, in a real Electron. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { latchkeyExecutable, launchArguments } from '../support/electron-app.ts';
import { expect, lock, locking, must, passphrase, setUp, test } from './support/app-fixture.ts';
import { hasLoadedUpdater } from './support/loaded-updater.ts';

/** Starts the app a second time on the same profile; returns when that start has ended. */
async function startAgain(dataDir: string, ...args: string[]): Promise<number | null> {
  const child = spawn(await latchkeyExecutable(), [...launchArguments({ dataDir }), ...args], {
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('a second start ends at once and shows the first window', async ({ launch, dataDir }) => {
  const { app } = await launch();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  expect(await startAgain(dataDir)).toBe(0);
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())),
    )
    .toEqual([true]);
});

test('a link to a token shows it after the unlock, and changes nothing', async ({ launch, dataDir }) => {
  const first = await launch();
  const { issue } = await setUp(first.page);
  const id = await issue('ci-runner');
  await first.page.reload();
  await expect(first.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await startAgain(dataDir, `latchkey://token/${id}`);
  await expect(first.page.getByRole('dialog')).toContainText('ci-runner');
  for (const hostile of [
    `latchkey://token/${id}/revoke`,
    'latchkey://token/../../x',
    `latchkey://revoke/${id}`,
    `LATCHKEY://token/${id}?x=1`,
  ]) {
    await startAgain(dataDir, hostile);
  }
  expect(await must(first.page, 'tokens.get', { id })).toMatchObject({ state: 'active' });
  await first.close();

  const second = await launch({ args: [`latchkey://token/${id}`] });
  await second.page.getByLabel('Passphrase').fill(passphrase);
  await second.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(second.page.getByRole('dialog')).toContainText('ci-runner');
});

test('a backup file is described and nothing is restored', async ({ launch, dataDir }) => {
  const { app } = await launch();
  await app.evaluate(({ dialog }) => {
    const said: string[] = [];
    (globalThis as unknown as { said: string[] }).said = said;
    dialog.showMessageBox = async (...args: unknown[]) => {
      said.push((args.at(-1) as { message: string }).message);
      return { response: 0, checkboxChecked: false };
    };
  });
  const good = path.join(dataDir, 'good.latchkey');
  const bad = path.join(dataDir, 'bad.latchkey');
  writeFileSync(good, '{"format":"latchkey-backup","version":1,"organization":"Acme"}\n...');
  writeFileSync(bad, 'MZ not one');
  for (const file of [good, bad, path.join(dataDir, 'missing.latchkey')]) await startAgain(dataDir, file);
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { said: string[] }).said))
    .toEqual([
      '“good.latchkey” says it is a Latchkey backup.',
      '“bad.latchkey” is not a Latchkey backup.',
      '“missing.latchkey” can’t be read.',
    ]);
});

for (const [event, reason] of [
  ['suspend', 'suspend'],
  ['lock-screen', 'screen-lock'],
] as const) {
  test(`locks on ${event}`, async ({ launch }) => {
    const { app, page } = await launch();
    await setUp(page);
    await locking(page, () => app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event));
    await expect
      .poll(() => must(page, 'session.status'))
      .toMatchObject({ vault: 'locked', lockedBecause: reason });
    await expect(page.getByRole('heading', { name: 'Unlock' })).toBeVisible();
  });
}

test('clears a copied secret at lock, but not what was copied since', async ({ launch }) => {
  const { app, page } = await launch();
  await setUp(page);
  const held = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await must(page, 'desktop.copySecret', { text: 'lk-secret' });
  expect(await held()).toBe('lk-secret');
  await lock(page);
  await expect.poll(held).toBe('');
  await must(page, 'session.unlock', { passphrase });
  await must(page, 'desktop.copySecret', { text: 'lk-secret' });
  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));
  await lock(page);
  expect(await held()).toBe('something else');
});

test('clears a copied secret after the seconds of the settings', async ({ launch }) => {
  const { app, page } = await launch();
  await setUp(page);
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, clipboardClearSeconds: 1 });
  expect(await must(page, 'desktop.copySecret', { text: 'lk-secret' })).toEqual({ clearedAfterSeconds: 1 });
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('');
});

test('a crash of the page locks and comes back at the lock screen', async ({ launch }) => {
  const { app, page } = await launch();
  await setUp(page);
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
  );
  const title = () =>
    app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents;
      if (contents.isCrashed() || contents.isLoading()) return 'loading';
      return Promise.race([
        contents.executeJavaScript('document.querySelector("h1")?.textContent') as Promise<string>,
        new Promise<string>((resolve) => setTimeout(() => resolve('no answer'), 1_000)),
      ]);
    });
  await expect.poll(title, { timeout: 60_000 }).toBe('Unlock');
});

test('the window comes back where it was, and never where no display is', async ({ launch, dataDir }) => {
  const first = await launch();
  const bounds = () => (app: typeof first.app) =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds());
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 900, height: 600 }),
  );
  // The display moves a window when it comes to it.
  const moved = { x: 40, y: 30, width: 900, height: 600 };
  await expect.poll(() => bounds()(first.app)).toEqual(moved);
  await first.close();
  const second = await launch();
  await expect.poll(() => bounds()(second.app)).toEqual(moved);
  await second.close();
  writeFileSync(
    path.join(dataDir, 'window.json'),
    JSON.stringify({ bounds: { x: 90_000, y: -5_000, width: 900, height: 600 }, isMaximized: false }),
  );
  const third = await launch();
  const placed = await bounds()(third.app);
  expect(placed.x).toBeLessThan(1280);
  expect(placed.y).toBeGreaterThanOrEqual(0);
});

test('edits are asked about before the window closes or the app quits, and never keep it from locking', async ({
  launch,
}) => {
  const { app, page } = await launch();
  await setUp(page);
  await page.reload();
  /** 0 keeps the edits, 1 lets them go. */
  const answer = (response: 0 | 1) =>
    app.evaluate(({ dialog }, which) => {
      const said: string[] = [];
      (globalThis as unknown as { said: string[] }).said = said;
      dialog.showMessageBox = async (...args: unknown[]) => {
        said.push((args.at(-1) as { message: string }).message);
        return { response: which, checkboxChecked: false };
      };
    }, response);
  const said = () => app.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await page.getByRole('link', { name: 'Teams', exact: true }).click();
  await page.getByRole('button', { name: 'New team' }).first().click();
  await name.pressSequentially('web');
  await answer(0);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await expect.poll(said).toEqual(['Discard your changes?']);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(said).toEqual(['Discard your changes?', 'Discard your changes?']);
  await expect(name).toHaveValue('web');
  // A lock waits for nobody.
  await lock(page);
  expect(await said()).toHaveLength(2);
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  // At the same place, and empty.
  await expect(name).toHaveValue('');
  await name.pressSequentially('web');
  await answer(1);
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => electron.quit());
  await closed;
});

test('settings of the system’s side take effect at once', async ({ launch }) => {
  const { app, page } = await launch();
  await setUp(page);
  await app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    window.setContentProtection = (on: boolean) =>
      void ((globalThis as unknown as { isProtected: boolean }).isProtected = on);
  });
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, contentProtection: true, colorScheme: 'dark' });
  expect(
    await app.evaluate(({ nativeTheme }) => ({
      source: nativeTheme.themeSource,
      isProtected: (globalThis as unknown as { isProtected: boolean }).isProtected,
    })),
  ).toEqual({ source: 'dark', isProtected: true });
});

test('the menu follows the lock, and its entries show the screens', async ({ launch }) => {
  const { app, page } = await launch();
  const isEnabled = (id: string) =>
    app.evaluate(({ Menu }, name) => Menu.getApplicationMenu()!.getMenuItemById(name)!.enabled, id);
  expect(await isEnabled('new-token')).toBe(false);
  await setUp(page);
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  expect(await isEnabled('new-token')).toBe(true);
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('policies')!.click());
  await expect(page).toHaveURL(/#\/policies/);
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('lock')!.click());
  await expect(page.getByRole('heading', { name: 'Unlock' })).toBeVisible();
});

test('an export is written through the system’s dialog, for its owner only', async ({ launch, dataDir }) => {
  const { app, page } = await launch();
  await setUp(page);
  const [team] = await must<{ id: string }[]>(page, 'teams.list');
  const [environment] = await must<{ id: string }[]>(page, 'environments.list');
  const [channel] = await must<{ id: string }[]>(page, 'channels.list');
  const issued = await must<{ token: { id: string }; secret: string }>(page, 'tokens.issue', {
    holder: { kind: 'person', name: 'Grace' },
    teamId: team!.id,
    environmentId: environment!.id,
    channelIds: [channel!.id],
    ttlDays: 30,
  });
  const target = path.join(dataDir, 'chosen.condarc');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, target);
  const rendered = await must<{ files: { name: string }[] }>(page, 'exports.render', {
    format: 'condarc',
    tokenId: issued.token.id,
    secret: issued.secret,
  });
  await must(page, 'exports.save', {
    format: 'condarc',
    tokenId: issued.token.id,
    secret: issued.secret,
    fileName: rendered.files[0]!.name,
  });
  expect(readFileSync(target, 'utf8')).toContain(issued.secret);
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

test('no update feed: the updater is not even loaded', async ({ launch }) => {
  const { app, page } = await launch();
  await setUp(page);
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('updates')!.click());
  // That this sees it where a feed is set, updates.spec.ts shows.
  expect(await hasLoadedUpdater(app)).toBe(false);
});

test('a start that fails says why in a dialog and ends', async ({ dataDir }) => {
  // A file where the profile's folder should be made: nobody, not even root, can write into it.
  const blocked = path.join(dataDir, 'blocked');
  writeFileSync(blocked, '');
  const child = spawn(
    await latchkeyExecutable(),
    [...launchArguments({ dataDir }), '--remote-debugging-port=0'],
    {
      env: { ...process.env, LATCHKEY_DATA_DIR: path.join(blocked, 'below') },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, { timeout: 15_000 }).toContain('latchkey: could not start:');
  child.kill('SIGKILL');
});
