import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeDemoPypi } from '../../src-main/services/demo-packages.ts';
import { expect, test } from '../support/latchkey-test.ts';
import { runClient } from '../support/python-clients.ts';

const passphrase = 'violet harbour ninety lanterns';

const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();

async function createOrganization(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Organization name' }).fill('Acme Research');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Admin');
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase);
  await page.getByRole('textbox', { name: 'Repeat passphrase' }).fill(passphrase);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
}

/** Picks from a native select or from a list that opens. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  const box = page.getByRole('dialog').getByRole('combobox', { name: label }).first();
  if ((await box.evaluate((element) => element.tagName)) === 'SELECT') {
    await box.selectOption({ label: option });
    return;
  }
  await box.click();
  await page.locator('[role=option]:visible').filter({ hasText: option }).first().click();
}

test('issue a token, install with its config, revoke, and the same install fails @desktop', async ({
  latchkey,
}) => {
  const { page, dir, picture } = latchkey;
  const wheels = join(dir, 'wheels');
  writeDemoPypi(wheels);
  await picture('01-welcome');
  await createOrganization(page);
  await picture('02-overview-empty');

  await go(page, 'Teams');
  await page.getByRole('button', { name: 'New team' }).first().click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('science');
  await page.getByRole('dialog').getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();

  await go(page, 'Channels');
  await page.getByRole('button', { name: 'New channel' }).first().click();
  const channel = page.getByRole('dialog', { name: 'New channel' });
  await channel.getByText('Python index', { exact: true }).click();
  await channel.getByRole('textbox', { name: 'Name', exact: true }).fill('internal');
  await channel.getByText('A folder', { exact: true }).click();
  await channel.getByRole('textbox', { name: 'Folder on this computer' }).fill(wheels);
  await channel.getByRole('button', { name: 'Test connection' }).click();
  await expect(channel.getByText('Clients get packages')).toBeVisible();
  await picture('03-channel');
  await channel.getByRole('button', { name: 'Create channel' }).click();
  await expect(channel).toBeHidden();

  await go(page, 'Tokens');
  await page.getByRole('button', { name: 'Issue token' }).first().click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill('Grace Hopper');
  await expect(issue.getByText('New person, added with the token.')).toBeVisible();
  await choose(page, 'Team', 'science');
  await choose(page, 'Environment', 'dev');
  await choose(page, 'Channels', 'internal');
  await page.keyboard.press('Tab');
  await picture('04-issue');
  await issue.getByRole('button', { name: 'Issue token' }).click();

  const issued = page.getByRole('dialog', { name: 'Token issued' });
  const secret = (await issued.getByTestId('token-secret').textContent())?.trim() ?? '';
  expect(secret).toMatch(/^lk-[0-9A-Za-z]{8}-[0-9A-Za-z]{38}$/);
  await issued.getByRole('tab', { name: 'pip.conf' }).click();
  await issued.getByRole('button', { name: 'Copy pip.conf' }).click();
  await expect.poll(() => latchkey.clipboardText()).toContain('index-url');
  const conf = await latchkey.clipboardText();
  expect(conf).toContain(secret);
  await picture('05-token-issued');
  await issued.getByRole('button', { name: 'Done' }).click();
  await expect(issued).toBeHidden();
  // Shown once: nothing of it is left in the page.
  expect(await page.content()).not.toContain(secret.slice(12));

  mkdirSync(join(dir, 'home'));
  writeFileSync(join(dir, 'home', 'pip.conf'), conf, { mode: 0o600 });
  const install = (target: string) =>
    runClient(
      'pip',
      ['install', '-vv', '--no-cache-dir', '--target', join(dir, target), 'latchkey-demo-hello'],
      {
        HOME: join(dir, 'home'),
        PIP_CONFIG_FILE: join(dir, 'home', 'pip.conf'),
      },
    );
  const installed = await install('first');
  expect(installed.output).toContain('Successfully installed latchkey-demo-hello-1.1.0');

  // The token's row tells which client used it.
  await go(page, 'Gateway');
  await expect(page.getByText('pip/26.3').first()).toBeVisible();
  await picture('06-gateway');

  await go(page, 'Tokens');
  await page.getByRole('table', { name: 'Tokens' }).getByRole('link', { name: 'Grace Hopper' }).click();
  const drawer = page.getByRole('dialog', { name: 'Token of Grace Hopper' });
  await picture('07-token-details');
  await drawer.getByRole('button', { name: 'Revoke…' }).click();
  const revoke = page.getByRole('dialog', { name: 'Revoke token' });
  await revoke.getByRole('textbox', { name: 'Reason' }).fill('laptop lost');
  await picture('08-revoke');
  await revoke.getByRole('button', { name: /^Revoke lk-/ }).click();
  await expect(revoke).toBeHidden();

  const refused = await install('second');
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(/was revoked: laptop lost/);
});

test('lock by hand, refuse a wrong passphrase, unlock again @desktop', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await createOrganization(page);
  await page.getByRole('button', { name: 'Lock' }).click();
  await latchkey.signInAgain();
  const field = page.getByRole('textbox', { name: 'Passphrase' });
  await field.fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(page.getByText(/does not open this vault/i).first()).toBeVisible();
  await picture('09-wrong-passphrase');
  // It kept the focus and is selected: typing replaces it, and Enter sends.
  await expect(field).toBeFocused();
  await page.keyboard.type(passphrase);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
});
