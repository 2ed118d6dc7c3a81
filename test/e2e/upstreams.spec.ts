/** A company's network and its upstreams, as an administrator sets them up. Everything is on this computer. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

const servers: Server[] = [];
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
test.afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const repodata = JSON.stringify({
  info: { subdir: 'noarch' },
  packages: {},
  'packages.conda': { 'first-1.0-0.conda': {}, 'our-tool-2.0-0.conda': {} },
});

test('a channel reaches a private host when it lists it, and its health is seen', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  let isSignInPage = false;
  const port = await serve((req, res) => {
    if (isSignInPage) res.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>Sign in</form>');
    else if (req.url === '/main/noarch/repodata.json') res.end(repodata);
    else if (req.url === '/main/noarch/our-tool-2.0-0.conda') res.end('bytes');
    else res.writeHead(404).end();
  });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Channels' }).click();
  await page.getByRole('button', { name: 'New channel' }).first().click();
  const form = page.getByRole('dialog', { name: 'New channel' });
  await form.getByLabel('Name', { exact: true }).fill('company');
  await form.getByLabel('Upstream URL').fill(`http://127.0.0.1:${port}/main`);
  await form.getByLabel('Test with').fill('our-tool');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText('Clients would get no packages')).toBeVisible({ timeout: 30_000 });
  await expect(form.getByText(`add 127.0.0.1:${port} to its private hosts`)).toBeVisible();
  await picture('upstreams-private-host-missing');

  const hosts = form.getByLabel('Private hosts that this channel may reach');
  await hosts.fill(`127.0.0.1:${port}`);
  await hosts.press('Enter');
  await form.getByRole('button', { name: 'Show their addresses' }).click();
  await expect(form.getByText('is now 127.0.0.1.')).toBeVisible();
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText('noarch/our-tool-2.0-0.conda can be downloaded')).toBeVisible({
    timeout: 30_000,
  });
  await form.getByLabel('Test with').fill('nowhere');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText('there is no package "nowhere" in it')).toBeVisible({ timeout: 30_000 });
  await form.getByRole('button', { name: 'Create channel' }).click();
  await expect(form).toBeHidden();

  // A token for it, so that somebody can ask the gateway.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tokens' }).click();
  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill('turing');
  await page.getByRole('option', { name: 'Alan Turing' }).click();
  await issue.getByRole('combobox', { name: 'Channels' }).click();
  await page.getByRole('option', { name: /^company/ }).click();
  await page.keyboard.press('Tab');
  await issue.getByRole('button', { name: 'Issue token' }).click();
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  await expect(issued).toBeVisible();
  await issued.getByRole('button', { name: /^Copy token/ }).click();
  const secret = await latchkey.clipboardText();
  expect(secret).toMatch(/^lk-/);
  await page.keyboard.press('Escape');

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Gateway', exact: true })
    .click();
  const address = await page
    .getByText(/^http:\/\/127\.0\.0\.1:\d+$/)
    .first()
    .textContent();
  const ask = () =>
    fetch(`${address}/conda/company/noarch/repodata.json`, {
      headers: { authorization: `Bearer ${secret}` },
    });
  isSignInPage = true;
  expect((await ask()).status).toBe(502);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Channels' }).click();
  const row = page.getByRole('row', { name: /company/ });
  await expect(row.getByText('The upstream sent no package index.')).toBeVisible();
  await expect(row.getByText('noarch/repodata.json')).toBeVisible();
  await picture('upstreams-health');
  isSignInPage = false;
  expect((await ask()).status).toBe(200);
  await expect(row.getByText('The upstream sent no package index.')).toBeHidden();
});

test('the network is set once for all: proxy, exceptions, password file, authorities', async ({
  latchkey,
}) => {
  const { page, dir, picture } = latchkey;
  const save = page.getByRole('button', { name: 'Save settings' });
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('CA file', { exact: true }).fill(join(dir, 'missing.pem'));
  await save.click();
  await expect(page.getByText(/missing\.pem.*doesn.t exist/).first()).toBeVisible();
  const ca = join(dir, 'ca.pem');
  writeFileSync(ca, 'no certificate');
  await page.getByLabel('CA file', { exact: true }).fill(ca);
  await save.click();
  await expect(page.getByText(/ca\.pem.*used as a CA file/).first()).toBeVisible();
  await picture('settings-ca-refused');
  copyFileSync(join(import.meta.dirname, '..', 'fixtures', 'tls', 'ca.pem'), ca);

  const password = join(dir, 'password');
  writeFileSync(password, 'of the proxy\n', { mode: 0o600 });
  const asked: string[] = [];
  const port = await serve((req, res) => {
    const pair = Buffer.from('build:of the proxy').toString('base64');
    asked.push(`${req.url} ${req.headers['proxy-authorization'] === `Basic ${pair}`}`);
    res.end(repodata);
  });
  await page.getByLabel('Proxy', { exact: true }).fill(`http://127.0.0.1:${port}`);
  await page.getByLabel('Proxy user').fill('build');
  await page.getByLabel("File with the proxy's password", { exact: true }).fill(password);
  await page.getByLabel('Without proxy').fill('.corp.example, 10.0.0.0/8');
  await save.click();
  await expect(save).toBeDisabled();
  await picture('settings-network');
  await page.reload();
  await expect(page.getByLabel('Without proxy')).toHaveValue('.corp.example, 10.0.0.0/8');
  await expect(page.getByLabel('Proxy user')).toHaveValue('build');

  // The test of a channel takes the same way: a name that only the proxy knows.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Channels' }).click();
  await page.getByRole('button', { name: 'New channel' }).first().click();
  const form = page.getByRole('dialog', { name: 'New channel' });
  await form.getByLabel('Name', { exact: true }).fill('outside');
  await form.getByLabel('Upstream URL').fill('http://packages.invalid/main');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText('noarch/first-1.0-0.conda can be downloaded')).toBeVisible({ timeout: 30_000 });
  expect(asked).toContain('http://packages.invalid/main/noarch/repodata.json true');
});
