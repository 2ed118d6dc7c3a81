import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, lastLaunchUrl, test } from '../support/latchkey-test.ts';

// Only the browser host has an address; the Electron project leaves this file out.
test('the launch address works once, is not kept, and signs a page in over reloads and links', async ({
  latchkey,
}) => {
  const { page, output } = latchkey;
  const url = lastLaunchUrl(output()) ?? '';
  await expect(page.getByLabel('Organization name')).toBeVisible();
  expect(page.url()).not.toContain('launch');
  await page.reload();
  await expect(page.getByLabel('Organization name')).toBeVisible();
  await page.goto(new URL('/#/tokens/new', url).href);
  await expect(page.getByLabel('Organization name')).toBeVisible();
  expect(await page.evaluate(() => document.cookie)).toBe('');

  const signedOut = { name: 'This page is not signed in' };
  const tab = await page.context().newPage();
  await tab.goto(new URL('/', url).href);
  await expect(tab.getByRole('heading', signedOut)).toBeVisible();
  await expect(tab.getByText(/Each tab needs its own/)).toBeVisible();
  await tab.close();

  const again = await page.context().browser()!.newContext();
  const second = await again.newPage();
  await second.goto(url);
  await expect(second.getByRole('heading', signedOut)).toBeVisible();
  await expect(second.getByText(/been used already/)).toBeVisible();
  await again.close();
});

test('Enter prints another address, which signs in its page and signs out the one before', async ({
  latchkey,
}) => {
  const { page, output, pressEnter } = latchkey;
  const first = lastLaunchUrl(output()) ?? '';
  await expect(page.getByLabel('Organization name')).toBeVisible();
  pressEnter();
  await expect.poll(() => lastLaunchUrl(output())).not.toBe(first);
  const tab = await page.context().newPage();
  await tab.goto(new URL('/#/settings', first).href);
  // The page that knows nothing says what to do.
  await expect(tab.getByText('Press Enter there for a new one.')).toBeVisible();
  await tab.goto(lastLaunchUrl(output()) ?? '');
  await expect(tab.getByLabel('Organization name')).toBeVisible();
  await expect(page.getByText('Another page was opened with a newer address.')).toBeVisible();
  await tab.reload();
  await expect(tab.getByLabel('Organization name')).toBeVisible();
  await tab.close();
});

test('a script that is loaded later and is not the one that was built does not run', async ({ latchkey }) => {
  const { page, output } = latchkey;
  await expect(page.getByLabel('Organization name')).toBeVisible();
  const tab = await page.context().newPage();
  // Whoever has the port by then.
  await tab.route('**/assets/settings-screen-*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `globalThis.foreign = true;\n${await answer.text()}` });
  });
  await tab.goto(new URL('/', lastLaunchUrl(output()) ?? '').href);
  const load = (name: string) =>
    tab.evaluate(async (start) => {
      const map = document.querySelector('script[type=importmap]')?.textContent ?? '{}';
      const { integrity } = JSON.parse(map) as { integrity: Record<string, string> };
      const path = Object.keys(integrity).find((entry) => entry.startsWith(`./assets/${start}-`));
      const outcome = await import(new URL(path ?? '', document.baseURI).href).then(
        () => 'ran',
        (error: unknown) => (error instanceof Error ? error.name : 'failed'),
      );
      return [outcome, 'foreign' in globalThis];
    }, name);
  expect(await load('settings-screen')).toEqual(['TypeError', false]);
  expect(await load('teams-screen')).toEqual(['ran', false]);
  await tab.close();
});

test('a page on another local port can neither read nor call anything', async ({ latchkey }) => {
  const { page, output } = latchkey;
  await expect(page.getByLabel('Organization name')).toBeVisible();
  const origin = new URL(lastLaunchUrl(output()) ?? '').origin;
  const received: string[] = [];
  const other = createServer((request, response) => {
    received.push(JSON.stringify(request.headers));
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const tab = await page.context().newPage();
  await tab.goto(elsewhere);
  const tried = await tab.evaluate(async (target) => {
    const attempt = async (path: string, init?: RequestInit): Promise<string> => {
      try {
        const answer = await fetch(target + path, init);
        return `${answer.type} ${answer.status}`;
      } catch {
        return 'failed';
      }
    };
    const call = { method: 'POST', body: '{}', credentials: 'include' as const };
    const json = { 'content-type': 'application/json', 'x-latchkey': '1' };
    return Promise.all([
      attempt('/'),
      attempt('/rpc/session.status', { ...call, headers: json }),
      attempt('/rpc/session.status', { ...call, mode: 'no-cors' }),
      attempt('/events', { ...call, headers: json }),
      attempt('/session', { ...call, headers: json }),
    ]);
  }, origin);
  // Also what is sent without asking (`no-cors`) gets nothing to see.
  expect(tried).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
  // The other program got requests of this browser; nothing that signs in was among them.
  expect(received.join()).not.toMatch(/cookie|authorization/i);
  await tab.close();
  other.close();
});

test('the lists of words and the palette are loaded when they are first needed', async ({ latchkey }) => {
  const { page } = latchkey;
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(({ name }) => /assets\/([\w-]+)\.js/.exec(name)?.[1] ?? []),
    );
  const passphrase = page.getByRole('textbox', { name: 'Passphrase', exact: true });
  await expect(passphrase).toBeVisible({ timeout: 60_000 });
  expect(await loaded()).toContainEqual(expect.stringMatching(/^welcome-/));
  expect(await loaded()).not.toContainEqual(expect.stringMatching(/^(guess-estimate|palette)-/));
  await passphrase.fill('violet harbour ninety lanterns');
  await expect.poll(loaded, { timeout: 60_000 }).toContainEqual(expect.stringMatching(/^guess-estimate-/));
});
