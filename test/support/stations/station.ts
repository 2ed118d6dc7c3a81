import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Screen } from '../../../src-renderer/state/route.ts';

/** A state of the interface that is looked at: a screen, or what stands over it. */
export type Station = {
  /** Names pictures and findings, in kebab-case; of one screen's stations each has its own. */
  readonly name: string;
  /**
   * The files of src-renderer/features/ whose dialog or drawer is open, without their endings. Every file that opens one
   * has to be named here by some station, or in `elsewhere` with a reason: see stations.test.ts.
   */
  readonly shows?: readonly string[];
  /** From the screen as it is after `goTo`, until everything is there that is to be seen. */
  readonly open: (page: Page) => Promise<unknown>;
};

/** Those of one screen; at least the screen itself. */
export type Stations = readonly [Station, ...(readonly Station[])];

/** Shows a screen as it is when one comes to it: whatever was open is gone, also on the same screen. */
export async function goTo(page: Page, screen: Screen): Promise<void> {
  await closeAll(page);
  const aside: Screen = screen === 'overview' ? 'settings' : 'overview';
  for (const next of [aside, screen]) {
    await page.evaluate((name) => {
      window.location.hash = `#/${name}`;
    }, next);
    const here = page.locator(`nav a[href="#/${next}"][aria-current=page]`);
    // What a station entered is given up.
    const discard = page.getByRole('button', { name: 'Discard', exact: true });
    await expect(here.or(discard).first()).toBeAttached();
    if (await discard.isVisible()) await discard.click();
    await expect(here).toBeAttached();
  }
  const clear = page.getByRole('button', { name: 'Clear selection' });
  if (await clear.isVisible()) await clear.click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await settled(page);
}

/** Closes what stands over the screen, the topmost first, and gives up what was entered there. */
async function closeAll(page: Page): Promise<void> {
  const above = page.locator('[role=dialog], [role=menu]');
  await expect(async () => {
    const discard = page.getByRole('button', { name: /^(Discard|Close anyway)$/ });
    if (await discard.isVisible()) await discard.click();
    else if ((await above.count()) > 0) {
      // A window that changed its width under it may have left the focus outside.
      if ((await page.locator(':focus').count()) === 0) await above.last().focus({ timeout: 200 });
      await page.keyboard.press('Escape');
    }
    await expect(above).toHaveCount(0, { timeout: 100 });
  }).toPass({ timeout: 30_000, intervals: [20] });
}

/** Waits until nothing loads and nothing moves. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy=true]:visible')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const frame = async () => new Promise((done) => requestAnimationFrame(done));
    for (let isMoving = true; isMoving;) {
      // What has just been opened starts to move with the next frame or the one after.
      await frame();
      await frame();
      // What spins without end is no transition.
      const finite = document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .filter((animation) => animation.playState !== 'finished');
      await Promise.all(finite.map(async (animation) => animation.finished.catch(() => undefined)));
      isMoving = finite.length > 0;
    }
  });
}
