import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** All cores but one, as Vitest has it, and two where there are two: it would take one of them. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

const project = (name: string, timeoutMs: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    // Nothing is written into the state folder of whoever runs the tests.
    globalSetup: './test/support/global-setup.ts',
    setupFiles: ['./test/support/patience.ts'],
    // Its own default, a second, is a measure of how busy the machine is.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
  },
});

export default defineConfig({
  test: {
    // Each test makes its own organization: Argon2id takes its time, and more so with other tests beside it.
    projects: [
      { test: { ...project('unit', 30_000).test, globalSetup: './test/unit/global-setup.ts' } },
      {
        test: {
          ...project('component', 30_000).test,
          environment: 'jsdom',
          setupFiles: ['./test/support/patience.ts', './test/support/component-setup.ts'],
          // The names of classes as they are written, so that a test can say them.
          css: { modules: { classNameStrategy: 'non-scoped' as const } },
        },
      },
      project('contract', 60_000),
      project('clients', 120_000),
      // What these kill and measure, another test would disturb.
      { test: { ...project('soak', 1_800_000).test, maxWorkers: 1 } },
      { test: { ...project('load', 600_000).test, maxWorkers: 1 } },
    ],
    maxWorkers,
    allowOnly: !process.env['CI'],
    restoreMocks: true,
  },
});
