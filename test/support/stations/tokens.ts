import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Stations } from './station.ts';

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

async function openToken(page: Page, holder: string) {
  await page.getByRole('table', { name: 'Tokens' }).getByRole('link', { name: holder }).first().click();
  const drawer = dialog(page, `Token of ${holder}`);
  await expect(drawer.getByRole('button', { name: 'Revoke…' })).toBeVisible();
  return drawer;
}

/** From the drawer of a token that the sample organization has. */
const fromDrawer = (button: string, title: string | RegExp) => async (page: Page) => {
  await (await openToken(page, 'Grace Hopper')).getByRole('button', { name: button }).click();
  await expect(dialog(page, title)).toBeVisible();
};

async function select(page: Page, ...holders: string[]) {
  for (const holder of holders)
    await page
      .getByRole('row', { name: new RegExp(holder) })
      .first()
      .getByRole('checkbox')
      .check();
}

const act = (button: string) => async (page: Page) => {
  await select(page, 'Grace Hopper', 'nightly-training');
  await page
    .getByRole('toolbar', { name: 'Selected tokens' })
    .getByRole('button', { name: `${button}…` })
    .click();
  await expect(dialog(page, /tokens|notes/)).toBeVisible();
};

export const tokenStations: Stations = [
  { name: 'list', open: async () => undefined },
  {
    name: 'none-matching',
    open: async (page) => {
      await page.getByRole('searchbox', { name: 'Search tokens' }).fill('nobody of this name');
      await expect(page.getByText('No matching tokens')).toBeVisible();
    },
  },
  { name: 'selection', open: (page) => select(page, 'Grace Hopper', 'Alan Turing') },
  {
    name: 'columns',
    open: async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click();
      await expect(page.getByRole('combobox', { name: 'Sort by' })).toBeVisible();
    },
  },
  {
    name: 'views',
    open: async (page) => {
      await page.getByRole('button', { name: 'Views' }).click();
      await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
    },
  },
  {
    name: 'export-table',
    shows: ['lists/path-dialog'],
    open: async (page) => {
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'CSV…' }).click();
      await expect(dialog(page, 'Save tokens as a file')).toBeVisible();
    },
  },
  {
    name: 'issue',
    shows: ['tokens/issue-drawer'],
    open: async (page) => {
      await page.getByRole('button', { name: 'Issue token' }).click();
      await expect(dialog(page, 'Issue token').getByRole('combobox', { name: 'Environment' })).toBeVisible();
    },
  },
  { name: 'token', shows: ['tokens/token-drawer'], open: (page) => openToken(page, 'Grace Hopper') },
  { name: 'token-revoked', open: (page) => openToken(page, 'Edsger Dijkstra') },
  { name: 'edit', shows: ['tokens/edit-token-dialog'], open: fromDrawer('Edit…', /^Edit lk-/) },
  {
    name: 'rename-holder',
    shows: ['tokens/rename-holder-dialog'],
    open: fromDrawer('Rename Grace Hopper', 'Rename person'),
  },
  {
    name: 'test-token',
    shows: ['tokens/test-token-dialog'],
    open: fromDrawer('Test this token…', /^Test lk-/),
  },
  { name: 'rotate', shows: ['tokens/rotate-dialog'], open: fromDrawer('Rotate…', /^Rotate lk-/) },
  {
    name: 'export',
    shows: ['tokens/export-dialog'],
    open: async (page) => {
      await fromDrawer('Export config…', /^Export config of/)(page);
      await expect(page.getByRole('tab').first()).toBeVisible();
      await expect(page.getByRole('heading', { level: 3 }).first()).toBeVisible();
    },
  },
  {
    name: 'save-export',
    shows: ['lists/path-dialog'],
    open: async (page) => {
      await fromDrawer('Export config…', /^Export config of/)(page);
      await page
        .getByRole('button', { name: /^Save / })
        .first()
        .click();
      await expect(page.getByRole('dialog')).toHaveCount(3);
    },
  },
  { name: 'revoke', shows: ['tokens/bulk-dialog'], open: fromDrawer('Revoke…', 'Revoke token') },
  { name: 'revoke-several', open: act('Revoke') },
  { name: 'rotate-several', open: act('Rotate') },
  { name: 'narrow-several', open: act('Narrow') },
  { name: 'note-several', open: act('Note') },
  {
    name: 'issued',
    shows: ['tokens/secret-once'],
    open: async (page) => {
      await fromDrawer('Rotate…', /^Rotate lk-/)(page);
      await dialog(page, /^Rotate lk-/)
        .getByRole('button', { name: 'Rotate' })
        .click();
      await expect(dialog(page, 'Token rotated').getByRole('tab').first()).toBeVisible();
      await expect(page.getByRole('heading', { level: 3 }).first()).toBeVisible();
    },
  },
  {
    name: 'several-issued',
    shows: ['tokens/bulk-issued'],
    open: async (page) => {
      await select(page, 'nightly-training', 'Alan Turing');
      await page.getByRole('button', { name: 'Rotate…' }).click();
      await dialog(page, 'Rotate tokens')
        .getByRole('button', { name: /^Rotate/ })
        .click();
      await expect(dialog(page, '2 tokens rotated').getByRole('row').nth(2)).toBeVisible();
    },
  },
];
