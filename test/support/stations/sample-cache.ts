import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeAbout } from '../../../src-main/package-cache/about-file.ts';
import { goTo } from './station.ts';

const files = [
  ['torch', '2.9.1', 'torch-2.9.1-cp313-cp313-manylinux_2_28_x86_64.whl', 900_000],
  ['numpy', '2.4.0', 'numpy-2.4.0-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl', 160_000],
  ['requests', '2.33.0', 'requests-2.33.0-py3-none-any.whl', 64_000],
] as const;

/** Files in the package cache, as a gateway puts them there: channels of folders, which the sample has, are not kept. */
export async function fillSampleCache(page: Page): Promise<void> {
  await goTo(page, 'settings');
  const dataDir = await page.locator('dt:text-is("Data folder") + dd').textContent();
  for (const [name, version, filename, sizeBytes] of files) {
    const content = Buffer.alloc(sizeBytes, filename);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const dir = join(dataDir ?? '', 'package-cache', 'files', sha256.slice(0, 2));
    mkdirSync(dir, { recursive: true });
    const source = {
      channelId: 'ch-sample',
      path: filename,
      ecosystem: 'pypi',
      name,
      version,
      filename,
    } as const;
    const about = writeAbout({ v: 1, sizeBytes, storedAtMs: Date.now(), sources: [source] });
    writeFileSync(join(dir, `${sha256}.json`), about);
    writeFileSync(join(dir, sha256), content);
  }
  await goTo(page, 'cache');
}
