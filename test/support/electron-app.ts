/**
 * Launches the desktop app in a real Electron for a test: `launchLatchkey({ dataDir })`. Used by the Electron-only specs
 * and by the specs that run in both hosts. Electron is found (or made) once per run.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { _electron } from 'playwright';
import { makeAppTree } from '../electron/support/app-tree.ts';
import { obtainElectron } from '../electron/support/obtain-electron.ts';

export type Launched = {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Ends the app as its user would, by closing it. */
  readonly close: () => Promise<void>;
};

export type LaunchOptions = {
  /** The app's whole profile: vault, settings, Chromium's own files. */
  readonly dataDir: string;
  /** Which keychain: the real one of the private session (default), or Chromium's stand-in that does not encrypt. */
  readonly keyring?: 'gnome-libsecret' | 'basic';
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
};

let executable: Promise<string> | undefined;

/** The executable with the built product inside; made once, shared by all tests of a run through the environment. */
export function latchkeyExecutable(): Promise<string> {
  executable ??= (async () => {
    const given = process.env['LATCHKEY_TEST_EXECUTABLE'];
    if (given) return given;
    return makeAppTree(await obtainElectron(), mkdtempSync(path.join(tmpdir(), 'latchkey-electron-')));
  })();
  return executable;
}

/** Arguments that every launch in a test needs. */
export function launchArguments(options: Pick<LaunchOptions, 'dataDir' | 'keyring'>): string[] {
  return [
    // Root, as in a container, cannot use Chromium's sandbox; the product never passes this.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    `--password-store=${options.keyring ?? 'gnome-libsecret'}`,
    `--user-data-dir=${options.dataDir}`,
  ];
}

/** Starts the app and waits for its window. */
export async function launchLatchkey(options: LaunchOptions): Promise<Launched> {
  const app = await _electron.launch({
    executablePath: await latchkeyExecutable(),
    args: [...launchArguments(options), ...(options.args ?? [])],
    env: { ...(process.env as Record<string, string>), LATCHKEY_TEST_HOLD_READY: '1', ...options.env },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  const close = async (): Promise<void> => {
    // What a test has entered may be lost: nobody is there to say so.
    await app
      .evaluate(({ dialog }) => {
        dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
      })
      // Ended already.
      .catch(() => undefined);
    await app.close();
  };
  return { app, page, close };
}
