import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { dialog, listStations, press } from './organization.ts';
import { addSampleFeed } from './sample-feed.ts';
import { installSample } from './sample-install.ts';
import { goTo } from './station.ts';
import type { Stations } from './station.ts';

const more = (entry: string, title: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
  await expect(dialog(page, title)).toBeVisible();
};

async function addRule(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
  await expect(page.getByRole('menu')).toHaveCount(0);
}

export const policyStations: Stations = [
  ...listStations('policy', 'policies/policy-dialog', 'prod-tokens'),
  {
    name: 'rules',
    open: async (page) => {
      await press('New policy', 'New policy')(page);
      const form = dialog(page, 'New policy');
      await form.getByRole('textbox', { name: 'Name', exact: true }).fill('all-rules');
      for (const rule of [
        'Tokens',
        'Malware',
        'Vulnerabilities',
        'Licenses',
        'Age',
        'Status',
        'Packages',
        'Labels',
        'Platform',
        'Channels',
        'Namespace',
        'Satisfiable',
      ])
        await addRule(page, rule);
      await expect(form.getByRole('group', { name: '12. Satisfiable' })).toBeVisible();
    },
  },
  {
    name: 'templates',
    shows: ['policies/template-dialog'],
    open: async (page) => {
      await more('Start from a template', 'Start from a template')(page);
      await page.getByRole('radio', { name: 'Block malware, warn on the rest' }).check();
      await expect(dialog(page, 'Start from a template').getByText('watch-the-rest')).toBeVisible();
    },
  },
  {
    name: 'versions',
    shows: ['policies/history-drawer'],
    open: async (page) => {
      await press('Versions of prod-tokens', 'Versions of prod-tokens')(page);
      await expect(dialog(page, 'Versions of prod-tokens').getByText('Version 1')).toBeVisible();
    },
  },
  {
    name: 'where',
    shows: ['policies/where-drawer'],
    open: async (page) => {
      await more('What applies where', 'What applies where')(page);
      await expect(dialog(page, 'What applies where').getByRole('heading', { level: 3 })).toHaveCount(3);
    },
  },
  {
    name: 'yaml',
    shows: ['policies/text-dialog'],
    open: async (page) => {
      await more('YAML', 'Policies as YAML')(page);
      const form = dialog(page, 'Policies as YAML');
      const yaml = form.getByRole('textbox', { name: 'YAML' });
      await expect(yaml).toHaveValue(/prod-tokens/);
      await yaml.fill((await yaml.inputValue()).replace('prod-tokens', 'tokens-of-prod'));
      await form.getByRole('button', { name: 'Show plan' }).click();
      await expect(form.getByRole('button', { name: /^Apply/ })).toBeVisible();
    },
  },
];

export const packageStations: Stations = [
  { name: 'empty', open: async () => undefined },
  {
    name: 'found',
    open: async (page) => {
      await find(page);
      await expect(
        page.getByRole('list', { name: 'Packages found' }).getByRole('link').first(),
      ).toBeVisible();
    },
  },
  {
    name: 'package',
    open: async (page) => {
      await openPackage(page);
    },
  },
  {
    name: 'explanation',
    shows: ['packages/explanation-drawer'],
    open: async (page) => {
      await openPackage(page);
      await page.getByRole('table', { name: 'Verdicts' }).getByRole('link').first().click();
      await expect(page.getByRole('dialog').getByRole('heading', { name: 'Files' })).toBeVisible();
    },
  },
  {
    name: 'labels',
    shows: ['packages/labels-dialog'],
    open: async (page) => {
      await openPackage(page);
      await press('Edit labels', /^Labels of/)(page);
      await expect(page.getByRole('dialog').getByRole('combobox', { name: 'For' })).toBeVisible();
    },
  },
  {
    name: 'who-has',
    open: async (page) => {
      await installSample(page);
      await goTo(page, 'packages');
      await page.evaluate(() => {
        window.location.hash = '#/packages?ecosystem=pypi&name=latchkey-demo-hello&version=1.0.0';
      });
      const card = page.getByRole('region', { name: 'Who has it' });
      await card.getByRole('button', { name: 'Show and record' }).click();
      await expect(card.getByRole('link', { name: 'Grace Hopper' })).toBeVisible({ timeout: 30_000 });
      await card.scrollIntoViewIfNeeded();
    },
  },
];

const find = (page: Page) =>
  page.getByRole('searchbox', { name: 'Search packages' }).fill('latchkey-demo-hello');

async function openPackage(page: Page): Promise<void> {
  await addSampleFeed(page);
  await goTo(page, 'packages');
  await find(page);
  await page
    .getByRole('list', { name: 'Packages found' })
    .getByRole('link', { name: 'latchkey-demo-hello' })
    .click();
  await expect(page.getByRole('heading', { name: 'Verdicts' })).toBeVisible();
}

/** The queue with something in it. */
async function openQueue(page: Page): Promise<void> {
  await addSampleFeed(page);
  await goTo(page, 'advisories');
  await expect(page.getByRole('row', { name: /latchkey-demo-helo/ })).toBeVisible();
}

export const advisoryStations: Stations = [
  { name: 'queue', open: openQueue },
  {
    name: 'advisory',
    shows: ['advisories/advisory-drawer'],
    open: async (page) => {
      await openQueue(page);
      await page.getByRole('link', { name: 'CVE-2026-90001' }).click();
      await expect(page.getByRole('heading', { name: 'Assessments' })).toBeVisible();
    },
  },
  {
    name: 'assess',
    shows: ['advisories/assess-dialog'],
    open: async (page) => {
      await openQueue(page);
      await page
        .getByRole('row', { name: /latchkey-demo-helo/ })
        .getByRole('checkbox')
        .check();
      await press('Assess', 'Assess advisory')(page);
      await page.getByRole('radio', { name: 'Cleared' }).check();
    },
  },
  {
    name: 'vex-import',
    shows: ['advisories/vex-import-dialog'],
    open: press('Import OpenVEX…', 'Import assessments'),
  },
  {
    name: 'vex-export',
    shows: ['lists/export-text-dialog'],
    open: press('Export OpenVEX…', 'Export assessments'),
  },
];

export const factsStations: Stations = [
  { name: 'list', open: async () => undefined },
  {
    name: 'new',
    shows: ['facts/feed-dialog'],
    open: async (page) => {
      await press('Add feed', 'Add feed')(page);
    },
  },
  {
    name: 'remove',
    shows: ['facts/facts-screen'],
    open: async (page) => {
      await press('Add feed', 'Add feed')(page);
      const form = dialog(page, 'Add feed');
      await form.getByRole('textbox', { name: 'Name', exact: true }).fill('kev');
      await form.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'KEV: known exploited' });
      await form.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:9/kev.json');
      await form.getByRole('button', { name: 'Add feed' }).click();
      await press('Remove kev', 'Remove feed')(page);
    },
  },
  { name: 'map', shows: ['facts/map-entry-dialog'], open: press('Map a name', 'Map a name') },
  {
    name: 'import-names',
    shows: ['facts/map-file-dialog'],
    open: press('Import names', 'Import names'),
  },
];
