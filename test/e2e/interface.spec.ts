import type { Page } from '@playwright/test';
import { axeFaults } from '../support/axe-faults.ts';
import { expect, test } from '../support/latchkey-test.ts';
import { layoutFaults } from '../support/layout-faults.ts';
import { walkAround } from '../support/stations/around.ts';
import { settled } from '../support/stations/station.ts';
import { stations } from '../support/stations/stations.ts';
import type { Theme } from '../support/stations/theme.ts';
import { useTheme } from '../support/stations/theme.ts';
import { walk } from '../support/stations/walk.ts';

const wide = { width: 1280, height: 860 };
/** The last one stays. All other widths, zoom and large text: `npm run screens`. */
const sizes = [{ width: 720, height: 800 }, wide];

// A trace keeps every state of the page: too much for so many.
test.use({ trace: 'off' });

/** In both themes without a violation, first in the one that is on; at two widths without anything that is cut. */
async function faultsOf(page: Page, name: string, [on, other]: readonly [Theme, Theme]): Promise<string[]> {
  const say = (where: string) => (fault: string) => `${name}, ${where}: ${fault}`;
  const faults = (await axeFaults(page, 'everything')).map(say(on));
  await useTheme(page, other);
  faults.push(...(await axeFaults(page, 'colours')).map(say(other)));
  for (const size of sizes) {
    await page.setViewportSize(size);
    await settled(page);
    faults.push(...(await layoutFaults(page)).map(say(`${size.width} px`)));
  }
  return faults;
}

test('the checks see what is wrong', async ({ page }) => {
  await page.setContent(
    '<html lang="en"><title>Wrong</title><main><h1 style="color:#777;background:#888">Dim</h1><button></button>' +
      '<div style="width:40px;overflow:hidden;white-space:nowrap">Text that is cut</div>' +
      '<p style="width:3000px;text-align:right">Text beyond the window</p></main></html>',
  );
  const layout = (await layoutFaults(page)).join('\n');
  for (const fault of [
    'cut: "Text that is cut"',
    'beyond the window: "Text beyond',
    'the window scrolls sideways',
  ])
    expect(layout).toContain(fault);
  expect((await axeFaults(page, 'everything')).join('\n')).toMatch(/button-name[^]*color-contrast/);
  expect((await axeFaults(page, 'colours')).join('\n')).toMatch(/^color-contrast/);
});

/** Looks at one after the other; each changes the theme once. */
async function looker(page: Page) {
  page.setDefaultTimeout(5000);
  let themes: readonly [Theme, Theme] = ['light', 'dark'];
  const recover = () => useTheme(page, themes[0]);
  await recover();
  const look = async (name: string): Promise<string[]> => {
    const faults = await faultsOf(page, name, themes);
    themes = [themes[1], themes[0]];
    return faults;
  };
  return { look, recover };
}

test('axe finds nothing before the app is open, while it is locked, or without anything in it', async ({
  latchkey,
}) => {
  test.setTimeout(300_000);
  const { look } = await looker(latchkey.page);
  expect(await walkAround(latchkey, look)).toEqual([]);
});

test.describe('with a sample organization', () => {
  test.use({ demo: true });
  test('axe finds nothing on any screen or in any dialog, in both themes, and nothing is cut', async ({
    latchkey: { page },
  }) => {
    test.setTimeout(900_000);
    const { look, recover } = await looker(page);
    expect(await walk(page, stations, look, recover)).toEqual([]);
  });
});
