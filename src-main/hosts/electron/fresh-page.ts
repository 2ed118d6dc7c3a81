/**
 * A new process for the page, after the lock. What the page showed and what was typed stands in the memory of its
 * process, in blocks that nobody can wipe from outside; with the process it goes. The page comes back at the lock screen.
 */
import type { BrowserWindow } from 'electron';
import { APP_ORIGIN, isAppUrl } from './app-url.ts';

/** The answer to the call that locked is on its way to the page. */
const answerMs = 100;

/** @returns a function that gives the window's page a new process; a second call while it works does nothing */
export function freshPages(): (window: BrowserWindow | undefined) => Promise<void> {
  let isWorking = false;
  return async (window) => {
    // A page that crashed gets its new process by the recovery.
    if (isWorking || window === undefined || window.isDestroyed() || window.webContents.isCrashed()) return;
    isWorking = true;
    try {
      await new Promise((resolve) => setTimeout(resolve, answerMs));
      if (window.isDestroyed() || !isAppUrl(window.webContents.getURL())) return;
      const { hash } = new URL(window.webContents.getURL());
      // Another site, so that Chromium gives up the process of this one.
      await window.loadURL('about:blank');
      if (window.isDestroyed()) return;
      window.webContents.clearHistory();
      await window.loadURL(`${APP_ORIGIN}/${hash}`);
    } catch {
      // Closed meanwhile, or crashed: then there is a new process too (crash-recovery.ts).
    } finally {
      isWorking = false;
    }
  };
}
