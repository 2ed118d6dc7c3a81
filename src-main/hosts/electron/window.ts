import path from 'node:path';
import { BrowserWindow, nativeImage, nativeTheme, screen } from 'electron';
import { APP_ORIGIN } from './app-url.ts';
import { iconDataUrl } from './icon-data.ts';
import type { openWindowFile } from './kept-files.ts';
import { minimumSize, usableBounds } from './window-bounds.ts';

export type WindowOptions = {
  readonly preload: string;
  readonly allowDevTools: boolean;
  readonly contentProtection: boolean;
  readonly file: ReturnType<typeof openWindowFile>;
};

/** Makes the app's one window, hidden until its first paint. Every lockdown preference is said, also the defaults. */
export function makeWindow(options: WindowOptions): BrowserWindow {
  const stored = options.file.read();
  const bounds = usableBounds(
    stored.bounds,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Latchkey',
    show: false,
    // What shows before the first paint; the page's own colours, so that dark mode does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    icon: nativeImage.createFromDataURL(iconDataUrl),
    webPreferences: {
      preload: path.resolve(options.preload),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.allowDevTools,
    },
  });
  window.setContentProtection(options.contentProtection);
  if (stored.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  rememberBounds(window, options.file);
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

function rememberBounds(window: BrowserWindow, file: WindowOptions['file']): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (!window.isDestroyed())
      file.write({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const soon = (): void => {
    clearTimeout(timer);
    // A drag sends hundreds of events; one write after it is enough.
    timer = setTimeout(save, 500);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('close', save);
}
