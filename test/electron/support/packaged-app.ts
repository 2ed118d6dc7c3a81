/**
 * Drives a PACKAGED app, whose fuses refuse --inspect (so Playwright's _electron cannot attach), through Chromium's own
 * DevTools port: the renderer is reached, the main process is not. What main shows natively (the save dialog) is worked
 * as a user would: with the keyboard. The release refuses that port; the package under test is built to allow it.
 */
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';

const exec = promisify(execFile);

export type PackagedApp = {
  readonly child: ChildProcess;
  readonly browser: Browser;
  readonly page: Page;
  readonly output: () => string;
  /** Closes the window, which ends the app; returns its exit code. */
  readonly close: () => Promise<number | null>;
};

export async function launchPackagedApp(options: {
  readonly executable: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly timeout?: number;
}): Promise<PackagedApp> {
  const { executable, args = [], env = process.env, timeout = 30_000 } = options;
  const child = spawn(
    executable,
    // Root, as in a container, cannot use Chromium's sandbox; nobody else should pass --no-sandbox.
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--remote-debugging-port=0', ...args],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no DevTools endpoint within ${timeout} ms:\n${output}`)),
      timeout,
    );
    const read = (chunk: Buffer): void => {
      output += chunk;
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(output);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]!);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`ended early (${code ?? signal}):\n${output}`));
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
  // Playwright never finishes attaching to a page that is still on Electron's initial empty document
  // (its URL is ":"), so wait until the window has its real one. A title tells.
  const until = Date.now() + timeout;
  const targets = `http://${new URL(endpoint).host}/json/list`;
  for (;;) {
    const list = (await fetch(targets).then(
      (response) => response.json(),
      () => [],
    )) as { type: string; title: string }[];
    if (list.some((target) => target.type === 'page' && target.title && !target.title.includes('://'))) break;
    if (Date.now() > until)
      throw new Error(`no loaded window within ${timeout} ms: ${JSON.stringify(list)}\n${output}`);
    await delay(50);
  }
  // noDefaults: Electron has no browser contexts to set Playwright's download defaults on
  // ("Browser context management is not supported" without it).
  const browser = await chromium.connectOverCDP(endpoint, { timeout, noDefaults: true });
  const context = browser.contexts()[0]!;
  const page = context.pages()[0] ?? (await context.waitForEvent('page', { timeout }));
  return {
    child,
    browser,
    page,
    output: () => output,
    async close() {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      await page.close().catch(() => undefined); // the last window: the app quits by itself on Linux
      if (gone && !(await Promise.race([gone.then(() => true), delay(5_000, false)]))) {
        child.kill('SIGKILL');
        await gone;
      }
      await browser.close().catch(() => undefined);
      return child.exitCode;
    },
  };
}

/**
 * Answers the native GTK file dialog (save or open) now on the X display, or the next one to appear:
 * types an absolute path and presses Return, or with `undefined` presses Escape.
 * Needs xdotool and xprop; one app per X display, as the keyboard is the display's.
 */
export async function answerFileDialog(filePath: string | undefined, timeout = 10_000): Promise<void> {
  const env = process.env;
  const until = Date.now() + timeout;
  let id: string | undefined;
  while (!(id = await findFileDialog(env))) {
    if (Date.now() > until) throw new Error(`no file dialog within ${timeout} ms`);
    await delay(50);
  }
  // No window manager runs under Xvfb, so focus is given directly; the keys are then real (XTEST) ones.
  await run('xdotool', ['windowfocus', '--sync', id], env);
  await delay(150);
  if (filePath === undefined) {
    await run('xdotool', ['key', 'Escape'], env);
  } else {
    // Ctrl+L: the place to type a path, in a save dialog and an open dialog alike.
    await run('xdotool', ['key', 'ctrl+l'], env);
    await run('xdotool', ['key', 'ctrl+a'], env);
    await run('xdotool', ['type', '--delay', '8', filePath], env);
    await delay(150);
    await run('xdotool', ['key', 'Return'], env);
  }
  while ((await findFileDialog(env)) === id) {
    if (Date.now() > until + timeout) throw new Error('the file dialog did not close');
    await delay(50);
  }
}

async function findFileDialog(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const ids = await run('xdotool', ['search', '--onlyvisible', '--class', '.'], env).catch(() => '');
  for (const id of ids.split('\n').filter(Boolean)) {
    const role = await run('xprop', ['-id', id, 'WM_WINDOW_ROLE'], env).catch(() => '');
    if (role.includes('GtkFileChooser')) return id;
  }
  return undefined;
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return (await exec(command, args, { env })).stdout;
}
