/** A secret is in the page's memory while it is shown, and not afterwards. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/latchkey-test.ts';
import { foundIn, heapOf, wholeTexts } from '../support/page-heap.ts';

test.use({ demo: true, engineArgs: [wholeTexts] });

/** The token that a dialog shows; it is in the heap, gone through as afterwards. */
async function shownToken(page: Page, title: string | RegExp): Promise<string> {
  const dialog = page.getByRole('dialog', { name: title });
  await expect(dialog).toContainText(/lk-\w{8}-\w{38}/);
  const [token = ''] = /lk-\w{8}-\w{38}/.exec((await dialog.textContent()) ?? '') ?? [];
  expect(foundIn(await heapOf(page), token)).toContain(token.slice(-38));
  return token;
}

async function closeWithoutCopying(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole('dialog', { name: title }).getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Close anyway' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

const expectGone = (page: Page, token: string) =>
  expect.poll(async () => foundIn(await heapOf(page), token), { timeout: 30_000 }).toEqual([]);

test('no secret stays in the heap when its dialog is closed @desktop', async ({ latchkey }) => {
  // Five snapshots of a whole heap.
  test.slow();
  const { page } = latchkey;
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Tokens', exact: true })
    .click();

  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill('somebody-new');
  await issue.getByRole('combobox', { name: 'Channels' }).click();
  await page.locator('[role=option]:visible').first().click();
  await page.keyboard.press('Tab');
  await issue.getByRole('button', { name: 'Issue token' }).click();
  await expect(page.getByRole('dialog', { name: 'Token issued' }).getByRole('tab').first()).toBeVisible();
  const issued = await shownToken(page, 'Token issued');
  await closeWithoutCopying(page, 'Token issued');
  await expectGone(page, issued);

  await page.getByRole('row').filter({ hasText: 'Grace Hopper' }).getByRole('checkbox').first().check();
  await page
    .getByRole('toolbar', { name: 'Selected tokens' })
    .getByRole('button', { name: 'Rotate…' })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Rotate/ })
    .click();
  const rotated = await shownToken(page, /rotated$/);
  await closeWithoutCopying(page, /rotated$/);
  await expectGone(page, rotated);
});
