import path from 'node:path';
import { app, clipboard, Menu, safeStorage, session as sessions } from 'electron';
import type { BrowserWindow } from 'electron';
import type { DesktopRequest } from '../../../shared/contract/desktop-views.ts';
import { hostEvents } from '../../../shared/contract/contract.ts';
import type { HostEventName } from '../../../shared/contract/contract.ts';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { callMethod } from '../../ipc/call-method.ts';
import type { App } from '../../services/app.ts';
import { createApp } from '../../services/app.ts';
import { openDemo } from '../../services/demo.ts';
import type { LockReason } from '../../services/session.ts';
import { networkConfigOf } from '../../services/network-config.ts';
import { openSettings } from '../../services/settings-store.ts';
import { cleanMemory } from '../../base/clean-memory.ts';
import { failureText } from '../../base/failure-text.ts';
import { appAgent } from '../app-agent.ts';
import { applySettings } from './apply-settings.ts';
import { serveApp } from './app-protocol.ts';
import { describeBackupFile } from './backup-file.ts';
import { createClipboardGuard } from './clipboard-guard.ts';
import { recoverFromCrashes } from './crash-recovery.ts';
import { openExternal } from './external-links.ts';
import type { Opened } from './deep-links.ts';
import { findOpened, isBackupFileName, parseDeepLink } from './deep-links.ts';
import { askToDiscard, choosePath, chooseSavePath, showAbout, showBackupFile } from './dialogs.ts';
import { freshPages } from './fresh-page.ts';
import { openIpcChannel, tellPage } from './ipc-channel.ts';
import { lockSession } from './lockdown.ts';
import { lockWithComputer } from './lock-triggers.ts';
import { menuTemplate } from './menu.ts';
import { notifyExpiry } from './notifier.ts';
import { createSecretStore } from './secret-store.ts';
import { openElectronStore } from './electron-store.ts';
import { openKeychainFile, openWindowFile } from './kept-files.ts';
import type { TrayState } from './tray.ts';
import { makeTray } from './tray.ts';
import { guardEdits } from './unsaved-edits.ts';
import { checkForUpdates } from './updates.ts';
import { forkUtilityGateway } from './utility-gateway.ts';
import { makeWindow } from './window.ts';
import { dayMs } from '../../../shared/model/time.ts';

/** After the start's work, so that a check never delays the unlock screen. */
const firstUpdateCheckMs = 30_000;

/** Composes the desktop app and opens its window. @throws whatever keeps it from starting */
export async function startDesktop(options: {
  readonly allowDevTools: boolean;
  readonly isDemo: boolean;
}): Promise<void> {
  let window: BrowserWindow | undefined;
  let isQuitting = false;
  /** The system ends the app, and waits for nobody. */
  let isSignalled = false;
  /** Asked for before the page was there to be told. */
  let pending: DesktopRequest | undefined;
  const early: Opened[] = [];
  let open: (opened: Opened) => void = (opened) => void early.push(opened);

  // macOS hands links and files over by these events, possibly before `ready`.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const request = parseDeepLink(url);
    if (request !== undefined) open({ type: 'link', request });
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    if (isBackupFileName(file)) open({ type: 'file', path: file });
  });

  await app.whenReady();

  const dataDir = app.getPath('userData');
  lockSession(sessions.defaultSession, options);
  serveApp(sessions.defaultSession, path.join(__dirname, '../renderer'));

  const settings = openSettings(dataDir, openElectronStore);
  const network = () => networkConfigOf(settings.read().network);
  const windowFile = openWindowFile(dataDir);
  const clipboardGuard = createClipboardGuard(clipboard, (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  });

  const agent = appAgent(dataDir);
  const services: App = createApp({
    dataDir,
    version: app.getVersion(),
    launchGateway: forkUtilityGateway,
    onLocked: () => void cleanMemory(),
    autoStartGateway: true,
    warmUp: true,
    keepLog: true,
    now: () => Date.now(),
    settings,
    host: {
      kind: 'electron',
      agent: agent.port,
      saveDialog: 'native',
      clipboard: 'host',
      chooseSavePath: (name) => chooseSavePath(window, name),
      choosePath: (what) => choosePath(window, what),
      keychain: { store: createSecretStore(safeStorage, process.platform), file: openKeychainFile(dataDir) },
      copySecret: async (text) => {
        const seconds = settings.read().clipboardClearSeconds;
        await clipboardGuard.copySecret(text, seconds);
        return seconds;
      },
      takeRequest: () => {
        const request = pending;
        pending = undefined;
        return request;
      },
    },
  });

  agent.bind(services);

  const isUnlocked = (): boolean => services.session.view().vault === 'unlocked';
  const lock = async (because: LockReason): Promise<void> => {
    await services.session.lock(because);
  };
  const lockAndSay = (because: LockReason): void => {
    lock(because).catch((error: unknown) =>
      console.error('latchkey: could not lock:', (error as Error).name),
    );
  };
  const show = (): void => {
    if (window === undefined || window.isDestroyed()) openWindow();
    else {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    }
  };
  const request = (wanted: DesktopRequest): void => {
    pending = wanted;
    show();
    // The page takes it when it is ready: a locked or still loading page asks later.
    tellPage(window, 'desktop.request', wanted);
  };

  open = (opened) => {
    if (opened.type === 'link') {
      request(opened.request);
      return;
    }
    show();
    void describeBackupFile(opened.path).then((report) => showBackupFile(window, report));
  };

  const tray = makeTray({ show, lock: () => lockAndSay('hand'), quit: () => app.quit() });
  const applyNow = (now: Settings): void => applySettings(now, window);
  const actions = {
    command: (command: Extract<DesktopRequest, { type: 'command' }>['command']) =>
      request({ type: 'command', command }),
    lock: () => lockAndSay('hand'),
    show,
    showAbout: () => showAbout(app.getVersion()),
    checkForUpdates: () => void checkForUpdates(settings.read().updates, network, () => window, true),
    openPage: (url: string) => void openExternal(url),
    quit: () => app.quit(),
  };
  const refreshMenu = (): void =>
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate(actions, {
          platform: process.platform,
          allowDevTools: options.allowDevTools,
          isUnlocked: isUnlocked(),
        }),
      ),
    );

  function openWindow(): void {
    const made = makeWindow({
      preload: path.join(__dirname, 'preload.cjs'),
      allowDevTools: options.allowDevTools,
      contentProtection: settings.read().contentProtection,
      file: windowFile,
    });
    window = made;
    recoverFromCrashes(made, { lock: () => lock('hand'), quit: () => app.quit(), now: Date.now });
    made.on('close', (event) => {
      if (isQuitting || tray === undefined || !settings.read().closeToTray) return;
      event.preventDefault();
      made.hide();
    });
    guardEdits(made, {
      counts: () => isUnlocked() && !isSignalled,
      isQuitting: () => isQuitting,
      stay: () => {
        isQuitting = false;
      },
      quit: () => app.quit(),
      ask: askToDiscard,
    });
    made.on('closed', () => {
      if (window === made) window = undefined;
    });
  }

  if (options.isDemo) await openDemo(services, dataDir);

  openIpcChannel(
    () => window,
    async (method, input) => {
      const result = await callMethod(services, method, input);
      if (method === 'settings.set' && result.ok) applyNow(settings.read());
      return result;
    },
  );

  let gatewayState: TrayState['gateway'] = 'stopped';
  const refreshTray = (): void => {
    tray?.update({ isUnlocked: isUnlocked(), gateway: gatewayState });
  };

  for (const name of Object.keys(hostEvents) as HostEventName[]) {
    services.on(name, (event) => tellPage(window, name, event));
  }
  const freshPage = freshPages();
  let wasUnlocked = isUnlocked();
  services.on('session.changed', (view) => {
    refreshMenu();
    refreshTray();
    const isOpen = view.vault === 'unlocked';
    if (!isOpen) void clipboardGuard.clearNow();
    if (wasUnlocked && !isOpen && !isQuitting) void freshPage(window);
    wasUnlocked = isOpen;
  });
  services.on('gateway.changed', (gateway) => {
    gatewayState = gateway.problem !== undefined ? 'problem' : gateway.running ? 'running' : 'stopped';
    refreshTray();
  });
  notifyExpiry(services, isUnlocked, (tokenId) => {
    const link = parseDeepLink(`latchkey://token/${tokenId}`);
    if (link !== undefined) request(link);
  });
  lockWithComputer(lockAndSay);

  app.on('second-instance', (_event, argv, workingDirectory) => {
    show();
    const opened = findOpened(argv, workingDirectory);
    if (opened !== undefined) open(opened);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    // macOS keeps an app without windows; elsewhere closing the last one ends it.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', () => {
    isQuitting = true;
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isSignalled = true;
      app.quit();
    });
  }
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    tray?.destroy();
    void clipboardGuard
      .clearNow()
      .then(() => services.close())
      .catch((error: unknown) => console.error('latchkey: closing failed:', failureText(error)))
      .finally(() => {
        isClosed = true;
        // In a later turn: while this event is still being emitted, Electron takes another quit for the same one.
        setTimeout(() => app.quit(), 0);
      });
  });

  refreshMenu();
  refreshTray();
  applyNow(settings.read());
  openWindow();
  if (app.isPackaged && process.platform === 'win32') app.setAsDefaultProtocolClient('latchkey');

  const opened = findOpened(process.argv, process.cwd());
  for (const one of opened === undefined ? early : [...early, opened]) open(one);

  const lookForUpdates = (): void => void checkForUpdates(settings.read().updates, network, () => window);
  setTimeout(lookForUpdates, firstUpdateCheckMs).unref();
  setInterval(lookForUpdates, dayMs).unref();
}
