import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

test('the demo shows a sample organization on every screen', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  const main = page.getByRole('navigation', { name: 'Main' });
  await expect(main).toBeVisible({ timeout: 30_000 });
  await picture('20-demo-overview');
  for (const [index, name] of [
    'Tokens',
    'Channels',
    'Teams',
    'Environments',
    'Policies',
    'Gateway',
    'Settings',
  ].entries()) {
    await main.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible();
    await page.waitForTimeout(300);
    await picture(`2${index + 1}-demo-${name.toLowerCase()}`);
  }
  await main.getByRole('link', { name: 'Tokens', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search tokens' }).fill('cluster');
  const table = page.getByRole('table', { name: 'Tokens' });
  await expect(table.getByRole('link', { name: 'prod-cluster' })).toBeVisible();
  await expect(table.getByRole('link', { name: 'Grace Hopper' })).toBeHidden();
});
