import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { dialog, press } from './organization.ts';
import { fillSampleCache } from './sample-cache.ts';
import { installSample } from './sample-install.ts';
import type { Stations } from './station.ts';
import { goTo } from './station.ts';

/** An address of the request log, once something stands in it. */
const at = (path: (id: string) => string) => async (page: Page) => {
  const id = await installSample(page);
  // What showed the new secret is closed.
  await goTo(page, 'activity');
  await page.evaluate(
    (hash) => {
      window.location.hash = hash;
    },
    `#/activity${path(id)}`,
  );
};
/** What is recorded is asked for once, until the vault is locked. */
const shown = (path: (id: string) => string) => async (page: Page) => {
  await at(path)(page);
  const show = page.getByRole('button', { name: 'Show and record' });
  await expect(show.or(page.getByRole('combobox', { name: 'Period' }))).toBeVisible(slow);
  if (await show.isVisible()) await show.click();
};
const slow = { timeout: 30_000 };

export const activityStations: Stations = [
  {
    name: 'installed',
    open: async (page) => {
      await at(() => '')(page);
      await expect(page.getByRole('link', { name: /latchkey-demo-hello/ }).first()).toBeVisible(slow);
    },
  },
  {
    name: 'chosen-days',
    open: at(() => '?from=2026-01-01&to=2026-01-31'),
  },
  {
    name: 'refusals',
    open: async (page) => {
      await at(() => '?view=refusals')(page);
      await expect(page.getByRole('cell', { name: 'Channel not available to the token' })).toBeVisible(slow);
    },
  },
  {
    name: 'requests',
    open: async (page) => {
      await shown(() => '?view=requests')(page);
      await expect(page.getByText('Downloaded 200').first()).toBeVisible(slow);
    },
  },
  {
    name: 'person',
    open: async (page) => {
      await at((id) => `/${id}`)(page);
      await expect(page.getByRole('button', { name: 'Show and record' })).toBeVisible();
    },
  },
  {
    name: 'token',
    open: async (page) => {
      await shown((id) => `/${id}`)(page);
      await expect(page.getByText('Downloaded 200').first()).toBeVisible(slow);
    },
  },
  { name: 'token-packages', open: shown((id) => `/${id}?view=packages`) },
  {
    name: 'token-clients',
    open: async (page) => {
      await shown((id) => `/${id}?view=clients`)(page);
      await expect(page.getByRole('cell', { name: 'acme/models' })).toBeVisible(slow);
    },
  },
  { name: 'token-refusals', open: shown((id) => `/${id}?view=refusals`) },
  {
    name: 'open-addresses',
    shows: ['activity/rows-card'],
    open: async (page) => {
      await shown((id) => `/${id}`)(page);
      await press('Open addresses…', 'Open addresses and CI users')(page);
    },
  },
  {
    name: 'opened-addresses',
    open: async (page) => {
      await shown((id) => `/${id}`)(page);
      await press('Open addresses…', 'Open addresses and CI users')(page);
      await page.getByRole('button', { name: 'Open and record' }).click();
      await expect(page.getByRole('cell', { name: '127.0.0.1' }).first()).toBeVisible(slow);
    },
  },
  {
    name: 'log',
    open: async (page) => {
      await at(() => '?view=log')(page);
      await expect(page.getByRole('heading', { name: 'Who looked somebody up' })).toBeVisible();
    },
  },
  {
    name: 'checked-log',
    open: async (page) => {
      await at(() => '?view=log')(page);
      await page.getByRole('button', { name: 'Check now' }).click();
      await expect(page.getByText('The log is as it was written')).toBeVisible(slow);
    },
  },
  {
    name: 'clean-up',
    shows: ['activity/prune-dialog'],
    open: async (page) => {
      await at(() => '?view=log')(page);
      await press('Clean up now…', 'Clean up the log')(page);
      await expect(
        dialog(page, 'Clean up the log').getByText('Nothing is due for removal.').first(),
      ).toBeVisible(slow);
    },
  },
  {
    name: 'retention',
    shows: ['activity/retention-dialog'],
    open: async (page) => {
      await at(() => '?view=log')(page);
      await press('Change retention…', 'Log retention')(page);
      await dialog(page, 'Log retention').getByRole('textbox', { name: 'Rows' }).fill('90');
      await expect(dialog(page, 'Log retention').getByText(/rows older than 90 days/)).toBeVisible();
      await expect(dialog(page, 'Log retention').getByText(/^About .* in all$/)).toBeVisible(slow);
    },
  },
];

export const cacheStations: Stations = [
  {
    name: 'empty',
    open: async (page) => {
      await expect(page.getByText('The cache is empty')).toBeVisible();
    },
  },
  {
    name: 'files',
    open: async (page) => {
      await fillSampleCache(page);
      await expect(page.getByRole('link', { name: 'torch 2.9.1' })).toBeVisible();
    },
  },
  {
    name: 'purge',
    shows: ['cache/purge-dialog'],
    open: async (page) => {
      await fillSampleCache(page);
      await press('Empty the cache…', 'Empty the cache')(page);
      await page.getByRole('radio', { name: 'Everything', exact: true }).check();
      await expect(dialog(page, 'Empty the cache').getByText(/^3 files, .* will be removed\.$/)).toBeVisible(
        slow,
      );
    },
  },
  {
    name: 'checked',
    open: async (page) => {
      await fillSampleCache(page);
      await page.getByRole('button', { name: 'Check all files' }).click();
      await expect(page.getByText('Every file is as it was')).toBeVisible(slow);
    },
  },
];
