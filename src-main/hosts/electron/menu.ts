import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopCommand } from '../../../shared/contract/desktop-views.ts';

export type MenuActions = {
  readonly command: (command: DesktopCommand) => void;
  readonly lock: () => void;
  readonly showAbout: () => void;
  readonly checkForUpdates: () => void;
  readonly quit: () => void;
};

/**
 * The application menu. Standard roles where there is one, so that each system's own words, keys and order apply.
 * There is no reload and no developer tools entry in a packaged app.
 */
export function menuTemplate(
  actions: MenuActions,
  options: {
    readonly platform: NodeJS.Platform;
    readonly allowDevTools: boolean;
    readonly isUnlocked: boolean;
  },
): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  const go = (
    label: string,
    command: DesktopCommand,
    accelerator?: string,
    enabled = options.isUnlocked,
  ): MenuItemConstructorOptions => ({
    id: command,
    label,
    enabled,
    click: () => actions.command(command),
    ...(accelerator !== undefined && { accelerator }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = {
    id: 'about',
    label: 'About Latchkey',
    click: actions.showAbout,
  };
  const updates: MenuItemConstructorOptions = {
    id: 'updates',
    label: 'Check for Updates…',
    click: actions.checkForUpdates,
  };
  const settings = go('Settings…', 'settings', 'CmdOrCtrl+,');
  const lock: MenuItemConstructorOptions = {
    id: 'lock',
    label: 'Lock',
    accelerator: 'CmdOrCtrl+Shift+L',
    enabled: options.isUnlocked,
    click: actions.lock,
  };
  const quit: MenuItemConstructorOptions = {
    id: 'quit',
    label: isMac ? 'Quit Latchkey' : 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: actions.quit,
  };

  return [
    ...(isMac
      ? [
          {
            label: 'Latchkey',
            submenu: [
              about,
              updates,
              separator,
              settings,
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              quit,
            ],
          },
        ]
      : []),
    {
      label: '&File',
      submenu: [
        go('Issue Token…', 'new-token', 'CmdOrCtrl+N'),
        separator,
        lock,
        ...(isMac ? [separator, { role: 'close' as const }] : [separator, settings, separator, quit]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        go('Tokens', 'tokens', 'CmdOrCtrl+1'),
        go('Policies', 'policies', 'CmdOrCtrl+2'),
        go('Gateway', 'gateway', 'CmdOrCtrl+3'),
        go('Search…', 'search', 'CmdOrCtrl+K'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(options.allowDevTools
          ? [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]
          : []),
      ],
    },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: isMac ? [] : [updates, separator, about] },
  ];
}
