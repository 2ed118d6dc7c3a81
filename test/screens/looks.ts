import type { CDPSession, Page } from '@playwright/test';
import type { Theme } from '../support/stations/theme.ts';
import { nextPicture } from '../support/stations/theme.ts';

/** How the window is looked at; 200 % zoom is a window of half the CSS pixels. */
export type Look = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Of the browser's text, in pixels; 16 unless the person asked for another size. */
  readonly text: number;
  /** Without a picture only the checks look. */
  readonly pictured: boolean;
};

export const looks: readonly Look[] = [
  { name: '1920', width: 1920, height: 1080, text: 16, pictured: true },
  { name: '1280', width: 1280, height: 860, text: 16, pictured: true },
  { name: '900', width: 900, height: 700, text: 16, pictured: true },
  { name: '720', width: 720, height: 800, text: 16, pictured: true },
  { name: '1280-zoom-200', width: 640, height: 430, text: 16, pictured: true },
  { name: '320', width: 320, height: 640, text: 16, pictured: true },
  { name: '1280-text-200', width: 1280, height: 860, text: 32, pictured: true },
  { name: '720-text-200', width: 720, height: 800, text: 32, pictured: false },
];

/** For who mends some of them: names of looks or of a theme, by commas. */
const only = process.env['LATCHKEY_LOOKS']?.split(',') ?? [];
const wanted = <Name extends string>(all: readonly Name[]): readonly Name[] =>
  all.some((name) => only.includes(name)) ? all.filter((name) => only.includes(name)) : all;
const wantedNames = wanted(looks.map(({ name }) => name));
export const wantedLooks = looks.filter(({ name }) => wantedNames.includes(name));
export const wantedThemes = wanted<Theme>(['light', 'dark']);

/** Makes the window and its text as the look wants them. */
export async function useLook(page: Page, devtools: CDPSession, look: Look): Promise<void> {
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: look.text } });
  await page.setViewportSize(look);
  await nextPicture(page);
}
