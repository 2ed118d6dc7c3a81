import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopCommand } from '../../../shared/contract/desktop-views.ts';
import { documentation } from '../../../shared/model/documentation.ts';
import { screens } from '../../../shared/model/screens.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.palette.menu;

export type MenuActions = {
  readonly command: (command: DesktopCommand) => void;
  readonly lock: () => void;
  readonly showAbout: () => void;
  readonly checkForUpdates: () => void;
  /** Opens a page of `documentation` in the system's browser. */
  readonly openPage: (url: string) => void;
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
  /** With a key that the page handles, as it is a letter elsewhere: only shown here, where the system can do that. */
  const page = (label: string, command: DesktopCommand, key: string): MenuItemConstructorOptions => ({
    ...go(label, command),
    ...(!isMac && { accelerator: key, registerAccelerator: false }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = {
    id: 'about',
    label: words.about,
    click: actions.showAbout,
  };
  const updates: MenuItemConstructorOptions = {
    id: 'updates',
    label: words.updates,
    click: actions.checkForUpdates,
  };
  const settings = go(words.settings, 'settings', 'CmdOrCtrl+,');
  const lock: MenuItemConstructorOptions = {
    id: 'lock',
    label: words.lock,
    accelerator: 'CmdOrCtrl+L',
    enabled: options.isUnlocked,
    click: actions.lock,
  };
  const quit: MenuItemConstructorOptions = {
    id: 'quit',
    label: isMac ? words.quitMac : words.quit,
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
      label: words.fileMenu,
      submenu: [
        page(words.new, 'new', 'N'),
        go(words.issue, 'new-token'),
        separator,
        lock,
        ...(isMac ? [separator, { role: 'close' as const }] : [separator, settings, separator, quit]),
      ],
    },
    { role: 'editMenu' },
    {
      label: words.viewMenu,
      submenu: [
        ...screens
          .filter((screen) => screen !== 'settings')
          .map((screen) => go(texts.navigation[screen], screen)),
        separator,
        go(words.search, 'search', 'CmdOrCtrl+K'),
        page(words.searchList, 'search-list', '/'),
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
    {
      label: words.helpMenu,
      role: 'help',
      submenu: [
        go(words.help, 'help'),
        page(words.shortcuts, 'shortcuts', '?'),
        separator,
        ...documentation.map(({ name, url }) => ({
          label: words.documentation(name),
          click: () => actions.openPage(url),
        })),
        ...(isMac ? [] : [separator, updates, separator, about]),
      ],
    },
  ];
}
