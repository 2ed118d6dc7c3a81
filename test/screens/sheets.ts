import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from '@playwright/test';
import type { Look } from './looks.ts';
import type { Picture } from './pictures.ts';

/** Of a sheet, in pixels: what a viewer shows without making it smaller. */
const sheet = { width: 1560, height: 1080, gap: 8, caption: 18 };

const style = `body{margin:0;padding:${sheet.gap}px;background:#777;font:13px/${sheet.caption}px sans-serif;color:#fff}
.s{display:grid;gap:${sheet.gap}px}figure{margin:0}img{display:block;width:100%}figcaption{overflow:hidden;height:${sheet.caption}px;white-space:nowrap}
h1{font-size:16px;margin:12px 0 4px}a{color:inherit}`;

const htmlOf = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens of Latchkey</title><style>${style}</style>${body}`;

/** How many pictures stand side by side, and below each other. */
function gridOf({ width, height }: Look): { readonly columns: number; readonly rows: number } {
  const columns = width >= 1900 ? 2 : width >= 1200 ? 3 : width >= 600 ? 4 : 6;
  const each = ((sheet.width - sheet.gap) / columns) * (height / width) + sheet.caption + sheet.gap;
  return { columns, rows: Math.max(1, Math.floor(sheet.height / each)) };
}

const figures = (pictures: readonly Picture[], columns: number): string =>
  `<div class="s" style="grid-template-columns:repeat(${columns},minmax(0,1fr))">${pictures
    .map(
      ({ file, station }) =>
        `<figure><figcaption>${station}</figcaption><a href="${file}"><img src="${file}" alt="${station}"></a></figure>`,
    )
    .join('')}</div>`;

/**
 * The contact sheet of all pictures (index.html), and the same in parts as pictures (sheet-…png).
 * @param dir where the pictures are
 * @returns the names of the sheets
 */
export async function makeSheets(
  browser: Browser,
  dir: string,
  pictures: readonly Picture[],
): Promise<string[]> {
  const groups = new Map<string, Picture[]>();
  for (const picture of pictures) {
    const name = `${picture.look.name}-${picture.theme}`;
    groups.set(name, [...(groups.get(name) ?? []), picture]);
  }
  const page = await browser.newPage({ viewport: { width: sheet.width, height: sheet.height } });
  const made: string[] = [];
  let index = '';
  for (const [name, its] of groups) {
    const [first] = its;
    if (first === undefined) continue;
    const { columns, rows } = gridOf(first.look);
    index += `<h1>${name}</h1>${figures(its, columns)}`;
    for (let start = 0; start < its.length; start += columns * rows) {
      const file = `sheet-${name}-${String(made.length + 1).padStart(3, '0')}`;
      const html = join(dir, `${file}.html`);
      writeFileSync(html, htmlOf(figures(its.slice(start, start + columns * rows), columns)));
      await page.goto(pathToFileURL(html).href);
      await page.screenshot({ path: join(dir, `${file}.png`), fullPage: true });
      rmSync(html);
      made.push(`${file}.png`);
    }
  }
  await page.close();
  writeFileSync(join(dir, 'index.html'), htmlOf(index));
  return made;
}
