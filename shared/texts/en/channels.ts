/** The screen and the form of channels. */
export const channels = {
  lookFor: 'Test with',
  lookForHelp: (kind: 'conda' | 'pypi'): string =>
    kind === 'conda'
      ? 'A package that “Test connection” should find. Empty: the first one.'
      : 'A project that “Test connection” should find. Empty: pip, or else the first one.',
  lookForProblem: 'Letters, digits, dots, hyphens and underscores, such as numpy.',
  /** Why a conda channel cannot have a name. */
  condaName: (subdir: string): string =>
    `Choose another name: conda reads "${subdir}" at its start as a platform and asks for another address.`,
  channelDialog: {
    createdChannel: (name: string | number): string => `Created channel ${name}.`,
    savedChannel: (name: string | number): string => `Saved channel ${name}.`,
    newChannel: 'New channel',
    editChannel: 'Edit channel',
    createChannel: 'Create channel',
    save: 'Save',
    clientsGetPackages: 'Clients get packages',
    clientsWouldGetNone: 'Clients would get no packages',
    ms: (durationMs: string | number): string => `(${durationMs} ms)`,
    testConnection: 'Test connection',
    kind: 'Kind',
    condaChannel: 'Conda channel',
    pythonIndex: 'Python index',
    name: 'Name',
    becomesAPartOf: 'Part of the address that clients use.',
    condaForge: 'conda-forge',
    pypi: 'pypi',
    packagesComeFrom: 'Packages come from',
    aUrl: 'A URL',
    aFolder: 'A folder',
    upstreamUrl: 'Upstream URL',
    theChannelsAddressAbove: 'The channel’s address, one level above subdirs such as noarch.',
    theBaseOfThe: 'The base URL of the simple index, for example …/simple/. Any path works.',
    httpsPackagesExampleCom: 'https://packages.example.com/conda/main',
    httpsPackagesExampleCom2: 'https://packages.example.com/simple/',
    environments: 'Environments',
    whereTokensMayUse: 'Environments whose tokens may use this channel.',
    noneYet: 'None yet',
    note: 'Note',
    chooseReplaceByBelow: (message: string | number): string =>
      `${message} Choose “Replace with…” below and enter them again, or remove them if the upstream needs none.`,
    theStoredCredentialsDo: 'The stored credentials can’t be opened',
  },
  channelsScreen: {
    name: 'Name',
    kind: 'Kind',
    conda: 'conda',
    pypi: 'PyPI',
    upstream: 'Upstream',
    environments: 'Environments',
    tokens: 'Tokens',
    credentialsAreStoredSealed: 'Credentials are stored and sealed in the vault',
    credentialsStored: 'Credentials stored',
    /** Why the gateway cannot serve it, and the button that mends it. */
    problems: {
      credentials: {
        what: 'Credentials broken',
        action: 'Enter again…',
        actionFor: (name: string): string => `Enter the credentials of ${name} again`,
      },
      folder: {
        what: 'Folder not set on this computer',
        action: 'Set folder…',
        actionFor: (name: string): string => `Set the folder of ${name}`,
      },
    },
    folderNotSet: 'not set',
    createFirst: 'Create the first channel',
    search: 'Name, upstream, environment…',
    noneNoTokenCan: 'None. No token can use it',
    channels: 'Channels',
    condaChannelsAndPython:
      'Conda channels and Python indexes that the gateway serves. Clients never see the upstream’s credentials.',
    noChannelsYet: 'No channels yet',
    aChannelIsWhere:
      'A channel is where packages come from: a URL you have access to, or a folder on this computer. Tokens are limited to channels.',
  },
  credentialsFields: {
    none: 'None',
    userNameAndPassword: 'User name and password',
    bearerToken: 'Bearer token',
    condaTokenT: 'Conda token (/t/…)',
    storedKeepAsThey: 'Keep the stored ones',
    remove: 'Remove',
    replaceBy: (toLowerCase: string | number): string => `Replace with: ${toLowerCase}`,
    upstreamCredentials: 'Upstream credentials',
    sealedInTheVault: 'Sealed in the vault, used only by the gateway, never shown again.',
    userName: 'User name',
    password: 'Password',
    token: 'Token',
    whereTheTokenStands: 'Where the token stands',
    inFrontOfThe: 'Before the whole path: /t/<token>/…',
    inFrontOfThe2: 'Before the last part: …/t/<token>/<channel>',
  },
  folderFields: {
    holds: {
      conda: 'Holds noarch and other subdirs with repodata.json.',
      pypi: 'Holds wheels and sdists.',
    },
    folderLabel: 'Folder label',
    keptInTheVault: 'Stored in the vault. Each computer decides which folder it means.',
    packages: 'packages',
    folderOnThisComputer: 'Folder on this computer',
    itsWholePath: (holds: string | number): string => `Enter an absolute path. ${holds}`,
    itsWholePathMoves: (holds: string | number, name: string | number, form: string | number): string =>
      `Enter an absolute path. ${holds} Moves ${name} as well: they use "${form}" too.`,
    srvPackages: '/srv/packages',
  },
  mapFolderDialog: {
    folderOf: (label: string | number): string => `Folder of "${label}"`,
    setFolder: 'Set folder',
    isOnThisComputer: (label: string | number, trim: string | number): string =>
      `“${label}” now means ${trim} on this computer.`,
    theVaultKnowsThis: (label: string | number): string =>
      `The vault knows this folder as "${label}". Its location differs from computer to computer, so each keeps its own. The gateway here serves the folder that you choose.`,
    folderOnThisComputer: 'Folder on this computer',
    itsWholePath: 'Enter an absolute path.',
    srvPackages: '/srv/packages',
  },
  privateHostsField: {
    privateHostsThisChannel: 'Private hosts that this channel may reach',
    onlyIfTheUpstream:
      'Only needed when the upstream, or a store it redirects to, is in your own network. Enter host:port or CIDR blocks, separated by Enter or a comma.',
    storeCorpExample443: 'store.corp.example:443',
    showTheirAddresses: 'Show their addresses',
    isNow: (join: string | number): string => ` is now ${join}.`,
  },
  problems: {
    credentialsOfUpstream: "The stored credentials for its upstream can't be opened. Enter them again.",
    folderUnknown: (label: string | number): string => `The folder "${label}" is not set on this computer.`,
    folderUnset: (label: string | number): string => `Set the folder of "${label}" on this computer.`,
    credentialsClosed: 'The stored credentials can’t be opened. Enter them again.',
  },
  test: {
    package: (subdir: string | number, file: string | number): string => `the package ${subdir}/${file}`,
    condaWorks: (subdir: string | number, file: string | number): string =>
      `Conda channel: the index was read, and ${subdir}/${file} can be downloaded.`,
    condaEmpty: (where: string | number): string =>
      `The index was read (${where}), but there is no package in it. Clients would find nothing.`,
    condaMissing: (where: string | number, name: string | number): string =>
      `The index was read (${where}), but there is no package "${name}" in it.`,
    pageOf: (project: string | number): string => `the page of ${project}`,
    projectMissing: (name: string | number): string => `The index answers, but has no project "${name}".`,
    notAnIndex:
      'The upstream has neither a list of projects nor the project "pip". Check that the URL is the base of a simple index, or enter a project that is there.',
    projectList: 'the list of projects',
    indexEmpty: 'The index was read, but there is no project in it. Clients would find nothing.',
    noFile: (project: string | number): string =>
      `The page of ${project} was read, but no file on it can be served.`,
    file: (file: string | number): string => `the file ${file}`,
    pypiWorks: (project: string | number, file: string | number): string =>
      `Python index: the page of ${project} was read, and ${file} can be downloaded.`,
    wouldGet: (what: string | number, status: string | number, reason: string | number): string =>
      `For ${what} a client would get ${status} ${reason}.`,
    noAnswer: 'No answer in time',
    unreadable: (slice: string | number): string => `The channel can’t be read (${slice})`,
    brokeOff: 'The upstream’s answer breaks off or can’t be read',
    tookTooLong: 'The test took too long and was stopped.',
    endedEarly: (how: string | number): string => `The test ended before it was done (${how}).`,
  },
};
