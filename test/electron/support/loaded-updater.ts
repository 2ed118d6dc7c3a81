import type { ElectronApplication } from '@playwright/test';

/** Whether the app has loaded the updater: it is a file of its own beside the main one. */
export function hasLoadedUpdater(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(() => {
    const { _cache: loaded } = process.mainModule!.require('module') as { _cache: Record<string, unknown> };
    return Object.keys(loaded).some((file) => file.includes('electron-updater'));
  });
}
