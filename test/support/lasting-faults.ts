import type { Page } from '@playwright/test';

/** Faults that stay: what is on its way in or out looks otherwise for a moment, and for a longer one on a slow machine. */
export async function lastingFaults(
  page: Page,
  look: () => Promise<string[]>,
  { tries, everyMs }: { readonly tries: number; readonly everyMs: number },
): Promise<string[]> {
  let faults = await look();
  for (let left = tries; faults.length > 0 && left > 0; left -= 1) {
    // oxlint-disable-next-line no-await-in-loop
    await page.waitForTimeout(everyMs);
    // oxlint-disable-next-line no-await-in-loop
    faults = await look();
  }
  return faults;
}
