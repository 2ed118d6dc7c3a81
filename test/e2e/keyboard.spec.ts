import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/latchkey-test.ts';

test.use({ demo: true, trace: 'off' });

const passphrase = 'try-out-the-sample-organization';

/** Tab until it has the focus: nothing is clicked. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${String(target)}.`);
}

test('issue, revoke, settings, lock and unlock with the keyboard alone @desktop', async ({ latchkey }) => {
  test.setTimeout(300_000);
  const { page } = latchkey;
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 60_000 });
  const { keyboard } = page;

  // Issue.
  await keyboard.press('g');
  await keyboard.press('t');
  await expect(page.getByRole('heading', { level: 1, name: 'Tokens' })).toBeVisible();
  await keyboard.press('n');
  const issue = page.getByRole('dialog', { name: 'Issue token' });
  await expect(issue.getByRole('combobox', { name: 'Holder' })).toBeFocused();
  await keyboard.type('Barbara Liskov');
  await tabTo(page, issue.getByRole('combobox', { name: 'Channels' }));
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await tabTo(page, issue.getByRole('textbox', { name: 'Note' }));
  await keyboard.press('Enter');
  const issued = page.getByRole('dialog', { name: 'Token issued' });
  await expect(issued).toBeVisible();
  await tabTo(page, issued.getByRole('button', { name: 'Copy token' }));
  await keyboard.press('Enter');
  await expect(issued.getByRole('button', { name: /^Copied/ })).toBeVisible();
  await keyboard.press('Escape');
  await expect(issued).toBeHidden();

  // The palette finds it; revoke.
  await keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search screens, objects and commands' })).toBeFocused();
  await keyboard.type('liskov');
  await expect(page.getByRole('option', { name: /Token$/ }).first()).toBeVisible();
  await keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Token of Barbara Liskov' });
  await expect(drawer.getByRole('button', { name: 'Revoke…' })).toBeVisible();
  await tabTo(page, drawer.getByRole('button', { name: 'Revoke…' }));
  await keyboard.press('Enter');
  const revoke = page.getByRole('dialog', { name: 'Revoke token' });
  await tabTo(page, revoke.getByRole('textbox', { name: 'Reason' }));
  await keyboard.type('left the team');
  await expect(revoke.getByRole('button', { name: /^Revoke/ })).toBeEnabled();
  await keyboard.press('Enter');
  await expect(revoke).toBeHidden();
  await expect(drawer.getByText('Revoked').first()).toBeVisible();
  await expect(drawer.getByRole('button', { name: 'Revoke…' })).toBeDisabled();
  await keyboard.press('Escape');

  // The sheet, and the help of a screen.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search tokens' })).toBeFocused();
  await keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search screens, objects and commands' })).toBeFocused();
  await keyboard.type('settings');
  await keyboard.press('Enter');

  // Settings.
  const port = page.getByRole('textbox', { name: 'Port' });
  await expect(port).toBeVisible();
  await tabTo(page, port);
  await keyboard.press('Control+a');
  await keyboard.type('99999');
  await keyboard.press('Tab');
  await expect(page.getByText('Enter a whole number from 0 to 65535.').first()).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Undo' }));
  await keyboard.press('Enter');

  // Lock and unlock.
  await keyboard.press('Control+l');
  await latchkey.signInAgain();
  await expect(page.getByRole('textbox', { name: 'Passphrase' })).toBeFocused();
  await keyboard.type(passphrase);
  await keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
});

test('whoever wants less motion sees none', async ({ latchkey: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1)
      .map((animation) => (animation as CSSTransition).transitionProperty),
  );
  expect(moving.filter((property) => !['opacity', 'color', 'background-color'].includes(property))).toEqual(
    [],
  );
});

test('in a narrow window the screens are behind one button', async ({ latchkey: { page } }) => {
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation).toBeVisible({ timeout: 60_000 });
  await page.setViewportSize({ width: 320, height: 640 });
  const policies = navigation.getByRole('link', { name: 'Policies' });
  await expect(policies).toBeHidden();
  const button = navigation.getByRole('button', { name: 'Overview' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await tabTo(page, policies);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Policies' })).toBeVisible();
  await expect(policies).toBeHidden();
  await expect(navigation.getByRole('button', { name: 'Policies' })).toBeVisible();
  await expect(navigation.getByRole('button', { name: 'Lock' })).toBeVisible();
});
