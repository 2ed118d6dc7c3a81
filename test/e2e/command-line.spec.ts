import { join } from 'node:path';
import { runCli } from '../support/run-cli.ts';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

test('lets commands work in the open app after a click, until it is taken back or locked @desktop', async ({
  latchkey: { page, dir },
}) => {
  const env = { LATCHKEY_DATA_DIR: join(dir, 'data', 'demo') };
  const teams = () => runCli(['team', 'list'], { env });
  await page.getByRole('link', { name: 'Settings' }).click();
  expect((await teams()).code).toBe(3);
  await page.getByRole('button', { name: 'Let commands work here' }).click();
  await expect(page.getByText('Commands of this user work here without the passphrase.')).toBeVisible();
  const listed = await teams();
  expect([listed.code, listed.stderr]).toEqual([0, '']);
  expect(listed.stdout).toContain('data-science');
  expect((await runCli(['status'], { env })).stdout).toMatch(/Unlocked +by the app/);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Let commands work here' })).toBeVisible();
  expect((await teams()).code).toBe(3);
});
