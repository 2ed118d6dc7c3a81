import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Stations } from './station.ts';

export const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

export const press = (button: string | RegExp, title: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click();
  await expect(dialog(page, title)).toBeVisible();
};

/** A list with its form, empty and filled, and the question before an entry goes. */
export const listStations = (what: string, file: string, entry: string): Stations => [
  { name: 'list', open: async () => undefined },
  { name: 'new', shows: [file], open: press(`New ${what}`, `New ${what}`) },
  { name: 'edit', open: press(`Edit ${entry}`, `Edit ${what}`) },
  { name: 'remove', shows: ['lists/remove-dialog'], open: press(`Remove ${entry}`, `Remove ${what}`) },
];

export const holderStations: Stations = [
  { name: 'list', open: async () => undefined },
  {
    name: 'holder',
    shows: ['holders/holder-drawer'],
    open: async (page) => {
      await page.getByRole('link', { name: 'Grace Hopper' }).first().click();
      await expect(dialog(page, 'Grace Hopper').getByRole('table')).toBeVisible();
    },
  },
];

export const channelStations: Stations = [
  ...listStations('channel', 'channels/channel-dialog', 'acme-pypi'),
  {
    name: 'new-by-url',
    open: async (page) => {
      await press('New channel', 'New channel')(page);
      const form = dialog(page, 'New channel');
      await form.getByText('A URL', { exact: true }).click();
      await form.getByRole('textbox', { name: 'Upstream URL' }).fill('https://packages.example.com/simple/');
    },
  },
  {
    name: 'refused',
    open: async (page) => {
      await press('New channel', 'New channel')(page);
      const form = dialog(page, 'New channel');
      await form.getByRole('textbox', { name: 'Name', exact: true }).fill('acme-pypi');
      await form.getByText('A folder', { exact: true }).click();
      await form.getByRole('textbox', { name: 'Folder on this computer' }).fill('/nowhere');
      await form.getByRole('button', { name: 'Test connection' }).click();
      await expect(form.getByText('Clients would get no packages').first()).toBeVisible();
    },
  },
];

export const teamStations = listStations('team', 'teams/team-dialog', 'platform');
export const environmentStations = listStations('environment', 'environments/environment-dialog', 'dev');
