import { defineConfig } from '@playwright/test';
import browser from '../../playwright.config.ts';

/** `npm run screens`: pictures of everything in every width, which a person looks at. No step of `npm test`. */
export default defineConfig({
  ...browser,
  testDir: '.',
  globalSetup: './global-setup.ts',
  outputDir: '../../test-results/screens-run',
  reporter: [['list']],
});
