import { join } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { chromium } from '@playwright/test';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { forgetPictures, keptPictures, picturesDir } from './pictures.ts';
import { makeSheets } from './sheets.ts';

/** Pictures of this run alone; at its end the contact sheets, also when something is wrong: that is what they show. */
export default function globalSetup(config: FullConfig): () => Promise<void> {
  const removeStateDir = usePrivateStateDir();
  forgetPictures();
  return async () => {
    removeStateDir();
    const browser = await chromium.launch(config.projects[0]?.use.launchOptions);
    const sheets = await makeSheets(browser, picturesDir, keptPictures());
    await browser.close();
    process.stdout.write(`${sheets.length} sheets, and all pictures in ${join(picturesDir, 'index.html')}\n`);
  };
}
