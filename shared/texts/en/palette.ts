/** The command palette, the sheet of shortcuts, help of a screen, and their entries in the desktop's menu. */
export const palette = {
  title: 'Search and commands',
  open: 'Search…',
  placeholder: 'Screen, token, holder, channel, command…',
  label: 'Search screens, objects and commands',
  list: 'Results',
  none: 'Nothing found',
  groups: { actions: 'Commands', screens: 'Screens', found: 'Tokens and holders', objects: 'Organization' },
  kinds: {
    tokens: 'Token',
    holders: 'Holder',
    channels: 'Channel',
    teams: 'Team',
    environments: 'Environment',
    policies: 'Policy',
  },
  token: (id: string, holder: string): string => `lk-${id}, ${holder}`,
  actions: {
    issue: 'Issue token',
    channels: 'New channel',
    teams: 'New team',
    environments: 'New environment',
    policies: 'New policy',
    startGateway: 'Start gateway',
    stopGateway: 'Stop gateway…',
    passphrase: 'Change passphrase…',
    lock: 'Lock',
    shortcuts: 'Keyboard shortcuts',
    help: 'Help on this screen',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    palette: 'Search everything, run a command',
    search: 'Search this list',
    new: 'New entry of this list',
    sheet: 'This sheet',
    screens: (name: string): string => `Go to ${name}`,
    lock: 'Lock',
    settings: 'Settings',
    rows: 'Move between rows',
    openRow: 'Open the row',
    close: 'Close a dialog',
    next: 'then',
    quiet: 'Letters work while you are not typing in a field.',
  },
  help: {
    button: 'Help',
    title: (screen: string): string => `Help: ${screen}`,
    documentation: 'Documentation of the clients',
    screens: {
      overview:
        'What needs you first: tokens by state, the ones that expire soonest, and the last ten minutes of the gateway. Each number opens its list.',
      tokens:
        'A token lets one holder install from chosen channels, in one environment, until a day. Its secret is shown once, when it is issued or rotated. Rotate replaces it with time for both; revoke ends it within a second.',
      holders:
        'People, services and agents that use tokens. A holder is added with its first token. Rename one here; its tokens keep working.',
      channels:
        'Where packages come from: a URL or a folder on this computer. Test the connection before you save. Stored credentials stay in the vault; clients never see them.',
      teams: 'A token belongs to one team. Policies and filters go by teams.',
      environments:
        'Where a token is used, for example dev or prod. A channel is open to chosen environments. A protected environment asks for more care.',
      policies:
        'Limits on new tokens: how long they last and whether they must name networks. All policies that apply count together; the strictest wins.',
      gateway:
        'Clients install through the gateway, which checks every request against its token. Open a request to see what was decided and why.',
      settings:
        'How this computer’s Latchkey behaves: lock, gateway address, network, vault and passphrase. What belongs to the organization is in the vault.',
    },
  },
  menu: {
    /** & comes before the letter of the menu's key. */
    fileMenu: '&File',
    viewMenu: '&View',
    helpMenu: '&Help',
    about: 'About Latchkey',
    updates: 'Check for Updates…',
    settings: 'Settings…',
    lock: 'Lock',
    quitMac: 'Quit Latchkey',
    quit: 'Quit',
    search: 'Search…',
    searchList: 'Search This List',
    new: 'New Entry of This List…',
    issue: 'Issue Token…',
    help: 'Help on This Screen',
    shortcuts: 'Keyboard Shortcuts',
    documentation: (client: string): string => `Documentation of ${client}`,
  },
};
