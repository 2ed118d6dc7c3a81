export const ui = {
  alarmBanner: {
    nothingCanBeChanged: 'You can still read everything, but nothing can be changed for now.',
  },
  networksField: {
    sourceNetworks: 'Source networks',
    fromAnywhere: 'From anywhere',
    onlyFrom: 'Only from…',
    networks: 'Networks',
    addressesOrCidrBlocks: 'Enter addresses or CIDR blocks, separated by Enter or a comma.',
  },
  page: {
    loading: 'Loading',
  },
  scopeField: {
    all: (plural: string | number): string => `All ${plural}`,
    chosen: (plural: string | number): string => `Selected ${plural}`,
    chooseAtLeastOne: (one: string | number): string => `Choose at least one ${one}`,
    alsoThoseThatAre: 'Includes those created later.',
  },
  liveRegion: {
    results: 'Results',
  },
  gate: {
    everythingStaysOnThis: 'Everything stays on this computer, encrypted. Nothing is sent anywhere.',
  },
  errorAlert: {
    tryAgain: 'Try again',
  },
  rowActions: {
    edit: 'Edit',
    edit2: (name: string | number): string => `Edit ${name}`,
    remove: 'Remove',
    remove2: (name: string | number): string => `Remove ${name}`,
  },
  requestChart: {
    noRequestsInThe: 'No requests in the last ten minutes',
    n10MinutesAgo: '10 minutes ago',
    mostPer10S: (most: string | number): string => `most: ${most} per 10 s`,
    now: 'now',
  },
  app: {
    loading: 'Loading',
  },
  copyButton: {
    copy: (what: string | number): string => `Copy ${what}`,
  },
};
