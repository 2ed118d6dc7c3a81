/**
 * Draws every icon from the two SVG sources in this folder, with an installed Chromium:
 * `node build/make-icons.ts`. The results are kept in the repository, so packaging needs no browser.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

const here = import.meta.dirname;
const sizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();

async function draw(file: string, size: number): Promise<Buffer> {
  const svg = readFileSync(path.join(here, file)).toString('base64');
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}img{display:block}</style><img src="data:image/svg+xml;base64,${svg}" width="${size}" height="${size}">`,
  );
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } });
}

/** Windows: an ICO whose images are PNG (since Vista). 256 is written as 0. */
function ico(images: readonly { size: number; png: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** macOS: an ICNS of PNG entries, by the four-letter type of each size (and of the double-density ones). */
function icns(images: ReadonlyMap<number, Buffer>): Buffer {
  const types: readonly (readonly [string, number])[] = [
    ['icp4', 16],
    ['ic11', 32],
    ['icp5', 32],
    ['ic12', 64],
    ['ic07', 128],
    ['ic13', 256],
    ['ic08', 256],
    ['ic14', 512],
    ['ic09', 512],
    ['ic10', 1024],
  ];
  const parts = types.map(([type, size]) => {
    const png = images.get(size)!;
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

const drawn = new Map<number, Buffer>();
for (const size of sizes) {
  const png = await draw('icon.svg', size);
  drawn.set(size, png);
  writeFileSync(path.join(here, 'icons', `${size}x${size}.png`), png);
}
writeFileSync(path.join(here, 'icon.png'), drawn.get(512)!);
writeFileSync(
  path.join(here, 'icon.ico'),
  ico([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: drawn.get(size)! }))),
);
writeFileSync(path.join(here, 'icon.icns'), icns(drawn));

const tray = await draw('tray.svg', 32);
writeFileSync(
  path.join(here, '../src-main/hosts/electron/icon-data.ts'),
  `/** Written by build/make-icons.ts from build/icon.svg and build/tray.svg; inside the bundle, so no path can be wrong. */
export const iconDataUrl =
  'data:image/png;base64,${drawn.get(64)!.toString('base64')}';
export const trayIconDataUrl =
  'data:image/png;base64,${tray.toString('base64')}';
`,
);
await browser.close();
