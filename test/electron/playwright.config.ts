import { defineConfig } from '@playwright/test';

/**
 * The desktop app in a real Electron: `npx playwright test -c test/electron/playwright.config.ts`. Brings its own
 * display, bus and keyring. One worker, as the packaged app is worked by the display's keyboard.
 */
export default defineConfig({
  globalSetup: './global-setup.ts',
  outputDir: '../../test-results/electron',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  projects: [
    { name: 'electron', testDir: '.', testMatch: '*.spec.ts' },
    // One spec, two hosts: what shows something of the desktop that nothing above shows; all others in `npm run soak`.
    {
      name: 'flows-in-electron',
      ...(process.env['LATCHKEY_TEST_ALL_FLOWS'] === undefined ? { grep: /@desktop/ } : {}),
      testDir: '../e2e',
      testMatch: '*.spec.ts',
      // Of the browser host alone, or of the page alone: axe needs no second host.
      testIgnore: ['launch-address.spec.ts', 'interface.spec.ts', 'tables.spec.ts'],
      timeout: 120_000,
      use: { host: 'electron' } as object,
    },
  ],
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
});
