import { defineConfig } from 'vitest/config';

const project = (name: string, more: { testTimeout?: number; fileParallelism?: boolean } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    environment: 'node',
    pool: 'forks' as const,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...more,
  },
});

/** Steps of `npm test`: pure and small, the contract through both doors, and real clients. */
export default defineConfig({
  test: {
    projects: [project('unit'), project('contract'), project('clients', { testTimeout: 120_000 })],
  },
});
