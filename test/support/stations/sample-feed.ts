import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Three advisories about the packages of the sample organization, and about one that is nearly called so. */
export const sampleAdvisories = join(import.meta.dirname, '..', '..', 'fixtures', 'sample-advisories');

/** Nothing here is fast on a busy computer. */
const slow = { timeout: 60_000 };
/** Where it was added already. */
const having = new WeakSet<Page>();

/** Adds the feed of them where it is not there yet, by the screen of facts, and waits until it was read. */
export async function addSampleFeed(page: Page): Promise<void> {
  if (having.has(page)) return;
  await page.evaluate(() => {
    window.location.hash = '#/facts';
  });
  await expect(page.getByRole('heading', { name: 'Facts', level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy=true]:visible')).toHaveCount(0);
  const row = page.getByRole('row', { name: /sample-advisories/ });
  if ((await row.count()) === 0) {
    await page.getByRole('button', { name: /^Add feed/ }).click();
    const form = page.getByRole('dialog', { name: 'Add feed' });
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('sample-advisories');
    await form.getByText('A folder or file', { exact: true }).click();
    await form.getByRole('textbox', { name: 'Folder on this computer' }).fill(sampleAdvisories);
    await form.getByRole('button', { name: 'Add feed' }).click();
    await expect(form).toBeHidden(slow);
  }
  // It is read in a thread of its own.
  await expect(row).toContainText('Up to date', slow);
  having.add(page);
}
