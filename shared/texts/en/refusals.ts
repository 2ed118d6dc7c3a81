/**
 * What the gateway answers: reason phrases and the `detail` of problem documents. ASCII and one line each, as they stand in
 * the head of an answer too.
 */
export const refusals = {
  files: {
    beingReplaced: 'The file is being replaced, try again',
    folderUnreadable: (path: string | number): string => `The folder ${path} can't be read.`,
  },
  /** Lines of the gateway's log. */
  cache: {
    paused: ({ why }: { readonly why?: string }): string =>
      `The package cache takes a break of a minute: its disk says ${why ?? 'no'}. Files come from their upstreams meanwhile.`,
    damaged: ({ sha256 }: { readonly sha256?: string }): string =>
      `A file of the package cache had another content than its name says, and was put aside: ${sha256 ?? ''}`,
    damagedDocument: ({ key }: { readonly key?: string }): string =>
      `An index that was kept for times when its upstream is away was damaged, and was put aside: ${key ?? ''}`,
  },
  /** @param code what the system said */
  logNotKept: (code: string): string =>
    `The request log could not be taken into its databases or cleared of what is too old (${code}). It is tried again within the hour.`,
  credential: {
    notOurs: 'it does not start with lk-',
    inPath: 'in the path',
    two: (first: string | number): string => `Two different tokens ${first}`,
    twoPlaces: (first: string | number, second: string | number): string =>
      `Two different tokens: one ${first}, one ${second}`,
    tooLong: 'it is too long',
    asBearer: 'as Bearer token',
    scheme: 'authorization scheme',
    credentials: 'credentials',
    asPassword: 'as the password',
    asUser: 'as the user name',
  },
  requests: {
    notFound: 'Not found',
    headTooLarge: 'Request headers too large',
    chunkExtensions: 'Chunk extensions too large',
    tooSlow: 'The request did not arrive in time',
    versions: 'Only HTTP/1.1 and HTTP/1.0',
    badRequest: 'Bad request',
    methods: 'Only GET and HEAD',
    busy: 'The gateway is busy, try again',
    policiesChanging: 'Policies are being changed, try again',
    badPath: 'Bad request path',
    twoAuthorizations: 'Two Authorization headers',
    noSuchPath: 'No such path on this gateway',
    tooManyWrong: (reason: string | number, address: string | number): string =>
      `${reason}; too many wrong tokens from ${address}`,
    clientGone: 'Client closed the connection',
    failed: (shown: string | number): string => `The gateway failed${shown}`,
    headersTooLarge: 'Too many or too long request headers',
    twoHosts: 'Two Host headers',
    noHost: 'Host header required',
    malformedHost: 'Malformed Host header',
    content: 'A request with content is not accepted',
    pathTooLong: 'Request path too long',
    encodedTooOften: '(encoded too often)',
    stopping: 'The gateway is stopping',
    expectation: 'Expectation Failed: only 100-continue',
    pipelined: 'Too many requests at once on one connection',
  },
  upstream: {
    metadataNoEnd: 'Upstream sent metadata without an end',
    metadataOther: "The upstream's metadata does not match its page",
    metadataTooSlow: 'Upstream took too long to send metadata',
    metadataTooLarge: 'Upstream sent metadata that is too large',
    metadataBrokeOff: 'Upstream broke off while sending metadata',
    channelClosing: 'The channel is being closed',
    indexTooSlow: 'Upstream took too long to send its index',
    noIndex: 'The upstream sent no package index',
    noLink: (drops: string | number): string => `No link of the upstream's page may be followed: ${drops}`,
    noLinkHint: 'If the channel may reach them, add them to its private hosts.',
    refusedWithoutCredentials: (status: string | number): string =>
      `Upstream refused the gateway, which has no credentials for it (${status})`,
    refusedCredentials: "Upstream refused the gateway's credentials",
    indexTooSlowForOthers: 'Upstream sends its index too slowly while others wait',
    indexBrokeOff: 'Upstream broke off while sending its index',
    indexTooLarge: 'The upstream sent an index that is too large',
    indexOtherCoding: 'Upstream sent a compressed index in another coding',
    needsHttps: 'Upstream has credentials, which are only sent over https. Change its URL to https',
    notFound: 'Not found',
    refused: (status: string | number): string => `Upstream refused the gateway (HTTP ${status})`,
    busy: (status: string | number): string => `Upstream is busy (HTTP ${status})`,
    failed: (status: string | number): string => `Upstream failed (HTTP ${status})`,
    noAnswer: 'Upstream timed out (no answer)',
    interimOnly: 'Upstream sent only interim answers',
    unknownTransferCoding: 'Upstream sent an unknown transfer coding',
    partCoded: 'Upstream sent a part of a file in a content coding',
    wrongHash: 'Upstream sent a file with another hash than its index names',
    wrongLength: 'Upstream sent a file with another length than its index names',
    wrongFileHint:
      'Nobody got the whole file. If it was replaced on purpose, the index must say so; else somebody changed the file, or the index.',
    otherPart: 'Upstream sent another part of the file than requested',
    unknownFileCoding: 'Upstream sent a file in an unknown content coding',
    networkSettings: "The gateway's network settings can't be used",
    redirectsTimedOut: 'Upstream timed out (redirects)',
    redirectsTooOften: 'Upstream redirects too often',
    notHttp: 'Upstream URL is not HTTP',
    urlInvalid: 'Upstream URL is invalid',
    toHttp: 'Upstream redirects from https to http',
    timedOut: (code: string | number): string => `Upstream timed out (${code})`,
    unreachable: (code: string | number): string => `Upstream unreachable (${code})`,
    brokeOffEarly: 'Upstream broke off before it answered',
    pageForPeople: 'The upstream sent a web page instead of the file',
  },
  channels: {
    folderUnreadable: "The channel's folder can't be read",
    folderTooLarge: "The channel's folder has too many entries",
    fileUnreadable: "A file of the channel's folder can't be read",
    shardGone: 'The index has changed, read it again',
    indexBeingReplaced: 'The index is being replaced, try again',
    indexNotJson: 'The index of this channel is not valid JSON',
    indexTooLarge: 'The index of this channel is too large',
    broken: (name: string | number, message: string | number): string =>
      `Channel ${name} is broken: ${message}`,
  },
  notices: {
    replaced: (id: string | number, rotatedTo: string | number, expiresAtMs: string | number): string =>
      `Your token lk-${id} was replaced by lk-${rotatedTo} and stops working on ${expiresAtMs}. Change to the new one before then.`,
    expires: (id: string | number, expiresAtMs: string | number): string =>
      `Your token lk-${id} expires on ${expiresAtMs}. Ask your administrator for a new one.`,
    blocked: (packages: readonly Named[], url: string): string =>
      `${packages.length === 1 ? '1 package that you asked for was' : `${packages.length} packages that you asked for were`} blocked by policy: ${listed(packages)}. See ${url}`,
    hidden: (packages: readonly (Named & { readonly taken?: string })[]): string =>
      `Newer versions are hidden by policy: ${shown(packages.map(({ name, version, taken }) => `${name} ${version} (you got ${taken ?? '?'})`))}.`,
  },
  firstSeen: {
    full: 'Too many files were in the folder over time, so new ones no longer get a lasting date',
    unreadable: "The first-seen file can't be read",
    unwritable: "The first-seen file can't be written",
  },
  pypi: {
    noPage: 'No such page in this channel',
    types: (json: string | number, html: string | number): string =>
      `Only ${json}, ${html} and text/html are served here`,
    noProject: 'No such project in this channel',
    noFile: 'No such file in this channel',
  },
  pages: {
    index: 'Simple index',
    links: (project: string | number): string => `Links for ${project}`,
  },
};

type Named = { readonly name: string; readonly version: string };
/** So many stand in a line. */
const maxListed = 5;
const listed = (packages: readonly Named[]): string =>
  shown(packages.map(({ name, version }) => `${name} ${version}`));
const shown = (texts: readonly string[]): string =>
  [
    ...texts.slice(0, maxListed),
    ...(texts.length > maxListed ? [`${texts.length - maxListed} more`] : []),
  ].join(', ');
