import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { freePort } from '../../support/free-port.ts';
import type { Page } from 'playwright';
import type { Bridge } from '../../../shared/contract/types.ts';
import type { WireResult } from '../../../shared/errors.ts';
import type { Launched, LaunchOptions } from '../../support/electron-app.ts';
import { launchLatchkey } from '../../support/electron-app.ts';

export const passphrase = 'quiet-otter-lantern-83-brick';

type Fixtures = {
  /** An empty profile, removed afterwards. */
  dataDir: string;
  /** Starts the app on that profile; may be called again after a close. Whatever still runs is ended afterwards. */
  launch: (options?: Partial<LaunchOptions>) => Promise<Launched>;
};

export const test = base.extend<Fixtures>({
  dataDir: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-profile-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  launch: async ({ dataDir }, use) => {
    const running: ChildProcess[] = [];
    await use(async (options = {}) => {
      const launched = await launchLatchkey({ dataDir, ...options });
      running.push(launched.app.process());
      return launched;
    });
    for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
  },
});
export { expect };

/** Calls a method of the contract from the page, as the page itself would. */
export function call(page: Page, method: string, input: unknown = {}): Promise<WireResult<unknown>> {
  return page.evaluate(
    ([name, value]) => (window as unknown as { latchkey: Bridge }).latchkey.invoke(name, value),
    [method, input] as const,
  );
}

/** The value of a call that must succeed. */
export async function must<T = Record<string, unknown>>(
  page: Page,
  method: string,
  input: unknown = {},
): Promise<T> {
  const result = await call(page, method, input);
  if (!result.ok) throw new Error(`${method}: ${result.error.code} ${JSON.stringify(result.error.says)}`);
  return result.value as T;
}

/** Does what locks, and waits for the page's new process. */
export async function locking(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await page.evaluate(() => performance.timeOrigin);
  await act();
  const isFresh = (origin: number): boolean => performance.timeOrigin !== origin && 'latchkey' in window;
  await expect.poll(() => page.evaluate(isFresh, before).catch(() => false), { timeout: 15_000 }).toBe(true);
  await expect(page.getByRole('heading', { name: 'Unlock' })).toBeVisible();
}

export const lock = (page: Page): Promise<void> =>
  // The answer may be lost with the page that asked, on a slow computer: what counts is the page that comes after it.
  locking(page, () => call(page, 'session.lock').catch(() => undefined));

/** The error code of a call that must be refused. */
export async function refusal(page: Page, method: string, input: unknown = {}): Promise<string> {
  const result = await call(page, method, input);
  if (result.ok) throw new Error(`${method} was not refused`);
  return result.error.code;
}

/** An organization with one team, one channel and the gateway off, at a port that nobody else has. */
export async function setUp(
  page: Page,
): Promise<{ issue: (holder: string, ttlDays?: number) => Promise<string> }> {
  const settings = await must(page, 'settings.get');
  await must(page, 'session.create', { organizationName: 'Acme', operatorName: 'Ada', passphrase });
  await must(page, 'settings.set', { ...settings, gateway: { autoStart: false, port: await freePort() } });
  const team = await must<{ id: string }>(page, 'teams.create', { name: 'data' });
  const [environment] = await must<{ id: string }[]>(page, 'environments.list');
  const channel = await must<{ id: string }>(page, 'channels.create', {
    name: 'main',
    kind: 'conda',
    upstream: { type: 'folder', label: 'packages', path: tmpdir() },
    environmentIds: [environment!.id],
  });
  return {
    issue: async (name, ttlDays = 90) => {
      const issued = await must<{ token: { id: string } }>(page, 'tokens.issue', {
        holder: { kind: 'service', name },
        teamId: team.id,
        environmentId: environment!.id,
        channelIds: [channel.id],
        ttlDays,
      });
      return issued.token.id;
    },
  };
}
