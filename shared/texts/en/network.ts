/** Why an upstream cannot be reached, and what to do. Reasons stand in the head of an answer: ASCII. */
export const network = {
  connect: {
    timedOut: (hostname: string | number, port: string | number, timeoutMs: string | number): string =>
      `Upstream timed out: no connection to ${hostname}:${port} within ${timeoutMs} s`,
    timedOutHint: (reason: string | number): string =>
      `${reason}. Check that it is running, and whether a proxy is needed.`,
    now: (address: string | number): string => ` (now ${address})`,
    inLocalNetwork: (shown: string | number): string =>
      `Upstream ${shown} is in the local network, and not one of this channel's private hosts`,
    addPrivateHost: (shown: string | number, at: string | number, shown2: string | number): string =>
      `${shown}${at} is in the local network. If the channel or feed may reach it, add ${shown2} to its private hosts.`,
    metadata: (shown: string | number): string =>
      `Upstream ${shown} is a cloud's metadata service, which no channel may reach`,
    metadataHint: (shown: string | number, at: string | number): string =>
      `${shown}${at} is where a cloud hands out a machine’s credentials. Latchkey never connects to it.`,
    itself: (shown: string | number): string => `Upstream ${shown} is this gateway itself`,
    itselfHint: (shown: string | number, at: string | number): string =>
      `${shown}${at} is a port of Latchkey itself. Give the channel another upstream.`,
    unusable: (shown: string | number): string =>
      `Upstream ${shown} has no address that Latchkey can connect to`,
    unusableHint: (shown: string | number, at: string | number): string =>
      `${shown}${at} is not the address of a machine.`,
  },
  resolve: {
    noAddress: (code: string | number): string => `This computer finds no address for it (${code}).`,
    neverReached: 'It has an address that no channel may reach.',
    notLocal: 'It is not in the local network, so you need not list it.',
  },
  tls: {
    certificate: (host: string | number): string => `the certificate of ${host}`,
    certificateOf: (subject: string | number, host: string | number): string =>
      `the certificate "${subject}" of ${host}`,
    refused: (reason: string | number): string => `Upstream's certificate is not accepted: ${reason}`,
    unknownAuthority: 'an unknown authority',
    systemStore: 'or add it to the system’s certificates',
    noSystemStore: (version: string | number): string =>
      `(this Node, ${version}, can’t read the system’s certificates)`,
    issuedBy: (host: string | number, issuer: string | number): string =>
      `that of ${host} was issued by ${issuer}`,
    untrusted: (issuer: string | number, store: string | number): string =>
      `was issued by ${issuer}, which is not trusted here. If that is your company’s authority, choose its certificate as CA file in the network settings ${store}.`,
    otherHost: (host: string | number): string => `it is not for ${host}`,
    otherNames: 'is for other names. Correct the URL, or ask for a certificate with this name.',
    on: (validTo: string | number): string => ` on ${validTo}`,
    expired: (host: string | number, when: string | number): string => `that of ${host} expired${when}`,
    expiredHint: (when: string | number): string =>
      `expired${when}. Have it renewed, or check the clock of this computer.`,
    notYet: (host: string | number): string => `that of ${host} is not valid yet`,
    notYetHint: 'is not valid yet. Check the clock of this computer.',
    failed: (host: string | number, code: string | number): string => `TLS with ${host} failed (${code})`,
    failedHint: (spoken: string | number): string => `${spoken}. Check that it uses HTTPS on this port.`,
    nameless: 'without a name',
  },
  proxy: {
    unreachable: (name: string | number, unknown: string | number): string =>
      `The proxy ${name} can't be reached (${unknown})`,
    unreachableHint: (reason: string | number): string =>
      `${reason}. Check its address in the network settings.`,
    refuses: (name: string | number, status: string | number): string =>
      `The proxy ${name} refused (HTTP ${status})`,
    needsUser: 'It needs a user name and a password. Set them in the network settings.',
    askForAccess:
      'Ask whoever runs it to allow this upstream, or add the upstream to the hosts without proxy.',
  },
};
