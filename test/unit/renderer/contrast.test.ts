import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];
type Tokens = ReadonlyMap<string, string>;

const css = readFileSync(
  join(import.meta.dirname, '..', '..', '..', 'src-renderer', 'ui', 'tokens.css'),
  'utf8',
);
const tokensOf = (block: string): Tokens =>
  new Map(
    [...block.matchAll(/(--lk-[\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
const [lightBlock = '', darkBlock = ''] = css.split(":root[data-mantine-color-scheme='dark']");
const light = tokensOf(lightBlock);
const dark: Tokens = new Map([...light, ...tokensOf(darkBlock)]);

const rgb = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];
const colorOf = (tokens: Tokens, name: string): Rgb => {
  const value = tokens.get(`--lk-${name}`);
  if (value === undefined) throw new Error(`no colour ${name}`);
  return rgb(value);
};
/** `color-mix(in srgb, a share, b)`. */
const mix = (a: Rgb, share: number, b: Rgb): Rgb => [
  a[0] * share + b[0] * (1 - share),
  a[1] * share + b[1] * (1 - share),
  a[2] * share + b[2] * (1 - share),
];
/** WCAG 2.2, relative luminance. */
const luminance = (color: Rgb): number => {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: Rgb, b: Rgb): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
};

/** What text needs (WCAG 1.4.3), with a little to spare for how browsers round. */
const least = 4.5;

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (name, tokens) => {
  const color = (token: string) => colorOf(tokens, token);

  it.each([
    ['ink', 'page'],
    ['ink', 'card'],
    ['ink', 'hover'],
    ['quiet', 'page'],
    ['quiet', 'card'],
    ['quiet', 'hover'],
    ['deny', 'card'],
    ['deny', 'page'],
    ['nav-ink', 'nav'],
    ['nav-quiet', 'nav'],
    ['white', 'nav-active'],
    ['gate-ink', 'gate-near'],
    ['gate-quiet', 'gate-near'],
    // Filled buttons: light uses shade 8, dark shade 7; the next one is the pointer's.
    ['white', name === 'light' ? 'latch-8' : 'latch-7'],
    ['white', name === 'light' ? 'red-8' : 'red-7'],
    ['white', 'red-9'],
  ])('is readable: %s on %s', (text, ground) => {
    expect(contrast(color(text), color(ground))).toBeGreaterThanOrEqual(least);
  });

  it.each(['quiet', 'allow', 'soon', 'deny', 'new'])('has a readable badge of tone %s', (tone) => {
    const text = mix(color(tone), 0.72, color('ink'));
    const ground = mix(color(tone), 0.12, color('card'));
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(least);
  });

  it('has a ring around what has the focus that stands out', () => {
    const ring = color(name === 'light' ? 'latch-8' : 'latch-4');
    for (const ground of ['page', 'card', 'hover'])
      expect(contrast(ring, color(ground))).toBeGreaterThanOrEqual(3);
    expect(contrast(color('brass'), color('nav'))).toBeGreaterThanOrEqual(3);
  });
});
