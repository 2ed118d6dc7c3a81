import type { Page } from '@playwright/test';
import { screens } from '../../../shared/model/screens.ts';
import type { Latchkey } from '../latchkey-test.ts';
import { expect } from '../latchkey-test.ts';
import { goTo, settled } from './station.ts';
import { isWanted } from './walk.ts';

const passphrase = 'violet harbour ninety lanterns';

/** A state that is reached from the one before it alone. */
type Step = { readonly name: string; readonly open: (app: Latchkey) => Promise<unknown> };

const unlock = (page: Page) => page.getByRole('button', { name: 'Unlock', exact: true });

/** What stands before the open vault, in a folder that holds nothing yet; then an organization without anything in it. */
const steps: readonly Step[] = [
  {
    name: 'welcome',
    open: ({ page }) => expect(page.getByRole('heading', { name: 'Set up your organization' })).toBeVisible(),
  },
  {
    name: 'welcome-incomplete',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Create organization' }).click();
      await expect(page.getByRole('textbox', { name: 'Organization name' })).toHaveAttribute(
        'aria-invalid',
        'true',
      );
    },
  },
  {
    name: 'welcome-weak',
    open: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Organization name' }).fill('Acme Research');
      await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Admin');
      await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('Acme Research 2026');
      await page.getByRole('textbox', { name: 'Repeat passphrase' }).fill('Acme Research 2026');
      await page.getByRole('button', { name: 'Create organization' }).click();
      await expect(page.getByRole('textbox', { name: 'Passphrase', exact: true })).toHaveAttribute(
        'aria-invalid',
        'true',
      );
    },
  },
  ...screens.map((screen, index): Step => ({
    name: `${screen}-empty`,
    open: async ({ page }) => {
      if (index === 0) {
        await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase);
        await page.getByRole('textbox', { name: 'Repeat passphrase' }).fill(passphrase);
        await page.getByRole('button', { name: 'Create organization' }).click();
        await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
      }
      await goTo(page, screen);
    },
  })),
  {
    // The desktop shows the locked vault at once; the page in a browser is signed out.
    name: 'locked',
    open: async ({ page }) => {
      await page.keyboard.press('Control+l');
      await expect(
        page.getByRole('heading', { name: 'This page is not signed in' }).or(unlock(page)),
      ).toBeVisible();
    },
  },
  {
    name: 'unlock',
    open: async (app) => {
      await app.signInAgain();
      await expect(unlock(app.page)).toBeVisible();
    },
  },
  {
    name: 'unlock-empty',
    open: async ({ page }) => {
      await unlock(page).click();
      await expect(page.getByRole('textbox', { name: 'Passphrase' })).toHaveAttribute('aria-invalid', 'true');
    },
  },
  {
    name: 'unlock-wrong',
    open: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Passphrase' }).fill('not the one that it was made with');
      await unlock(page).click();
      await expect(page.getByRole('textbox', { name: 'Passphrase' })).toHaveAttribute(
        'aria-invalid',
        'true',
        { timeout: 30_000 },
      );
    },
  },
  {
    name: 'host-gone',
    open: async (app) => {
      const { page } = app;
      await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
      await unlock(page).click();
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 30_000 });
      await app.stopHost();
      await page.getByRole('button', { name: 'Lock' }).click();
      await expect(page.getByRole('heading', { name: 'Latchkey was stopped' })).toBeVisible();
    },
  },
];

/**
 * Goes through all that is around the open, filled app. Each state needs the one before it: the first that is not
 * reached is the last.
 * @returns what is wrong, a line each
 */
export async function walkAround(
  app: Latchkey,
  look: (name: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, open } of steps) {
    try {
      await open(app);
      await settled(app.page);
      if (isWanted(`around/${name}`)) faults.push(...(await look(`around/${name}`)));
    } catch (error) {
      faults.push(`around/${name} is not shown: ${(error as Error).message}`);
      break;
    }
  }
  return faults;
}
