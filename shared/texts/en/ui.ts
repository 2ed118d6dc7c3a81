export const ui = {
  alarmBanner: {
    nothingCanBeChanged: 'Nothing can be changed for now; reading still works.',
  },
  networksField: {
    sourceNetworks: 'Source networks',
    fromAnywhere: 'From anywhere',
    onlyFrom: 'Only from…',
    networks: 'Networks',
    addressesOrCidrBlocks: 'Addresses or CIDR blocks; Enter or a comma after each.',
  },
  page: {
    loading: 'Loading',
  },
  scopeField: {
    all: (plural: string | number): string => `All ${plural}`,
    chosen: (plural: string | number): string => `Chosen ${plural}`,
    chooseAtLeastOne: (one: string | number): string => `Choose at least one ${one}`,
    alsoThoseThatAre: 'Also those that are created later.',
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
};
