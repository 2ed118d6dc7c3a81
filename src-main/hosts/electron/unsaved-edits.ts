/**
 * Edits on the page that closing, quitting or reloading would lose: the page holds its end back (`beforeunload`), and a
 * person decides. Asked without waiting here, so that the lock by time goes on while nobody answers.
 */
import type { BrowserWindow } from 'electron';

type Hooks = {
  /** Whether edits count: not once the vault is locked, which ends them anyway. */
  readonly counts: () => boolean;
  readonly isQuitting: () => boolean;
  /** The app goes on. */
  readonly stay: () => void;
  readonly quit: () => void;
  /** Whether the edits may go. */
  readonly ask: (window: BrowserWindow) => Promise<boolean>;
};

/** Asks before the end of this window's page would lose something. */
export function guardEdits(window: BrowserWindow, hooks: Hooks): void {
  let isLetGo = false;
  let isAsking = false;
  let isClosing = false;
  const { webContents } = window;
  window.on('close', (event) => {
    isClosing = !event.defaultPrevented;
  });
  webContents.on('did-finish-load', () => {
    isLetGo = false;
  });
  webContents.on('will-prevent-unload', (event) => {
    if (isLetGo || !hooks.counts()) {
      // Here this means: it ends all the same.
      event.preventDefault();
      return;
    }
    // The end that is held back here may not be taken back yet when the answer comes: closing once more would be taken for
    // the same. So the window goes without asking its page again.
    const isQuitting = hooks.isQuitting();
    const end = (): void => {
      if (isQuitting) hooks.quit();
      if (!window.isDestroyed()) window.destroy();
    };
    const goOn = isQuitting || isClosing ? end : () => webContents.reload();
    isClosing = false;
    hooks.stay();
    if (isAsking) return;
    isAsking = true;
    window.show();
    void hooks
      .ask(window)
      .then((goes) => {
        if (!goes || window.isDestroyed()) return;
        isLetGo = true;
        goOn();
      })
      .finally(() => {
        isAsking = false;
      });
  });
}
