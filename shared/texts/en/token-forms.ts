/** The dialogs and forms around a token: issue, edit, export, test. */
import { listed, plural } from './grammar.ts';

/** In what a changed token may do more than before. */
export type Widening = 'channels' | 'networks' | 'end';

const widenings: Readonly<Record<Widening, string>> = {
  channels: 'more channels',
  networks: 'other networks',
  end: 'a later end',
};

export const tokenForms = {
  configReport: {
    problem: 'Problem',
    warning: 'Warning',
    note: 'Note',
    itAsksInThis: 'Requests, in this order',
    pastTheGateway: 'bypasses the gateway',
    findings: 'Findings',
    theTokenOfThis: 'The token of this file is also stored in or printed by: ',
  },
  editTokenDialog: {
    editLk: (id: string | number): string => `Edit lk-${id}`,
    save: 'Save',
    savedLk: (id: string | number): string => `Saved lk-${id}.`,
    theSecretStaysThe:
      'The secret stays the same, and changes take effect at once. Team and environment can’t be changed; issue another token instead.',
    channels: 'Channels',
    onlyThoseThatAre: 'Only channels available in this environment.',
    lastDay: 'Last day',
    note: 'Note',
    /** What a change lets the token do that it may not do now; policies judge that. */
    widens: (by: readonly Widening[]): string =>
      `Allows ${listed(by.map((one) => widenings[one]))}, so policies apply as they would to a new token${by.includes('end') ? '; its lifetime counts from when it was issued' : ''}.`,
  },
  exportDialog: {
    exportConfigOfLk: (id: string | number): string => `Export config of lk-${id}`,
    theSecretWasShown:
      'The secret was shown once and is not stored. Files that need it have a placeholder instead: replace it with the holder’s token, or rotate the token to get a new secret.',
  },
  exportFacts: {
    aboutThisFormat: 'About this format',
    triedWith: 'Tried with',
    notRunParsedBy: 'Not run; parsed by its documented rules',
    tokenIn: 'Token in',
    alsoStoredIn: 'Also stored in',
    nothingElse: 'nothing else',
    printedBy: 'Printed by',
    nothing: 'nothing',
  },
  exportFile: {
    saved: (path: string): string => `Saved ${path}.`,
    savedForYou: (path: string, mode: string): string =>
      `Saved ${path} (mode ${mode}: only you can read it).`,
    place: 'Place',
    holdsTheToken: 'Holds the token',
    save: 'Save…',
    save2: (name: string | number): string => `Save ${name}`,
    whereBelongs: (name: string | number): string => `Where ${name} belongs`,
  },
  exportView: {
    groups: { recommended: 'Recommended', client: 'Other clients', place: 'Where Python runs' },
    checkThatItWorks: 'Check that it works',
    /** As in "Copied check command." */
    checkCommand: 'check command',
    command: (title: string): string => `command: ${title}`,
  },
  holderField: {
    whoUsesIt: 'Who uses it',
    holder: 'Holder',
    choose: 'Choose an existing holder, or enter a new name.',
    known: {
      person: (tokens: number): string => `Existing person with ${plural(tokens, 'active token')}.`,
      service: (tokens: number): string => `Existing service with ${plural(tokens, 'active token')}.`,
      agent: (tokens: number): string => `Existing agent with ${plural(tokens, 'active token')}.`,
    },
    added: {
      person: 'New person, added with the token.',
      service: 'New service, added with the token.',
      agent: 'New agent, added with the token.',
    },
  },
  holderForm: {
    examples: { person: 'Ada Lovelace', service: 'nightly-build', agent: 'coding-assistant' },
    aPerson: 'A person',
    aService: 'A service',
    anAgent: 'An agent',
  },
  issueDrawer: {
    issueToken: 'Issue token',
    team: 'Team',
    environment: 'Environment',
    protected: (name: string | number): string => `${name} (protected)`,
    channels: 'Channels',
    onlyThoseThatAre: 'Only channels available in this environment.',
    noneIsAvailableThere: 'No channels available here',
    noSuchChannel: 'No channel with this name is available in this environment.',
    chooseChannels: 'Choose channels',
    lifetime: 'Lifetime',
    note: 'Note',
  },
  lifetimeField: {
    n1Day: '1 day',
    days: (days: string | number): string => `${days} days`,
    until: 'Until…',
    expiresOn: 'Expires on',
    chooseTheLastDay: 'Choose the last day',
    expires: (dayMs: string | number): string => `Expires ${dayMs}. `,
  },
  /** What a form says about the policies in force; without a name where main named none. */
  policyHints: {
    most: (policy: string | undefined, days: number): string =>
      `${policy === undefined ? 'A policy' : `Policy ${policy}`} allows at most ${plural(days, 'day')}.`,
    observed: (policy: string, days: number): string =>
      `Policy ${policy} recommends at most ${plural(days, 'day')}; it is only observed.`,
    networks: (policy: string | undefined): string =>
      `${policy === undefined ? 'A policy' : `Policy ${policy}`} requires source networks.`,
    latest: (issued: string, latest: string): string =>
      `The lifetime counts from ${issued}, so the last possible day is ${latest}.`,
  },
  savePathDialog: {
    save: (fileName: string | number): string => `Save ${fileName}`,
    replaceFile: 'Replace file',
    save2: 'Save',
    replacingItCannotBe:
      'Replacing it can’t be undone. If it holds other settings, copy the text and merge it by hand instead.',
    thisFileExistsAlready: 'This file already exists',
    path: 'Path',
    insideYourHomeFolder: 'Inside your home folder. Only you will be able to read the file.',
    insideYourHomeFolder2: 'Inside your home folder.',
  },
  secretOnce: {
    closeWithoutCopying: 'Close without copying?',
    nothingWasCopiedOr:
      'Nothing was copied or saved yet, and the token can’t be shown again. You would have to rotate it.',
    closeAnyway: 'Close anyway',
    goBack: 'Go back',
    /** As in "Copied token." */
    token: 'token',
    tokenIssued: 'Token issued',
    tokenRotated: 'Token rotated',
    done: 'Done',
    forWord: 'For ',
    inUntil: (
      teamName: string | number,
      environmentName: string | number,
      expiresAtMs: string | number,
    ): string => `, ${teamName} in ${environmentName}, until ${expiresAtMs}.`,
    tokenSecret: 'Token secret',
    copyToken: 'Copy token',
    thisIsTheOnly:
      'This is the only time the token is shown. Latchkey keeps a fingerprint of it, not the token itself.',
  },
  testIssued: {
    testThisToken: 'Test this token',
  },
  testTokenDialog: {
    byWhatStandsIn: 'Detect automatically',
    condarc: '.condarc',
    pipConfOrPip: 'pip.conf or pip.ini',
    uvToml: 'uv.toml',
    netrc: '.netrc',
    testLk: (id: string | number): string => `Test lk-${id}`,
    test: 'Test',
    whatIsTested: 'What is tested',
    theToken: 'The token',
    aConfiguration: 'A configuration',
    configuration: 'Configuration',
    theTextOfA: 'Paste a .condarc, pip.conf, uv.toml or .netrc, exactly as its holder has it.',
    file: 'File',
    token: 'Token',
    tokenIfTheConfiguration: 'Token, if the configuration has none',
    onlyThisAppsGateway: 'Only this app’s gateway is asked. Nothing is stored.',
  },
  attemptList: {
    nothingToAskThe: 'Nothing to request from the gateway.',
    answersOfTheGateway: 'Answers from the gateway',
    works: 'works',
    fails: 'fails',
  },
};
