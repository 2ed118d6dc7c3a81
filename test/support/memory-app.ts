import type { AppOptions } from '../../src-main/services/app.ts';
import { MemoryDoor } from './memory-vault.ts';
import { compileFacts } from '../../src-main/curation/feeds/compile.ts';
import { readFeed } from '../../src-main/curation/feeds/read-feed.ts';
import type { TempApp } from './temp-app.ts';
import { openTempApp, testPassphrase } from './temp-app.ts';

export type MemoryApp = TempApp & { readonly door: MemoryDoor; readonly clock: { nowMs: number } };

/** Without threads, which take a second each to start. */
const feedWays: NonNullable<AppOptions['feedWays']> = {
  read: (job) => readFeed(job),
  compile: (job) => compileFacts(job),
};

/** A whole app on a vault in memory, with a clock that stands still: without KDF, keys and log file. */
export function openMemoryApp(options: Partial<AppOptions> = {}): MemoryApp {
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const now = () => clock.nowMs;
  const door = new MemoryDoor(now);
  return { ...openTempApp({ autoStartGateway: false, now, door, feedWays, ...options }), door, clock };
}

/** The same, with an organization created and unlocked. */
export async function openUnlockedMemoryApp(options: Partial<AppOptions> = {}): Promise<MemoryApp> {
  const app = openMemoryApp(options);
  await app.client.session.create({
    organizationName: 'Test Org',
    operatorName: 'Test Admin',
    passphrase: testPassphrase,
  });
  return app;
}
