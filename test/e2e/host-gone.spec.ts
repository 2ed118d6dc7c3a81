import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

test('a host that was stopped is told as such, and its gateway is not called running @desktop', async ({
  latchkey,
}) => {
  const { page, picture } = latchkey;
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation.getByText('Gateway running')).toBeVisible({ timeout: 30_000 });
  await latchkey.stopHost();
  // The next thing that anybody does; in the browser the page notices by itself.
  await navigation.getByRole('link', { name: 'Settings', exact: true }).click();
  await navigation.getByRole('button', { name: 'Lock' }).click();
  // Whoever locks sees nothing of the data any more, although nobody is there to lock.
  await expect(page.getByRole('heading', { name: 'Latchkey was stopped' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Start it again');
  await expect(navigation).toBeHidden();
  await expect(page.getByText('This is a bug')).toBeHidden();
  await picture('40-host-gone');
});
