/** Names of screens, as navigation, menus and the palette show them. */
export const navigation = {
  label: 'Main',
  overview: 'Overview',
  tokens: 'Tokens',
  organization: 'Organization',
  holders: 'Holders',
  channels: 'Channels',
  teams: 'Teams',
  environments: 'Environments',
  policies: 'Policies',
  system: 'System',
  gateway: 'Gateway',
  settings: 'Settings',
  lock: 'Lock',
  withKeys: (what: string, keys: string): string => `${what} (${keys})`,
  gatewayStates: {
    running: 'Gateway running',
    stopped: 'Gateway stopped',
    problem: 'Gateway has a problem',
  },
  gatewayCounts: (allowed: string, denied: string): string => `${allowed} allowed · ${denied} denied`,
};
