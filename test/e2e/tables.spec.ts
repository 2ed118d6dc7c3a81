import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true, trace: 'off' });

const table = (page: Page) => page.getByRole('table', { name: 'Tokens' });
const row = (page: Page, holder: string) => table(page).getByRole('row', { name: holder }).first();
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search tokens' });

async function openTokens(page: Page): Promise<void> {
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Tokens', exact: true }).click();
  await expect(page.getByText('7 tokens', { exact: true })).toBeVisible();
}

async function pick(page: Page, ...holders: string[]): Promise<void> {
  for (const holder of holders) await row(page, holder).getByRole('checkbox').check();
}

/** @returns the text of the file */
async function exportAs(page: Page, dir: string, format: 'csv' | 'json'): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: `${format.toUpperCase()}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Save tokens as a file' });
  await dialog.getByRole('textbox', { name: 'Path' }).fill(join(dir, `rows.${format}`));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  return readFileSync(join(dir, `rows.${format}`), 'utf8');
}

test('a list is looked at by its address, kept under a name, and saved as it is filtered', async ({
  latchkey: { page, dir },
}) => {
  await openTokens(page);
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Active' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Holder' }).click();
  await search(page).fill('data-science');
  await expect(page.getByText('3 of 7 tokens')).toBeVisible();
  await expect(page).toHaveURL(/#\/tokens\?search=data-science&state=active&sort=holder$/);
  await page.reload();
  await expect(page.getByText('3 of 7 tokens')).toBeVisible();
  await expect(search(page)).toHaveValue('data-science');
  await expect(page.getByRole('columnheader', { name: 'Holder' })).toHaveAttribute('aria-sort', 'ascending');

  // Files have what is filtered, in its order.
  const csv = (await exportAs(page, dir, 'csv')).trim().split('\n');
  expect(csv.map((line) => line.split(',')[0])).toEqual([
    'holder',
    'Alan Turing',
    'Grace Hopper',
    'nightly-training',
  ]);
  const json = JSON.parse(await exportAs(page, dir, 'json')) as { holder: string }[];
  expect(json.map(({ holder }) => holder)).toEqual(['Alan Turing', 'Grace Hopper', 'nightly-training']);

  // Kept under a name, and given another one.
  const views = page.getByRole('button', { name: 'Views' });
  await views.click();
  await page.getByRole('textbox', { name: 'Name' }).fill('science');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Rename the view science' }).click();
  await page.getByRole('textbox', { name: 'Rename the view science' }).fill('Active science');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Active science', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByText('7 tokens', { exact: true })).toBeVisible();
  // A link from elsewhere to what was lost.
  await page.goto(new URL('#/tokens?state=revoked', page.url()).href);
  await expect(page.getByText('1 of 7 tokens')).toBeVisible();
  await page.reload();
  await expect(row(page, 'Edsger Dijkstra')).toContainText('revoked');
  await views.click();
  await page.getByRole('button', { name: 'Active science', exact: true }).click();
  await expect(page.getByText('3 of 7 tokens')).toBeVisible();
  await views.click();
  await page.getByRole('button', { name: 'Remove the view Active science' }).click();
  await expect(page.getByText('No saved views yet.')).toBeVisible();
});

test('acts on several tokens say what they change, and change exactly that', async ({
  latchkey: { page, dir },
}) => {
  await openTokens(page);
  const bar = page.getByRole('toolbar', { name: 'Selected tokens' });
  const act = async (name: string) => {
    await bar.getByRole('button', { name: `${name}…` }).click();
    return page.getByRole('dialog');
  };
  // What cannot be changed stays out of the number.
  await pick(page, 'Grace Hopper', 'Edsger Dijkstra');
  await expect(bar.getByRole('status')).toHaveText('2 selected');
  await expect(bar.getByRole('button', { name: 'Select all 7 matching tokens' })).toBeVisible();
  const note = await act('Note');
  await note.getByRole('textbox', { name: 'Note' }).fill('checked in autumn');
  await expect(note.getByText('Changes 1 of 2 tokens.')).toBeVisible();
  await expect(note.getByText('1 is revoked')).toBeVisible();
  await note.getByRole('button', { name: 'Set note on 1 token' }).click();
  await expect(note).toBeHidden();
  await search(page).fill('autumn');
  await expect(page.getByText('1 of 7 tokens')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();

  // All that match: exactly these, also where others are in the list.
  await search(page).fill('data-science');
  await expect(page.getByText('3 of 7 tokens')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select 3 tokens on this page' }).check();
  await expect(bar.getByRole('status')).toHaveText('All 3 matching selected');
  const narrow = await act('Narrow');
  await expect(narrow.getByText('Choose what to take away first.')).toBeVisible();
  await narrow.getByRole('combobox', { name: 'Only from these networks' }).fill('10.9.0.0/16');
  await page.keyboard.press('Enter');
  await expect(narrow.getByText('Changes 3 of 3 tokens.')).toBeVisible();
  await narrow.getByRole('button', { name: 'Narrow 3 tokens' }).click();
  await expect(narrow).toBeHidden();

  // New secrets are shown once, and asked about before they are lost.
  await pick(page, 'Grace Hopper', 'nightly-training');
  const rotate = await act('Rotate');
  await expect(rotate.getByText('Changes 2 of 2 tokens.')).toBeVisible();
  await rotate.getByRole('button', { name: 'Rotate 2 tokens' }).click();
  const issued = page.getByRole('dialog', { name: '2 tokens rotated' });
  await expect(issued.locator('code')).toHaveCount(2);
  const secrets = await issued.locator('code').allTextContents();
  expect(new Set(secrets).size).toBe(2);
  await page.keyboard.press('Escape');
  const question = page.getByRole('dialog', { name: 'Close without saving?' });
  await question.getByRole('button', { name: 'Go back' }).click();
  await issued.getByRole('button', { name: 'Save as CSV…' }).click();
  const saving = page.getByRole('dialog', { name: 'Save new tokens as a file' });
  await saving.getByRole('textbox', { name: 'Path' }).fill(join(dir, 'new.csv'));
  await saving.getByRole('button', { name: 'Save' }).click();
  await expect(saving).toBeHidden();
  const file = readFileSync(join(dir, 'new.csv'), 'utf8');
  for (const secret of secrets) expect(file).toContain(secret);
  await issued.getByRole('button', { name: 'Done' }).click();
  await expect(issued).toBeHidden();
  for (const secret of secrets) expect(await page.content()).not.toContain(secret);
  await expect(page.getByText('5 of 9 tokens')).toBeVisible();
  await expect(table(page).getByText('Replaced')).toHaveCount(2);
  await expect(table(page).getByText('in 7 days')).toHaveCount(2);
  await expect(table(page).getByText('in 90 days')).toHaveCount(2);

  // Revoked ones end no more.
  await pick(page, 'Alan Turing');
  await bar.getByRole('button', { name: 'Select all 5 matching tokens' }).click();
  const revoke = await act('Revoke');
  await expect(revoke.getByText('Changes 5 of 5 tokens.')).toBeVisible();
  await revoke.getByRole('textbox', { name: 'Reason' }).fill('the project ended');
  await revoke.getByRole('button', { name: 'Revoke 5 tokens' }).click();
  await expect(revoke).toBeHidden();
  await expect(table(page).getByText('revoked just now')).toHaveCount(5);
});
