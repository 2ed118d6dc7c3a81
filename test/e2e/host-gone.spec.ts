import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

test('a host that was stopped is told as such, and its gateway is not called running', async ({
  latchkey,
}) => {
  const { page, picture } = latchkey;
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation.getByText('Gateway running')).toBeVisible({ timeout: 30_000 });
  await latchkey.stopHost();
  // The next thing that anybody does; in the browser the page notices by itself.
  await navigation.getByRole('link', { name: 'Settings', exact: true }).click();
  await navigation.getByRole('button', { name: 'Lock' }).click();
  const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'Latchkey was stopped.' });
  await expect(alert).toContainText('Start it again');
  await expect(navigation.getByText('Gateway running')).toBeHidden();
  await expect(page.getByText('This is a bug')).toBeHidden();
  await picture('40-host-gone');
});
