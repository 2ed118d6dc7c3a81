import { expect as quickly, test } from '../support/latchkey-test.ts';

// A trace of so many steps takes longer than they do.
test.use({ demo: true, trace: 'off' });
/** None of the steps is about how fast it is: each change is written to the disk, which others may keep busy. */
const expect = quickly.configure({ timeout: 60_000 });
test.beforeEach(({ latchkey: { page } }, testInfo) => {
  page.setDefaultTimeout(60_000);
  testInfo.setTimeout(900_000);
});

test('a policy is made from a template, read back, changed, compared and rolled back', async ({
  latchkey,
}) => {
  const { page } = latchkey;
  const main = page.getByRole('navigation', { name: 'Main' });
  await expect(main).toBeVisible();
  await main.getByRole('link', { name: 'Policies', exact: true }).click();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Start from a template' }).click();
  const templates = page.getByRole('dialog', { name: 'Start from a template' });
  await templates.getByRole('radio', { name: 'Block malware, warn on the rest' }).check();
  await templates.getByRole('button', { name: 'Continue' }).click();

  // The template makes two policies, one after the other.
  const first = page.getByRole('dialog', { name: 'New policy (1 of 2)' });
  const readback = first.getByRole('region', { name: 'Reads as' });
  await expect(readback).toContainText(
    'In all environments, for all teams: packages are hidden if they are malware',
  );
  await first.getByRole('radio', { name: 'Refuse' }).check();
  await expect(readback).toContainText('packages are refused at download if they are malware');
  await first.getByRole('button', { name: 'Create policy' }).click();
  const second = page.getByRole('dialog', { name: 'New policy (2 of 2)' });
  await expect(second.getByRole('region', { name: 'Reads as' })).toContainText('only recorded');
  await second.getByRole('button', { name: 'Create policy' }).click();
  await expect(second).toBeHidden();

  const table = page.getByRole('table', { name: 'Policies' });
  await table.getByRole('link', { name: 'block-malware' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit policy' });
  await edit.getByRole('radio', { name: 'Observe' }).check();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  const row = table.getByRole('row', { name: /block-malware/ });
  await expect(row).toContainText('Observed');

  await page.getByRole('button', { name: 'Versions of block-malware' }).click();
  const versions = page.getByRole('dialog', { name: 'Versions of block-malware' });
  await expect(
    versions.getByRole('listitem').filter({ hasText: 'mode: enforce → observe' }).first(),
  ).toBeVisible();
  await versions.getByRole('button', { name: 'Roll back to version 1' }).click();
  await expect(versions.getByText('Version 3', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row).toContainText('Enforced');
});
