import { freePort } from '../support/free-port.ts';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

test('a changed port waits for "Restart now", on the screen where it was changed', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  const port = await freePort();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await page.getByRole('button', { name: 'Save settings' }).click();
  const restart = page.getByRole('button', { name: 'Restart now' });
  await expect(restart).toBeVisible();
  await picture('settings-restart-now');
  await restart.click();
  await expect(page.getByText(`The gateway is running at http://127.0.0.1:${port}.`).first()).toBeVisible();
  await expect(restart).toBeHidden();
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  await page.getByRole('link', { name: 'Gateway', exact: true }).click();
  await expect(page.getByText(`http://127.0.0.1:${port}`, { exact: true })).toBeVisible();
  await expect(restart).toBeHidden();
});

test('whether downloads outlive their token is a setting, kept over a reload', async ({ latchkey }) => {
  const { page } = latchkey;
  await page.getByRole('link', { name: 'Settings' }).click();
  const finish = page.getByLabel('Let running downloads finish');
  await expect(finish).not.toBeChecked();
  await finish.check({ force: true });
  await page.getByLabel('Time for running downloads when it stops').fill('30');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('button', { name: 'Save settings' })).toBeDisabled();
  await page.reload();
  await expect(finish).toBeChecked();
  await expect(page.getByLabel('Time for running downloads when it stops')).toHaveValue('30 seconds');
});
