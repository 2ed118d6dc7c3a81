import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Stations } from './station.ts';

/** A request without a token at the gateway, as a client would send it. */
async function ask(page: Page): Promise<void> {
  const address = await page
    .getByText(/^http:\/\/127\.0\.0\.1:\d+/)
    .first()
    .textContent();
  // Not `page.request`: the desktop app's context has no cookies to send.
  const answer = await fetch(`${(address ?? '').trim()}/acme-pypi/simple/`);
  expect(answer.status).toBe(401);
}

export const overviewStations: Stations = [
  { name: 'overview', open: async () => undefined },
  {
    name: 'palette',
    shows: ['palette/command-palette'],
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('grace');
      await expect(page.getByRole('option', { name: /Grace Hopper.*Holder/ })).toBeVisible();
    },
  },
  {
    name: 'shortcuts',
    shows: ['palette/shortcut-sheet'],
    open: async (page) => {
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    },
  },
  {
    name: 'help',
    shows: ['palette/screen-help'],
    open: async (page) => {
      await page.getByRole('button', { name: 'Help' }).click();
      await expect(page.getByRole('dialog', { name: 'Help: Overview' })).toBeVisible();
    },
  },
];

export const gatewayStations: Stations = [
  {
    name: 'requests',
    open: async (page) => {
      await ask(page);
      await expect(page.getByText('Denied 401').first()).toBeVisible();
    },
  },
  {
    name: 'request',
    shows: ['gateway/request-drawer'],
    open: async (page) => {
      await page.getByRole('table', { name: 'Latest requests' }).getByRole('link').first().click();
      await expect(page.getByRole('dialog', { name: 'Request' })).toBeVisible();
    },
  },
  {
    name: 'stop',
    shows: ['gateway/gateway-screen'],
    open: async (page) => {
      await page.getByRole('button', { name: 'Stop gateway' }).click();
      await expect(page.getByRole('dialog', { name: 'Stop gateway' })).toBeVisible();
    },
  },
];

export const settingsStations: Stations = [
  {
    name: 'settings',
    open: async (page) => {
      await expect(page.getByRole('button', { name: 'Save settings' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Check the whole log' })).toBeVisible();
    },
  },
  {
    name: 'wrong-number',
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Port' }).fill('99999');
      await page.getByRole('textbox', { name: 'Port' }).blur();
    },
  },
  {
    name: 'passphrase',
    shows: ['settings/change-passphrase'],
    open: async (page) => {
      await page.getByRole('button', { name: 'Change passphrase' }).click();
      const form = page.getByRole('dialog', { name: 'Change passphrase' });
      await form.getByLabel('New passphrase', { exact: true }).fill('winter');
      await form.getByLabel('Repeat passphrase', { exact: true }).fill('summer');
      await expect(form.getByRole('button', { name: 'Change passphrase' })).toBeVisible();
    },
  },
  {
    name: 'discard',
    open: async (page) => {
      await page.getByRole('button', { name: 'Change passphrase' }).click();
      const form = page.getByRole('dialog', { name: 'Change passphrase' });
      await form.getByLabel('New passphrase', { exact: true }).fill('winter');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog', { name: 'Discard your changes?' })).toBeVisible();
    },
  },
];
