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
    lookUp: 'Look up a package',
    template: 'New policy from a template',
    where: 'What applies where',
    policyText: 'Policies as YAML',
    facts: 'Add a feed',
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
        'Rules for packages and for new tokens. They stack by layer: organization, environment, team. A lower layer can only tighten. Enforce denies; observe only records. Every version is kept, and one click goes back to it.',
      packages:
        'Look up any package: which versions there are, what policies say to it for each team and environment, and why. Labels that you set here are what label rules look at.',
      advisories:
        'Known vulnerabilities and malware, by the packages that they affect. Assess one when you know how it concerns you: a rule can take that into account. Latchkey brings no curators; your organization judges, or imports VEX from someone it trusts.',
      facts:
        'Where advisories, exploit lists and assessments come from, and how old they are. A feed that shrinks by more than a tenth waits for you to accept it; the last good facts stay in use.',
      gateway:
        'Clients install through the gateway, which checks every request against its token. Open a request to see what was decided and why.',
      activity:
        'What was installed and refused, from the gateways’ request logs: by team, environment or token. Addresses and CI users are sealed; only an admin can open them, and each look is recorded.',
      cache:
        'Package files that the gateway keeps on this computer, so that installs are fast and go on while an upstream is away. Every request is judged anew, also for a kept file.',
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
