import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { lastingFaults } from './lasting-faults.ts';

/** All of WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Those that a theme can break; all others look at names, roles and structure. */
const ofThemes = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong with the page as it is shown now; under an open dialog nothing can be reached, and only the dialog
 * is looked at (with those around it, if it stands on one). @returns one line per element
 */
export function axeFaults(page: Page, what: 'everything' | 'colours'): Promise<string[]> {
  // What fades in has another contrast.
  return lastingFaults(page, () => faultsNow(page, what), { tries: 3, everyMs: 300 });
}

async function faultsNow(page: Page, what: 'everything' | 'colours'): Promise<string[]> {
  // In the page itself: the desktop's has no other page that axe could finish in.
  // Where it was brought in before, half a megabyte is not sent again.
  const isThere = await page.evaluate(() => 'axe' in window);
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: ';' } : {}) }).setLegacyMode(true);
  if ((await page.getByRole('dialog').count()) > 0) axe.include('[role=dialog]');
  const { violations } = await (what === 'colours' ? axe.withRules(ofThemes) : axe.withTags(tags)).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      [
        `${id}: ${help}`,
        `at ${target.join(' ')}`,
        html.slice(0, 200),
        failureSummary?.split('\n')[1]?.trim() ?? '',
      ].join(' | '),
    ),
  );
}
