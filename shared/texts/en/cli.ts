/** What the command line says: questions, answers, and its own refusals. Help is in `commands.ts`. */
import type { ImportReport } from '../../contract/import-views.ts';
import { listed, plural } from './grammar.ts';

export const cli = {
  program: {
    epilogue:
      '\nLatchkey asks for the passphrase, or reads it from --passphrase-file or --passphrase-fd. It is never an argument.\nTimes are in UTC.\n\nExit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 locked or wrong passphrase, 4 not found,\n5 conflict (name taken, in use, vault busy).\n\nExamples:\n  latchkey init --organization Acme --operator Ada\n  latchkey team add science\n  latchkey channel add internal --kind pypi --folder ./wheels --env dev,prod\n  latchkey token issue --holder Grace --team science --env dev --channels internal --export recommended --out ./grace\n  latchkey doctor ~/.condarc ~/.netrc\n  latchkey token list --state expiring\n  latchkey token change lk-AbCd1234 --expires 2026-12-31\n  latchkey token revoke lk-AbCd1234 --reason "laptop lost"\n  latchkey gateway --port 8700 --access-log',
    description: 'Issue, scope and revoke tokens for conda channels and Python indexes.',
    json: 'print one JSON document; errors as JSON on stderr',
    dataDir: 'folder of the vault (also LATCHKEY_DATA_DIR; default: the app’s)',
    passphraseFile: 'read the passphrase from the first line of a file; - for stdin',
    passphraseFd: 'read it from an open file descriptor (also LATCHKEY_PASSPHRASE_FD)',
    acceptRestored: 'open a log that lost lines (an older backup); for admins, and recorded in the log',
    seeHelp: (path: string | number): string => `(see ${path} --help)`,
  },
  completion: {
    description: (shells: string | number): string => `print the completion script of a shell: ${shells}`,
    after:
      '\nFor this session, and for all later ones:\n  bash        source <(latchkey completion bash)        in ~/.bashrc\n  zsh         source <(latchkey completion zsh)         in ~/.zshrc, after compinit\n  fish        latchkey completion fish | source         in ~/.config/fish/config.fish\n  PowerShell  latchkey completion powershell | Out-String | Invoke-Expression   in $PROFILE',
    theShell: 'the shell',
    internal: 'Only the scripts of latchkey completion use this.',
  },
  imports: {
    description:
      'add teams, holders and tokens from CSV files: all of them in one step, or none. Every bad row is listed with its line and column',
    template: 'print what such a file looks like (teams, holders or tokens), and do nothing else',
    secretsTo: 'where the secrets go, as CSV: a new file that only you can read, or - for the terminal',
    whereTo:
      'Choose where the secrets go: --secrets-to FILE, or --secrets-to - for stdout. Or try it with --dry-run.',
    nothing: 'Add --teams, --holders or --tokens. See --template for what goes into them.',
    bad: (count: number): string => `${plural(count, 'problem')} found. Nothing was imported.`,
    counts: ({ teams, holders, tokens }: ImportReport): string =>
      listed([plural(teams.made, 'team'), plural(holders.made, 'holder'), plural(tokens.made, 'token')]) +
      (teams.kept + holders.kept === 0
        ? ''
        : `; ${listed([plural(teams.kept, 'team'), plural(holders.kept, 'holder')])} already exist and stay as they are`),
    teamColumns: 'columns: name, description',
    holderColumns: 'columns: name, kind, note',
    tokenColumns: 'columns: holder, kind, team, environment, channels, days, networks, note',
    dryRun: 'check every row and change nothing',
    exists: (path: string | number): string => `${path} already exists. Choose another file.`,
    folderNotWritable: (path: string | number): string => `The folder of ${path} can’t be written.`,
    wouldMake: (report: string | number): string => `Would add ${report}.`,
    secretsIn: (secretsTo: string | number): string => ` The secrets are in ${secretsTo}.`,
    madeLog: (report: string | number): string => `latchkey: made ${report}`,
    made: (report: string | number, to: string | number): string => `Added ${report}.${to}`,
  },
  root: {
    bug: 'Something went wrong inside Latchkey.',
    notForPeople: 'latchkey: this is a part of Latchkey. Run `latchkey gateway` instead.\n',
    giveCommand: 'Enter a command.',
    seeHelpOf: (message: string | number, program: string | number): string => `${message} (see ${program})`,
    seeHelp: (program: string | number): string => `(see ${program})`,
    outputLost: (error: string): string =>
      `The output can’t be written whole (${error}). What you asked for may be done: look before you repeat it.`,
  },
  agent: {
    otherOrganization:
      'The agent keeps another organization open than the one in this folder. End it with `latchkey lock`.',
    ends: (idleEndMs: string | number, endMs: string | number): string =>
      `at ${idleEndMs} unless another command comes, and at ${endMs} in any case`,
    unlock: 'keep the organization open for later commands, in an agent',
    lock: 'end the agent, or lock the app that serves as one',
    status: 'show the folder, whether it is unlocked, by what, and until when',
    unlocked: (organization: string, operator: string, ends: string): string =>
      `"${organization}" is unlocked for ${operator}. It locks ${ends}, and when the computer sleeps or you log out.\n` +
      'It does not notice a locked screen: run `latchkey lock` when you leave.',
    already: (ends: string): string => `It is already unlocked, and locks ${ends}.`,
    locked: 'Locked.',
    nothing: 'Nothing is unlocked here.',
    vault: { none: 'none yet; create one with latchkey init', locked: 'locked', damaged: 'damaged' },
  },
  ask: {
    holder: 'Who or what uses it?',
    kind: 'What is it?',
    kinds: { person: 'A person', service: 'A service', agent: 'An agent' },
    team: 'For which team?',
    environment: 'In which environment?',
    channels: 'Which channels?',
    empty: 'Enter a name.',
    chooseOne: 'Choose at least one channel with the space bar.',
    noTeam: 'There is no team yet. Add one with `latchkey team add NAME`.',
    noChannel: (environment: string): string =>
      `No channel is available in ${environment}. Add one with \`latchkey channel add\`.`,
    cancelled: 'Cancelled. Nothing was issued.',
  },
  status: {
    data: 'Data',
    organization: 'Organization',
    operator: 'Operator',
    unlocked: 'Unlocked',
    by: (agent: string | number, pid: string | number, agent2: string | number): string =>
      `by the ${agent} (process ${pid}). Locks ${agent2}`,
    notUnlocked: 'no. Run latchkey unlock to keep it open',
  },
  input: {
    passphrase: 'the passphrase',
    name: 'the name',
    holderKind: '--service or --agent',
    tokenId: 'the token’s id',
    id: 'the id',
    secret: 'the token’s secret',
    format: 'the format',
    upstream: '--url or --folder',
    password: 'the upstream’s password',
    upstreamToken: 'the upstream’s token',
    label: 'the label',
    path: 'the path',
    mode: '--observe or --enforce',
    invalid: 'The command line is not valid.',
    invalidWith: (issues: string | number): string => `Not valid: ${issues}.`,
    isNotValid: (text: string | number): string => `is not valid: ${text}`,
  },
  channels: {
    added: (name: string | number, gatewayUrl: string | number): string =>
      `Added channel ${name}: ${gatewayUrl}`,
    changed: (name: string | number): string => `Changed channel ${name}.`,
    removed: (name: string | number): string => `Removed channel ${name}.`,
    noPackages: 'A client would get no packages.',
    privateHost: (entry: string | number, addresses: string | number, problem: string | number): string =>
      `  private host ${entry}${addresses}${problem}`,
    isNow: (addresses: string | number): string => ` is ${addresses}`,
    kinds: 'Use --kind conda or --kind pypi.',
    onePlace: 'Use either --url or --folder, not both.',
    noPlace: 'Add --url, --folder, or the --label of a folder.',
    unknownHere: 'not set here',
    secret: 'upstream password or token',
    needsUser: '--auth basic needs --username.',
    auths: 'Use --auth basic, bearer, conda-token or none.',
  },
  doctor: {
    found: (count: number): string => `${plural(count, 'problem')} found.`,
    notUtf8: (path: string | number): string =>
      `${path} is not UTF-8 text, so clients can’t read it. Save it as UTF-8.`,
    bypasses: 'BYPASSES THE GATEWAY',
    findings: 'Findings',
    token: 'The token of this file',
    alsoRead: 'Also read on this computer',
    addsNothing: 'adds nothing',
    tried: 'Tested at the gateway',
  },
  exports: {
    belongsBelow: (at: string | number, place: string | number): string => `${at}\n    belongs in ${place}`,
    belongsIn: (at: string | number, place: string | number): string => `${at} belongs in ${place}`,
    check: (checkCommand: string | number): string => `Check that it works: ${checkCommand}`,
    storedIn: (stored: string | number): string => `The token is also stored in: ${stored}`,
    printedBy: (printed: string | number): string => `The token is printed by: ${printed}`,
    windows: (windows: string | number): string => `Windows: ${windows}`,
    theFormat: 'the format',
    kindMissing: (title: string | number, or: string | number): string =>
      `${title} needs a ${or} channel, and this token has none.`,
    or: ' or ',
    needsOut: '--export needs --out DIR.',
    folderTaken: (dir: string | number): string => `${dir} already contains files. Choose another --out.`,
    folderUnusable: (dir: string | number, code: string | number): string =>
      `The folder ${dir} can’t be used (${code}).`,
    shownOnce: (
      secret: string | number,
      id: string | number,
      name: string | number,
      expiresAtMs: string | number,
      paths: string | number,
    ): string => `${secret}\n\nShown once. Token lk-${id} for ${name}, until ${expiresAtMs}.${paths}`,
    warning: (warning: string | number): string => `Warning: ${warning}`,
  },
  folders: {
    unknownHere: '(not set here)',
    unused: ' No channel or feed uses this label yet.',
    mapped: (label: string | number, path: string | number, unused: string | number): string =>
      `${label} is now ${path} on this computer.${unused}`,
    forgotten: (label: string | number): string => `${label} no longer means a folder on this computer.`,
  },
  gateway: {
    listens: (host: string | number, port: string | number, baseUrl: string | number): string =>
      `The gateway listens on ${host}:${port}; clients use ${baseUrl}`,
    locked: 'The vault was locked.',
    channel: (name: string | number, text: string | number): string => `latchkey: channel ${name}: ${text}`,
    badAddress:
      'The address is not valid: --port is 0 to 65535, and --public-url looks like https://packages.example.com or https://example.com/packages.',
  },
  help: {
    unknown: (slice: string | number, found: string | number, names: string | number): string =>
      `There is no command "${slice}"${found}.${names}`,
    below: (found: string | number): string => ` below ${found}`,
    thereAre: (names: string | number): string => ` Choose from: ${names}.`,
  },
  holders: {
    limit: '--limit must be 1 or more.',
    cut: (count: string | number, total: string | number): string =>
      `latchkey: showing ${count} of ${total} holders. Leave --limit out to see all.`,
    changed: (name: string | number): string => `Changed ${name}.`,
    renamed: (name: string | number, name2: string | number): string => `${name} is now ${name2}.`,
    unknown: (name: string | number): string => `There is no holder "${name}". See latchkey holder list.`,
    ambiguous: (kinds: string | number): string =>
      `Several holders have this name (${kinds}). Add --service or --agent, or rename those first.`,
  },
  nouns: {
    takenOutOf: (names: string | number): string => ` Taken out of: ${names}.`,
    teamAdded: (name: string | number): string => `Added team ${name}.`,
    teamChanged: (name: string | number): string => `Changed team ${name}.`,
    teamRemoved: (name: string | number, removal: string | number): string =>
      `Removed team ${name}.${removal}`,
    environmentAdded: (name: string | number): string => `Added environment ${name}.`,
    environmentChanged: (name: string | number): string => `Changed environment ${name}.`,
    environmentRemoved: (name: string | number, removal: string | number): string =>
      `Removed environment ${name}.${removal}`,
  },
  options: {
    tokenId: (slice: string | number): string => `"${slice}" is not a token id. It has 8 letters and digits.`,
    choice: (slice: string | number, what: string | number, choices: string | number): string =>
      `"${slice}" is not valid for ${what}. Choose from: ${choices}.`,
    nothing: 'Nothing to change. Add at least one option (see --help).',
    holderKind: 'Use either --service or --agent, not both.',
    end: 'Use either --days or --expires, not both.',
    days: (slice: string | number): string => `--days must be a whole number, not "${slice}".`,
    expires:
      '--expires must be a day such as 2026-12-31 (until its end, UTC), or a time such as 2026-12-31T18:00Z.',
  },
  organization: {
    ready: (organization: string | number, options: string | number): string =>
      `Organization "${organization}" is ready in ${options}.`,
    opens: (organization: string, operator: string, lines: number): string =>
      `"${organization}" opens for ${operator}. Its log has ${plural(lines, 'line')}.`,
    demo: (
      dir: string | number,
      passphrase: string | number,
      channels: string | number,
      dir2: string | number,
    ): string =>
      `The sample organization is in ${dir}.\nIts passphrase is: ${passphrase}\nChannels: ${channels}\nTry: latchkey --data-dir '${dir2}' token list`,
  },
  passphrase: {
    fdNumber: (option: string | number): string =>
      `${option}-fd must be the number of an open file descriptor.`,
    needed: (what: string | number, option: string | number, option2: string | number): string =>
      `The ${what} is needed, and there is no terminal to ask on. Use ${option}-file FILE or ${option2}-fd N.`,
    pipe: (option: string | number): string => ` For a pipe, use its number: ${option}-fd N.`,
    unreadable: (what: string | number, message: string | number, hint: string | number): string =>
      `The ${what} could not be read. ${message}${hint}`,
    fdUnreadable: (what: string | number, fd: string | number): string =>
      `The ${what} could not be read from ${fd}.`,
    empty: (what: string | number): string => `The ${what} is empty.`,
    cancelled: 'Cancelled.',
  },
  policies: {
    readsAs: 'READS AS',
    removed: (name: string | number): string => `Removed policy ${name}.`,
    teams: '--team or --all-teams',
    environments: '--env or --all-envs',
    modes: '--observe or --enforce',
    either: (names: string | number): string => `Use either ${names}, not both.`,
  },
  session: {
    newPassphrase: 'new passphrase',
    repeat: 'same passphrase again',
    differ: 'The passphrases don’t match. Nothing was created. Start again.',
    noOrganization: (dir: string): string =>
      `There is no organization in ${dir}. Create one with \`latchkey init\`, or name its folder with --data-dir or LATCHKEY_DATA_DIR.`,
    acceptRestored:
      'latchkey: if you restored a backup on purpose and are an admin, open it with --accept-restored',
    unknown: (what: string | number, nameOrId: string | number, names: string | number): string =>
      `There is no ${what} "${nameOrId}". There ${names}.`,
    noneYet: 'is none yet',
    wholeNumber: (option: string | number, text: string | number): string =>
      `${option} must be a whole number, not "${text}".`,
  },
  settings: {
    now: (name: string | number, value: string | number): string => `${name} is now ${value}.`,
    unknown: (name: string | number, keys: string | number): string =>
      `There is no setting "${name}". Choose from: ${keys}.`,
    boolean: (name: string | number): string => `${name} must be true or false.`,
    wholeNumber: (name: string | number): string => `${name} must be a whole number.`,
  },
  tokens: {
    /** Of the columns of `token list`. */
    heads: {
      id: 'ID',
      state: 'STATE',
      holder: 'HOLDER',
      kind: 'KIND',
      team: 'TEAM',
      env: 'ENV',
      channels: 'CHANNELS',
      networks: 'NETWORKS',
      issued: 'ISSUED (UTC)',
      issuedBy: 'ISSUED BY',
      expires: 'EXPIRES (UTC)',
      lastUsed: 'LAST USED (UTC)',
      note: 'NOTE',
    },
    never: 'never',
    anywhere: 'anywhere',
    id: 'Id',
    state: 'State',
    holder: 'Holder',
    team: 'Team',
    environment: 'Environment',
    channels: 'Channels',
    networks: 'Networks',
    issued: 'Issued',
    /** Without a client where only the request log knows it. */
    by: (lastUsedAt: string, lastClient: string): string =>
      lastClient === '' ? lastUsedAt : `${lastUsedAt} by ${lastClient}`,
    expires: 'Expires',
    lastUsed: 'Last used',
    policies: 'Policies',
    replaces: 'Replaces',
    replacedBy: 'Replaced by',
    note: 'Note',
    eitherFormat: 'Use either --csv or --json, not both.',
    limit: '--limit must be 1 or more.',
    cut: (shown: string | number, total: string | number): string =>
      `latchkey: showing ${shown} of ${total} tokens. Leave --limit out to see all.`,
    shortened: (maxTtlDays: string | number, days: string | number): string =>
      `latchkey: a policy allows at most ${maxTtlDays} ${days}, so the token lasts that long`,
    missing: (missing: string | number): string => `Add ${missing}. On a terminal, latchkey asks for them.`,
    revoked: (count: string | number, revoked: string | number): string => `Revoked ${count}${revoked}.`,
    alreadyRevoked: (already: string | number): string => `, ${already} already revoked`,
    eitherNetworks: 'Use either --network or --anywhere, not both.',
    unknownColumn: (slice: string | number, columnNames: string | number): string =>
      `There is no column "${slice}". Choose from: ${columnNames}.`,
  },
  vault: {
    cancelled: 'The check was cancelled.',
    damaged: 'The log is damaged.',
    formatNow: (declared: string | number): string => `The log now has format ${declared}.`,
    checkedLines: (checked: string | number, total: string | number): string =>
      `latchkey: ${checked} of ${total} lines checked`,
    voidLines: (voidCount: string | number): string =>
      ` ${voidCount} of them have no effect (see latchkey vault info).`,
    authentic: (checked: string | number, without: string | number): string =>
      `All ${checked} lines are authentic.${without}`,
    damagedAfter: (checked: string | number, without: string | number): string =>
      `${checked} lines are authentic, then the log is damaged.${without}`,
    lines: 'Lines',
    format: 'Format',
    formatOf: (declared: string | number, supported: string | number): string =>
      `${declared} (this version writes ${supported})`,
    checked: 'Checked',
    all: 'all, since the unlock or before',
    soFar: (checked: string | number): string => `${checked} so far`,
    withoutEffect: 'Without effect',
  },
};
