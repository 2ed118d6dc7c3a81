import { join } from 'node:path';
import { expect, test } from '../support/latchkey-test.ts';
import type { Latchkey } from '../support/latchkey-test.ts';
import { layoutFaults } from '../support/layout-faults.ts';
import { walkAround } from '../support/stations/around.ts';
import { stations } from '../support/stations/stations.ts';
import { walk } from '../support/stations/walk.ts';
import type { Theme } from '../support/stations/theme.ts';
import { useTheme } from '../support/stations/theme.ts';
import { looks, useLook, wantedLooks, wantedThemes } from './looks.ts';
import { keepPicture, picturesDir } from './pictures.ts';

// A trace keeps every state of the page: too much for so many.
test.use({ trace: 'off' });

/** Shoots what is shown now in every look and both themes. Themes take turns, so that each station changes it once. */
async function shooter(app: Latchkey) {
  const { page } = app;
  // The computer may be busy with other things.
  page.setDefaultTimeout(30_000);
  const devtools = await page.context().newCDPSession(page);
  const usual = looks.find(({ name }) => name === '1280') ?? looks[0];
  let themes: readonly [Theme, Theme] = ['light', 'dark'];
  const reset = async () => {
    await useTheme(page, themes[0]);
    if (usual !== undefined) await useLook(page, devtools, usual);
  };
  await reset();
  const shoot = async (station: string): Promise<string[]> => {
    const faults: string[] = [];
    for (const look of wantedLooks) {
      await useLook(page, devtools, look);
      faults.push(...(await layoutFaults(page)).map((fault) => `${station}, ${look.name}: ${fault}`));
      if (!look.pictured) continue;
      for (const theme of themes.filter((each) => wantedThemes.includes(each))) {
        await useTheme(page, theme);
        const file = `${station.replace('/', '-')}-${look.name}-${theme}.png`;
        await page.screenshot({ path: join(picturesDir, file), caret: 'hide' });
        keepPicture({ file, station, look, theme });
      }
      themes = [themes[1], themes[0]];
    }
    await reset();
    return faults;
  };
  return { shoot, reset };
}

test('what is around the open app, and the app without anything in it', async ({ latchkey }) => {
  test.setTimeout(600_000);
  const { shoot } = await shooter(latchkey);
  expect(await walkAround(latchkey, shoot)).toEqual([]);
});

test.describe('with a sample organization', () => {
  test.use({ demo: true });
  test('every screen, dialog, drawer and view', async ({ latchkey }) => {
    test.setTimeout(1_800_000);
    const { shoot, reset } = await shooter(latchkey);
    expect(await walk(latchkey.page, stations, shoot, reset)).toEqual([]);
  });
});
