import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Screen } from '../../../src-renderer/state/route.ts';
import { goTo, settled } from './station.ts';
import type { Stations } from './station.ts';

/** For who mends some of them: beginnings by commas, e.g. `tokens/issue,channels`. */
const only = process.env['LATCHKEY_STATION']?.split(',');

/** Whether the station of this name is one of those that are looked at now. */
export const isWanted = (name: string): boolean =>
  only === undefined || only.some((part) => name.startsWith(part));

/**
 * Goes from station to station of the open app.
 * @param look looks at one, with nothing loading and nothing moving; returns what is wrong there
 * @param recover makes the page as it was before a look, after one that broke off
 * @returns what is wrong, a line each; a station that is not reached is a fault too
 */
export async function walk(
  page: Page,
  its: Readonly<Partial<Record<Screen, Stations>>>,
  look: (name: string) => Promise<readonly string[]>,
  recover: () => Promise<unknown>,
): Promise<string[]> {
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 60_000 });
  const faults: string[] = [];
  for (const [screen, stations] of Object.entries(its))
    for (const { name, open } of stations) {
      const full = `${screen}/${name}`;
      if (!isWanted(full)) continue;
      try {
        await goTo(page, screen as Screen);
        await open(page);
        await settled(page);
        faults.push(...(await look(full)));
      } catch (error) {
        // The others are looked at all the same.
        faults.push(`${full} is not shown: ${(error as Error).message}`);
        await recover().catch(() => undefined);
      }
    }
  return faults;
}
