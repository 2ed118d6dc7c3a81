/** What the doctor finds in the configuration of a client. */
export const doctor = {
  attempts: {
    othersNotTried: (maxTries: string | number): string =>
      `The other ${maxTries} addresses of the file were not tried.`,
    noAddress: 'This is not a valid address.',
    answers: 'The gateway answers.',
    noAnswer: 'no answer',
    unreachable: (why: string | number): string => `The gateway can’t be reached (${why}).`,
    status: (status: string | number): string => `The gateway answers ${status}.`,
  },
  files: {
    openToOthers: 'Other users of this computer can read the file with the token. Run chmod 600 on it.',
    needsClient: 'Add the file of a client, and its channels are tested.',
  },
  adds: {
    alsoRequested: (address: string | number): string => `${address} is requested too`,
    credentials: (machine: string | number): string => `credentials for ${machine}`,
    pipStops: (line: string | number): string => `pip stops reading it at line ${line}`,
    channel: (address: string | number): string => `the channel ${address}`,
    own: (key: string | number): string => `its own ${key}`,
  },
  asks: {
    noHostName: '(no host name)',
  },
  findings: {
    pastGateway: (url: string | number): string => `This request bypasses the gateway: ${url}`,
    noHost: 'no host',
    sendsTo: (which: string | number): string =>
      `pip, uv, conda and rattler send these credentials to: ${which}. Credentials in a URL win over them.`,
  },
  condarc: {
    publicServer: 'the public server',
    publicDefaults: 'the public default channels',
    notYaml: 'conda can’t read the file, because it is not YAML.',
    empty: 'conda finds no settings in the file.',
    noAlias:
      'There is no channel_alias, so a channel given by its name (-c NAME, environment.yml) means the public server.',
    noDefaults:
      'There is no default_channels, so "defaults" (-c, environment.yml) means the public servers and bypasses the gateway. Write "default_channels: []".',
    allDefaults:
      'conda calls every channel of default_channels "defaults": of two equal builds it may take the public one, and channel::package does not work. List them only in "channels", and write "default_channels: []".',
    ipv6: 'conda crashes on an IPv6 address in a URL. Use a name or an IPv4 address.',
    tokenHere: 'The token is in this file. Move it to .netrc, because conda copies and prints it.',
    notices:
      'conda requests the gateway’s notices (such as a token that expires soon) without the token, so it doesn’t show them.',
    order:
      'conda asks each channel for the computer’s platform first, then for noarch, and takes the first of repodata_shards.msgpack.zst, repodata.json.zst and repodata.json that it finds. For packages of the same name a channel further up wins (strict priority), or else the newest version.',
  },
  netrc: {
    comment: 'The file has a comment, so rattler and pixi read nothing of it and send no token.',
    unknownWord: 'The file has a word that its readers don’t know, so they may read nothing of it.',
    doubled: (doubled: string | number): string =>
      `The file has more than one entry for ${doubled}. Clients differ in which one they take. Remove the old one.`,
    default: 'A "default" entry sends the token to every host.',
    port: (withPort: string | number): string => `${withPort}: clients compare the host without its port.`,
  },
  pip: {
    publicIndex: 'the public index',
    stops: (line: string | number): string =>
      `pip stops at line ${line}: it is not a section, a key with a value, or a comment.`,
    findLinks: 'find-links: a page of links',
    noIndexUrl: 'There is no index-url, so pip asks the public index and bypasses the gateway.',
    notNamed: (key: string | number, key2: string | number): string =>
      `[global] does not set ${key}, so a value from a more general file stays in force. Write an empty "${key2} =".`,
    sectionWins: (missing: string | number): string =>
      `A section [${missing}] of a more general file wins over [global] here.`,
    noInput: 'no-input is not set. When the token is refused, pip asks for a password, and a build hangs.',
    anyIndex:
      'pip takes the best version from all its indexes, in no order, and silently moves on to the next one after a 403.',
    tokenInUrl: 'The token is in a URL. Move it to .netrc, because pip-compile copies the URL.',
  },
  uv: {
    publicIndex: 'the public index',
    notToml: 'uv can’t read the file, because it is not TOML.',
    explicit: 'explicit: only for packages that name it',
    noDefault: 'No index is the default, so uv asks the public index last and bypasses the gateway.',
    authenticate:
      'Without authenticate = "always", uv first asks without credentials, and it finds a keyring only with a user name.',
    tokenInUrl: 'The token is in a URL. Keep it with "uv auth login" or in .netrc.',
    pyproject: 'uv asks an [[index]] of a pyproject.toml before all of these.',
  },
  variables: {
    variable: (name: string | number): string => `the variable ${name}`,
    uvReadsNone: 'uv reads no uv.toml, not even this one',
    credentials: 'credentials of an index, which win over .netrc',
    channel: (channel: string | number): string => `the channel ${channel}, before all others`,
    lookedUp: (url: string | number): string => `names are looked up at ${url}`,
    asDefaults: (channel: string | number): string => `${channel} as "defaults"`,
    before: 'is asked before the indexes of this file',
    last: 'is asked last, in place of the default index',
    page: 'is a page of links that is also read',
    pipReadsNone: 'pip reads no pip.conf, not even this one',
    uvReadsOther: (withoutTokens: string | number): string =>
      `uv reads ${withoutTokens} and no other uv.toml, not even this one`,
  },
};
