/**
 * Updates, off until a feed is set: without one, the updater is not even loaded and nothing is asked of any server.
 * With one, the operator is told and decides twice (download, restart); nothing installs by itself. What is installed is
 * checked by the updater: the SHA-512 of the feed's metadata everywhere, and the publisher's signature on macOS and
 * Windows. Older versions are refused (docs/updates.md).
 */
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { escapeText } from '../../../shared/model/text.ts';
import type { Settings } from '../../../shared/contract/views.ts';

export type UpdateCheck = 'off' | 'none' | 'offered' | 'failed';

/** Looks for a newer version at the feed of the settings, and asks the operator about it. Never throws. */
export async function checkForUpdates(
  feed: Settings['updates'],
  window: () => BrowserWindow | undefined,
): Promise<UpdateCheck> {
  if (feed.feedUrl === '') return 'off';
  try {
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.autoDownload = false;
    autoUpdater.autoInstallOnAppQuit = false;
    autoUpdater.allowDowngrade = false;
    autoUpdater.channel = feed.channel;
    // Setting the channel turns this on; off again, so that a feed cannot roll an app back to a hole.
    autoUpdater.allowDowngrade = false;
    autoUpdater.logger = null;
    autoUpdater.setFeedURL({ provider: 'generic', url: feed.feedUrl, channel: feed.channel });
    const found = await autoUpdater.checkForUpdates();
    if (found === null || !found.isUpdateAvailable) return 'none';
    const version = found.updateInfo.version;
    if (!(await ask(window(), `Latchkey ${version} is available.`, 'Download'))) return 'offered';
    await autoUpdater.downloadUpdate();
    if (await ask(window(), `Latchkey ${version} is ready to install.`, 'Restart now')) {
      autoUpdater.quitAndInstall();
    }
    return 'offered';
  } catch (error) {
    console.error('latchkey: no update:', escapeText((error as Error).message.split('\n')[0] ?? ''));
    return 'failed';
  }
}

async function ask(window: BrowserWindow | undefined, message: string, accept: string): Promise<boolean> {
  const options = { type: 'info' as const, message, buttons: ['Later', accept], defaultId: 0, cancelId: 0 };
  const answer =
    window === undefined
      ? await dialog.showMessageBox(options)
      : await dialog.showMessageBox(window, options);
  return answer.response === 1;
}
