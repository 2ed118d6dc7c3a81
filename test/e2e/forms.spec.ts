import type { Page } from '@playwright/test';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true });

const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();

test.beforeEach(async ({ latchkey: { page } }) => {
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
});

test('a token is changed and its holder renamed where they are looked at @desktop', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await go(page, 'Tokens');
  const table = page.getByRole('table', { name: 'Tokens' });
  await table.getByRole('link', { name: 'Grace Hopper' }).click();
  const drawer = page.getByRole('dialog', { name: 'Token of Grace Hopper' });
  await drawer.getByRole('button', { name: 'Edit…' }).click();
  const edit = page.getByRole('dialog', { name: /^Edit lk-/ });
  await expect(edit.getByRole('button', { name: 'Save' })).toBeDisabled();
  await edit.getByText('Only from…').click();
  await edit.getByRole('combobox', { name: 'Networks' }).fill('10.20.0.0/99');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByText(/10\.20\.0\.0\/99/).last()).toBeVisible();
  await picture('30-edit-refused');
  // Escape alone would lose what was entered.
  await page.keyboard.press('Escape');
  await page
    .getByRole('dialog', { name: 'Discard your changes?' })
    .getByRole('button', { name: 'Discard' })
    .click();
  await expect(edit).toBeHidden();
  await drawer.getByRole('button', { name: 'Edit…' }).click();
  await edit.getByRole('textbox', { name: 'Note' }).fill('second laptop');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(drawer.getByText('second laptop')).toBeVisible();

  await drawer.getByRole('button', { name: 'Rename Grace Hopper' }).click();
  const rename = page.getByRole('dialog', { name: 'Rename person' });
  await expect(rename.getByText(/1 active token will show the new name/)).toBeVisible();
  await rename.getByRole('textbox', { name: 'Name' }).fill('Grace Murray Hopper');
  await rename.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Token of Grace Murray Hopper' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(table.getByRole('link', { name: 'Grace Murray Hopper' })).toBeVisible();
});

test('one issue reads the list of tokens once, and takes a holder that there is', async ({ latchkey }) => {
  const { page, host } = latchkey;
  await go(page, 'Tokens');
  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Holder' }).fill('turing');
  await page.getByRole('option', { name: 'Alan Turing' }).click();
  await expect(issue.getByText(/^Existing person with 1 active token\./)).toBeVisible();
  await issue.getByRole('combobox', { name: 'Channels' }).click();
  await page.locator('[role=option]:visible').first().click();
  await page.keyboard.press('Tab');
  const calls: string[] = [];
  page.on('request', (request) => {
    const [, method] = /\/rpc\/(\S+)$/.exec(request.url()) ?? [];
    if (method !== undefined) calls.push(method);
  });
  await issue.getByRole('button', { name: 'Issue token' }).click();
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  await expect(issued).toBeVisible();
  await expect(issued.getByRole('tab').first()).toBeVisible();
  await expect(
    page.getByRole('table', { name: 'Tokens', includeHidden: true }).getByText('Alan Turing'),
  ).toHaveCount(2);
  if (host === 'browser') {
    // The form shows how many tokens its holder has, and may still be open when the change is told.
    const aside = ['session.touch', 'holders.list'];
    expect(calls.filter((method) => !aside.includes(method)).sort()).toEqual([
      'exports.render',
      'tokens.issue',
      'tokens.list',
    ]);
  }
});

test('a policy is for all or for chosen ones, and the form of a token says what it allows', async ({
  latchkey,
}) => {
  const { page, picture } = latchkey;
  await go(page, 'Policies');
  await page.getByRole('button', { name: 'New policy' }).click();
  const policy = page.getByRole('dialog', { name: 'New policy' });
  await policy.getByRole('textbox', { name: 'Name' }).fill('short-in-dev');
  await policy.getByText('Selected environments').click();
  await expect(policy.getByRole('button', { name: 'Create policy' })).toBeDisabled();
  await policy.getByRole('combobox', { name: 'Selected environments' }).click();
  await page.getByRole('option', { name: 'dev', exact: true }).click();
  await expect(policy.getByRole('button', { name: 'Create policy' })).toBeDisabled();
  await policy.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('menuitem', { name: /^Tokens/ }).click();
  await policy.getByRole('textbox', { name: 'Longest lifetime' }).fill('7');
  await picture('31-policy-scopes');
  await policy.getByRole('button', { name: 'Create policy' }).click();
  await expect(policy).toBeHidden();

  await go(page, 'Tokens');
  await page.getByRole('button', { name: 'Issue token' }).click();
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await issue.getByRole('combobox', { name: 'Environment' }).selectOption({ label: 'dev' });
  await expect(issue.getByText('Policy short-in-dev allows at most 7 days.')).toBeVisible();
  await picture('32-issue-limited');
});

test('what still uses an environment is listed, and nothing goes', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await go(page, 'Environments');
  await page.getByRole('button', { name: 'Remove dev' }).click();
  const remove = page.getByRole('dialog', { name: 'Remove environment' });
  await expect(remove.getByText(/^This also takes it out of/)).toBeVisible();
  await remove.getByRole('button', { name: 'Remove' }).click();
  await expect(remove.getByText(/token lk-\w{8} of Grace Hopper/)).toBeVisible();
  await picture('33-in-use');
  await remove.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Edit dev' })).toBeVisible();
});

test('the whole log is checked on demand', async ({ latchkey }) => {
  const { page, picture } = latchkey;
  await go(page, 'Settings');
  await page.getByRole('button', { name: 'Check the whole log' }).click();
  await expect(page.getByText('The log is whole')).toBeVisible();
  await picture('34-log-checked');
});

test('the way back asks before it loses what was entered', async ({ latchkey }) => {
  const { page } = latchkey;
  await go(page, 'Teams');
  await page.getByRole('button', { name: 'New team' }).first().click();
  await page.getByRole('dialog', { name: 'New team' }).getByRole('textbox', { name: 'Name' }).fill('ci');
  await page.goBack();
  const question = page.getByRole('dialog', { name: 'Discard your changes?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(
    page.getByRole('dialog', { name: 'New team' }).getByRole('textbox', { name: 'Name' }),
  ).toHaveValue('ci');
  await page.goBack();
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
});
