import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page, ViewportSize } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import { launchLatchkey } from './electron-app.ts';

const root = join(import.meta.dirname, '..', '..');

/** The app as one test has it, whatever the host. */
export type Latchkey = {
  readonly page: Page;
  readonly dir: string;
  readonly host: 'browser' | 'electron';
  /** What the host printed; the browser host's launch address stands in it. */
  readonly output: () => string;
  /** Enter in the terminal of the browser host. */
  readonly pressEnter: () => void;
  readonly clipboardText: () => Promise<string>;
  /** After a lock: a page in the browser is signed out, and opens the new address that the host printed. */
  readonly signInAgain: () => Promise<void>;
  /** Ends the program behind the page, as a crash would: nobody answers it any more. */
  readonly stopHost: () => Promise<void>;
  /** A picture under test-results/, which a person looks at. */
  readonly picture: (name: string) => Promise<void>;
};

type Options = {
  host: 'browser' | 'electron';
  demo: boolean;
  /** More arguments for Chromium or Electron. */
  engineArgs: readonly string[];
};

/** `latchkey` is the app on a folder of its own; the test fails when the console saw an error. */
export const test = base.extend<{ latchkey: Latchkey } & Options>({
  host: ['browser', { option: true }],
  demo: [false, { option: true }],
  engineArgs: [[], { option: true }],
  latchkey: async ({ host, demo, engineArgs, playwright, launchOptions, viewport }, use, testInfo) => {
    const dir = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'));
    const dataDir = join(dir, 'data');
    for (const folder of [dataDir, join(dataDir, 'demo')]) {
      mkdirSync(folder, { recursive: true });
      // Any free port: the usual one may be taken on this computer.
      writeFileSync(join(folder, 'settings.json'), JSON.stringify({ gateway: { port: 0 } }));
    }
    const opened =
      host === 'browser'
        ? await openInBrowser(
            await playwright.chromium.launch({
              ...launchOptions,
              args: [...(launchOptions.args ?? []), ...engineArgs],
            }),
            viewport,
            dataDir,
            demo,
          )
        : await openInElectron(dataDir, demo, engineArgs);
    const problems: string[] = [];
    let isStopped = false;
    opened.page.on('console', (message) => {
      // Where nobody listens any more, the browser itself complains.
      if (isStopped && message.text().includes('net::ERR_')) return;
      if (message.type() === 'error') problems.push(message.text());
    });
    opened.page.on('pageerror', (error) => problems.push(String(error)));
    try {
      await use({
        page: opened.page,
        dir,
        host,
        output: opened.output,
        pressEnter: opened.pressEnter,
        clipboardText: opened.clipboardText,
        signInAgain: opened.signInAgain,
        stopHost: () => {
          isStopped = true;
          return opened.stopHost();
        },
        picture: async (name) => {
          const path = join(root, 'test-results', 'screenshots', `${host}-${name}.png`);
          await opened.page.screenshot({ path });
          await testInfo.attach(name, { path, contentType: 'image/png' });
        },
      });
      expect(problems, 'errors on the console').toEqual([]);
    } finally {
      await opened.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
});

export type Opened = {
  readonly page: Page;
  readonly output: () => string;
  readonly pressEnter: () => void;
  readonly clipboardText: () => Promise<string>;
  readonly signInAgain: () => Promise<void>;
  readonly stopHost: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The newest address that the browser host printed. */
export const lastLaunchUrl = (output: string): string | undefined =>
  output.match(/http:\/\/127\.0\.0\.1:\d+\/#launch=[\w-]{43}/g)?.at(-1);

/** The browser host on a folder, and a page of this browser that is signed in to it. */
export async function openInBrowser(
  browser: Browser,
  viewport: ViewportSize | null,
  dataDir: string,
  demo: boolean,
): Promise<Opened> {
  const args = [
    join(root, 'dist', 'main', 'browser.cjs'),
    '--data-dir',
    dataDir,
    ...(demo ? ['--demo'] : []),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Files go into the test's own folder.
    env: { ...process.env, HOME: dirname(dataDir) },
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = lastLaunchUrl(output);
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => reject(new Error(`the browser host ended: ${output}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const context = await browser.newContext({ viewport });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  const page = await context.newPage();
  await page.goto(url);
  return {
    page,
    output: () => output,
    pressEnter: () => child.stdin.write('\n'),
    clipboardText: () => page.evaluate(() => navigator.clipboard.readText()),
    signInAgain: async () => {
      await expect(page.getByRole('heading', { name: 'This page is not signed in' })).toBeVisible();
      await expect.poll(() => lastLaunchUrl(output)).not.toBe(url);
      await page.goto(lastLaunchUrl(output) ?? '');
    },
    stopHost: () => end('SIGKILL'),
    close: async () => {
      await browser.close();
      await end('SIGTERM');
    },
  };
}

/** The desktop app on a folder. */
export async function openInElectron(
  dataDir: string,
  demo: boolean,
  engineArgs: readonly string[] = [],
): Promise<Opened> {
  const args = [...(demo ? ['--demo'] : []), ...engineArgs];
  const { app, page, close } = await launchLatchkey({ dataDir, args });
  let timeOrigin = await page.evaluate(() => performance.timeOrigin);
  let output = '';
  app.process().stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    page,
    output: () => output,
    pressEnter: () => undefined,
    clipboardText: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    signInAgain: async () => {
      // The page gets a new process.
      const isFresh = (before: number): boolean => performance.timeOrigin !== before && 'latchkey' in window;
      await expect.poll(() => page.evaluate(isFresh, timeOrigin).catch(() => false)).toBe(true);
      timeOrigin = await page.evaluate(() => performance.timeOrigin);
    },
    stopHost: () => app.evaluate(({ ipcMain }) => ipcMain.removeHandler('latchkey:invoke')),
    close,
  };
}

export { expect };
