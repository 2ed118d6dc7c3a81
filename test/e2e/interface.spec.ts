import type { Page } from '@playwright/test';
import type { Screen } from '../../src-renderer/state/route.ts';
import { axeFaults } from '../support/axe-faults.ts';
import { expect, test } from '../support/latchkey-test.ts';
import { layoutFaults } from '../support/layout-faults.ts';
import { goTo, settled } from '../support/stations/station.ts';
import { stations } from '../support/stations/stations.ts';

/** For who mends some of them: beginnings by commas, e.g. `tokens/issue,channels`. */
const only = process.env['LATCHKEY_STATION']?.split(',');

const wide = { width: 1280, height: 860 };
const narrow = { width: 720, height: 800 };

// A trace keeps every state of the page: too much for so many.
test.use({ trace: 'off' });

type Theme = 'dark' | 'light';

async function useTheme(page: Page, colorScheme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator(`html[data-mantine-color-scheme=${colorScheme}]`)).toBeAttached();
  // A change of the media becomes colours with the next pictures, some of them by transitions.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await settled(page);
}

/** In both themes without a violation, first in the one that is on; at two widths without anything that is cut. */
async function faultsOf(page: Page, name: string, [on, other]: readonly [Theme, Theme]): Promise<string[]> {
  const say = (where: string) => (fault: string) => `${name}, ${where}: ${fault}`;
  await settled(page);
  const faults = (await axeFaults(page, 'everything')).map(say(on));
  await useTheme(page, other);
  faults.push(...(await axeFaults(page, 'colours')).map(say(other)));
  for (const size of [narrow, wide]) {
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

test.describe('with a sample organization', () => {
  test.use({ demo: true });
  test('axe finds nothing on any screen or in any dialog, in both themes, and nothing is cut', async ({
    latchkey: { page },
  }) => {
    test.setTimeout(400_000);
    page.setDefaultTimeout(5000);
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 60_000 });
    const faults: string[] = [];
    let themes: readonly [Theme, Theme] = ['light', 'dark'];
    await useTheme(page, themes[0]);
    for (const [screen, its] of Object.entries(stations))
      for (const { name, open } of its) {
        if (only?.some((part) => `${screen}/${name}`.startsWith(part)) === false) continue;
        try {
          await goTo(page, screen as Screen);
          await open(page);
          faults.push(...(await faultsOf(page, `${screen}/${name}`, themes)));
          themes = [themes[1], themes[0]];
        } catch (error) {
          // The others are looked at all the same.
          faults.push(`${screen}/${name} is not shown: ${(error as Error).message}`);
          await useTheme(page, themes[0]);
        }
      }
    expect(faults).toEqual([]);
  });
});
