/** What is measured of the page that shows the tokens. */
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { passphrase } from '../vault/generate.ts';
import type { Answer, Frames } from './in-page.ts';
import { awaitAnswer, dragThrough, rowsPainted, stopFrames, takeAnswer, watchFrames } from './in-page.ts';

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Unlocks at the list of tokens. @returns ms from the end of the unlock screen to painted rows */
export async function unlock(page: Page): Promise<number> {
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.fill(passphrase);
  await page.evaluate(() => (window.location.hash = '#/tokens'));
  const painted = page.evaluate(rowsPainted);
  await field.press('Enter');
  return (await painted).sinceOpenMs;
}

/** Loads the page anew while the vault is open. @returns ms from the start of the navigation to painted rows */
export async function reload(page: Page): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  return (await page.evaluate(rowsPainted)).sinceStartMs;
}

/** From another screen. @returns ms from the click to painted rows */
export async function comeBack(page: Page): Promise<number> {
  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
  await go('Overview').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  return (await answerTo(page, 'click', () => go('Tokens').click())).ms;
}

/** Turns the wheel for a few seconds: fast at first, then so that one can read. */
export async function wheel(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  const turn = (pixels: number, speed: number) =>
    session.send('Input.synthesizeScrollGesture', {
      x: 600,
      y: 500,
      yDistance: -pixels,
      speed,
      gestureSourceType: 'mouse',
    });
  await page.evaluate(watchFrames);
  await turn(24_000, 12_000);
  await turn(3_000, 1_500);
  await session.detach();
  return page.evaluate(stopFrames);
}

/** Drags the scrollbar through the whole list in three seconds. */
export async function drag(page: Page): Promise<Frames & { readonly restMs: number }> {
  await toTop(page);
  await page.evaluate(watchFrames);
  const restMs = await page.evaluate(dragThrough, 3_000);
  return { ...(await page.evaluate(stopFrames)), restMs };
}

export async function toTop(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('[role=table]')?.parentElement?.scrollTo({ top: 0 }));
  await expect(page.locator('tr[data-row-id][data-index="0"]')).toBeVisible();
  await expect(page.locator('tr[aria-busy=true]')).toHaveCount(0);
}

export type Answers = { readonly medianMs: number; readonly worstMs: number; readonly longestTaskMs: number };
const summed = (answers: readonly Answer[]): Answers => ({
  medianMs: median(answers.map(({ ms }) => ms)),
  worstMs: Math.max(...answers.map(({ ms }) => ms)),
  longestTaskMs: Math.max(...answers.map(({ longestMs }) => longestMs)),
});

async function answerTo(page: Page, event: 'keydown' | 'click', act: () => Promise<void>): Promise<Answer> {
  await page.evaluate(awaitAnswer, event);
  await act();
  return page.evaluate(takeAnswer);
}

/** Types a word of which every letter changes the answer, and takes it back, letter by letter. */
export async function search(page: Page, word: string): Promise<Answers> {
  const field = page.getByRole('searchbox', { name: /^Search/ });
  await field.focus();
  const answers = [];
  for (const key of [...word, ...Array<string>(word.length).fill('Backspace')]) {
    // oxlint-disable-next-line no-await-in-loop
    answers.push(await answerTo(page, 'keydown', () => page.keyboard.press(key)));
  }
  return summed(answers);
}

/** Clicks each column's head, both ways. */
export async function sort(page: Page): Promise<Answers> {
  const answers = [];
  const heads = page.getByRole('columnheader').getByRole('button');
  for (const head of [...(await heads.all()), ...(await heads.all())]) {
    // oxlint-disable-next-line no-await-in-loop
    answers.push(await answerTo(page, 'click', () => head.click()));
  }
  return summed(answers);
}
