import type { Page } from '@playwright/test';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();

test('configs are grouped, the recommended one first, reachable by keyboard and at 900 px', async ({
  latchkey,
}) => {
  const { page, picture } = latchkey;
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
  await page.setViewportSize({ width: 900, height: 800 });
  await go(page, 'Tokens');
  await page.getByRole('table', { name: 'Tokens' }).getByRole('link', { name: 'Grace Hopper' }).click();
  const drawer = page.getByRole('dialog', { name: 'Token of Grace Hopper' });
  await picture('60-drawer-900');
  await drawer.getByRole('button', { name: 'Export config…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export config of lk-/ });
  await expect(dialog.getByRole('tablist')).toHaveCount(3);
  const recommended = dialog.getByRole('tablist', { name: 'Recommended' }).getByRole('tab');
  await expect(recommended.first()).toHaveAttribute('aria-selected', 'true');
  await expect(dialog.getByText('Tried with', { exact: true })).toBeVisible();
  await picture('61-export-900');
  // No sideways scrolling of the page or the dialog.
  const overflow = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);

  await recommended.first().focus();
  await page.keyboard.press('Tab');
  const focused = dialog.getByRole('tablist', { name: 'Other clients' }).getByRole('tab').first();
  await expect(focused).toBeFocused();
  await dialog.getByRole('tab', { name: 'GitHub Actions' }).click();
  await expect(dialog.getByText('Not run; parsed by its documented rules', { exact: true })).toBeVisible();
  await picture('62-export-place-900');
  await page.keyboard.press('Escape');

  await drawer.getByRole('button', { name: 'Test this token…' }).click();
  const testing = page.getByRole('dialog', { name: /^Test lk-/ });
  await testing.getByText('A configuration').click();
  await testing
    .getByRole('textbox', { name: 'Configuration', exact: true })
    .fill('channels:\n  - defaults\n  - http://127.0.0.1:1/conda/t/lk-01234567-secretsecret/x\n');
  await testing.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(testing.getByRole('list', { name: 'Findings' })).toContainText('default_channels');
  await expect(testing.getByText('lk-01234567-****').first()).toBeVisible();
  await picture('63-test-config-900');
});

test('the export of a revoked token says so first', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
  await go(page, 'Tokens');
  await page
    .getByRole('table', { name: 'Tokens' })
    .getByRole('row')
    .filter({ hasText: 'revoked' })
    .first()
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Export config…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export config of lk-/ });
  await expect(dialog.getByRole('alert')).toContainText(/was revoked on .*the gateway refuses it/);
  await picture('65-export-revoked');
});

test('a token is tested where it is issued, and where its holder gives it', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
  await page.setViewportSize({ width: 900, height: 800 });
  await go(page, 'Tokens');
  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill('turing');
  await page.getByRole('option', { name: 'Alan Turing' }).click();
  await issue.getByRole('combobox', { name: 'Channels' }).click();
  await page.locator('[role=option]:visible').first().click();
  await page.keyboard.press('Tab');
  await issue.getByRole('button', { name: 'Issue token' }).click();
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  const secret = (await issued.getByTestId('token-secret').textContent())?.trim() ?? '';
  await issued.getByRole('button', { name: 'Test this token' }).click();
  await expect(issued.getByRole('list', { name: 'Answers from the gateway' })).toContainText(
    'The gateway answers.',
  );
  await expect(issued.getByRole('tablist', { name: 'Recommended' }).getByRole('tab').first()).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await picture('64-token-issued-900');
  await issued.getByRole('button', { name: 'Copy token' }).click();
  await issued.getByRole('button', { name: 'Done' }).click();

  await page
    .getByRole('table', { name: 'Tokens' })
    .getByRole('link', { name: 'Alan Turing' })
    .first()
    .click();
  const drawer = page.getByRole('dialog', { name: 'Token of Alan Turing' });
  await drawer.getByRole('button', { name: 'Test this token…' }).click();
  const testing = page.getByRole('dialog', { name: /^Test lk-/ });
  await testing.getByLabel('Token', { exact: true }).fill('lk-01234567-of-another');
  await testing.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(testing.getByRole('alert')).toContainText('This is not a token');
  expect(await page.content()).not.toContain(secret.slice(12));
});
