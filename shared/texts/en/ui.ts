import type { VaultAlarmView } from '../../contract/session-views.ts';

export const ui = {
  alarmBanner: {
    titles: {
      'lines-lost': 'Entries of the vault are gone',
      'log-gone': 'The vault’s log is gone',
      'log-replaced': 'Another log has taken the vault’s place',
      'earlier-line-damaged': 'An entry of the vault is damaged',
      'void-lines': 'The vault holds entries that count for nothing',
      'not-anchored': 'The newest entries are not secured against loss',
      'checkpoint-newer': 'A newer Latchkey was used here',
      'key-file-restored': 'The vault’s key file was repaired from its copy',
      'state-folder-unusable': 'What this computer has seen cannot be kept',
      'changes-waiting': 'Changes wait for the unlock',
      'log-not-followed': 'Revocations do not reach the gateway',
      'facts-stale': 'Facts about packages are out of date',
      'facts-shrunk': 'Facts about packages wait for you',
      'facts-problem': 'A feed was not updated',
      'request-log-gap': 'A part of the request log is missing',
      'request-log-tampered': 'The request log was changed',
    } satisfies Readonly<Record<VaultAlarmView['code'], string>>,
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
    teams: { all: 'All teams', chosen: 'Selected teams', chooseOne: 'Choose at least one team' },
    environments: {
      all: 'All environments',
      chosen: 'Selected environments',
      chooseOne: 'Choose at least one environment',
    },
    laterToo: 'Includes those created later.',
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
