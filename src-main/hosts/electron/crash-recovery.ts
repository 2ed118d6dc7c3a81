import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { APP_ORIGIN } from './app-url.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.desktop.crash;

/** More crashes than this within the time are not bad luck: stop instead of reloading for ever. */
const crashLimit = 3;
const crashWindowMs = 60_000;

/**
 * When the page's process dies, the vault is locked and the page is reloaded: it comes back at the lock screen,
 * never in the middle of something with a secret still shown.
 */
export function recoverFromCrashes(
  window: BrowserWindow,
  hooks: { readonly lock: () => Promise<unknown>; readonly quit: () => void; readonly now: () => number },
): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    console.error(`latchkey: the window's process ended (${details.reason}); locking and reloading`);
    crashes = [...crashes.filter((at) => hooks.now() - at < crashWindowMs), hooks.now()];
    const recover = (): void => {
      if (window.isDestroyed()) return;
      if (crashes.length <= crashLimit) {
        void window.loadURL(`${APP_ORIGIN}/`);
        return;
      }
      dialog.showErrorBox(words.again, words.againText(crashes.length, details.reason));
      hooks.quit();
    };
    // In a later turn: the dead process's page cannot be replaced while its end is still being told.
    void hooks.lock().finally(() => setTimeout(recover, 0));
  });
  window.on('unresponsive', () => {
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        message: words.hangs,
        detail: words.hangsText,
        buttons: [words.wait, words.reload],
        defaultId: 0,
        cancelId: 0,
      })
      .then(async ({ response }) => {
        if (response !== 1 || window.isDestroyed()) return;
        await hooks.lock();
        if (!window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
      });
  });
}
