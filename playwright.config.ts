import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const systemChromium = process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium';

/** The flows of the app in a browser, against the built browser host. The desktop's own: test/electron/. */
export default defineConfig({
  testDir: 'test/e2e',
  // Nothing is written into the state folder of whoever runs the tests.
  globalSetup: './test/support/global-setup.ts',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  // Two cores: a second browser beside the app and a real pip would only make each of them slower.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    actionTimeout: 15_000,
    viewport: { width: 1280, height: 860 },
    // What the page was at each step, and no picture for every frame of it.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      // Debian's own; where there is none, the one that Playwright fetched.
      ...(existsSync(systemChromium) ? { executablePath: systemChromium } : {}),
      // Root, as in a container, cannot use Chromium's sandbox.
      args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
  },
  projects: [{ name: 'browser' }],
});
