import type { Page } from '@playwright/test';
import { axeFaults } from '../support/axe-faults.ts';
import { expect, test } from '../support/latchkey-test.ts';
import { layoutFaults } from '../support/layout-faults.ts';
import type { Stations } from '../support/stations/station.ts';
import { stations } from '../support/stations/stations.ts';
import type { Theme } from '../support/stations/theme.ts';
import { useTheme } from '../support/stations/theme.ts';
import { walk } from '../support/stations/walk.ts';

test.use({ host: 'electron', demo: true });

/** Of the dialogs and drawers those that hold everything that others are made of; all are looked at in the browser. */
const chosen = ['issue', 'token', 'revoke'];

const firsts = Object.fromEntries(
  Object.entries(stations).map(([screen, [first, ...more]]): [string, Stations] => [
    screen,
    [first, ...more.filter(({ name }) => chosen.includes(name))],
  ]),
);

/** In both themes, first in the one that is on. */
async function faultsOf(page: Page, [on, other]: readonly [Theme, Theme]): Promise<string[]> {
  const faults = [...(await layoutFaults(page)), ...(await axeFaults(page, 'everything'))];
  await useTheme(page, other);
  return [
    ...faults.map((fault) => `${on}: ${fault}`),
    ...(await axeFaults(page, 'colours')).map((fault) => `${other}: ${fault}`),
  ];
}

test('axe finds nothing on any screen of the desktop app, in both themes, and nothing is cut', async ({
  latchkey: { page },
}) => {
  test.setTimeout(300_000);
  let themes: readonly [Theme, Theme] = ['light', 'dark'];
  const faults = await walk(
    page,
    firsts,
    async (name) => {
      const found = await faultsOf(page, themes);
      themes = [themes[1], themes[0]];
      return found.map((fault) => `${name}, ${fault}`);
    },
    () => useTheme(page, themes[0]),
  );
  expect(faults).toEqual([]);
});
