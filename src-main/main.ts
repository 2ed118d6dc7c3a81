/**
 * The desktop app: single instance, locked down before its first window, then composed. Whatever fails on the way to
 * the window is said in a dialog, and the process ends. Everything that can be said without Electron is in services/.
 */
import { accessSync, constants } from 'node:fs';
import { app } from 'electron';
import { keepBuffersApart } from './base/clean-memory.ts';
import { registerAppScheme } from './hosts/electron/app-protocol.ts';
import { refusedSwitch } from './hosts/electron/debug-switches.ts';
import { startDesktop } from './hosts/electron/desktop.ts';
import { showStartFailure } from './hosts/electron/dialogs.ts';
import { lockDown } from './hosts/electron/lockdown.ts';
import { demoDataDir } from './services/demo.ts';
import { makeFolderSync } from './disk/make-folder.ts';

function fail(error: unknown): void {
  showStartFailure(error);
  app.exit(1);
}

function assertWritable(folder: string): void {
  try {
    makeFolderSync(folder);
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`The folder for its data cannot be written (${code ?? 'unknown'}): ${folder}`, { cause });
  }
}

function main(): void {
  keepBuffersApart();
  app.setName('Latchkey');
  const forbidden = refusedSwitch(app);
  if (forbidden !== undefined) {
    fail(
      new Error(
        `Latchkey does not start with --${forbidden}: it would let another program drive the window, or take the window's sandbox away.`,
      ),
    );
    return;
  }
  const isDemo = process.argv.includes('--demo');
  const given = process.env['LATCHKEY_DATA_DIR'];
  if (given) app.setPath('userData', given);
  if (isDemo) app.setPath('userData', demoDataDir(app.getPath('userData')));
  try {
    assertWritable(app.getPath('userData'));
  } catch (error) {
    // Said here, since the lock below cannot tell a folder that is not writable from another instance.
    fail(error);
    return;
  }
  // A second start hands its arguments over (see `second-instance`) and ends before it touches any file.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const allowDevTools = !app.isPackaged;
  // Would override --no-sandbox, without which root cannot run Chromium at all; a release refuses that switch above.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();
  lockDown({ allowDevTools });
  process.on('uncaughtException', (error) => {
    // The name and place only: a message may quote an input.
    console.error(
      'latchkey: internal error:',
      error.name,
      (error.stack ?? '').split('\n').slice(1, 6).join('\n'),
    );
  });
  startDesktop({ allowDevTools, isDemo }).catch(fail);
}

main();
