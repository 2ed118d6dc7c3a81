import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { settled } from './station.ts';

export type Theme = 'dark' | 'light';

/** Turns to the theme that the system would have, without motion. */
export async function useTheme(page: Page, colorScheme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator(`html[data-mantine-color-scheme=${colorScheme}]`)).toBeAttached();
  await nextPicture(page);
}

/** A change of the media or of the window becomes colours and places with the next pictures, some by transitions. */
export async function nextPicture(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await settled(page);
}
