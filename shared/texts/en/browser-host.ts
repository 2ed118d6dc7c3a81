export const browserHost = {
  terminal: {
    ready: (url: string | number): string =>
      `Latchkey is ready. Open this address once, in a browser on this computer:\n\n  ${url}\n\n`,
    demo: (passphrase: string | number): string =>
      `Demo organization, unlocked. After a lock its passphrase is: ${passphrase}\n`,
    data: (dataDir: string | number): string =>
      `Data: ${dataDir}\nPress Enter for a new address, Ctrl+C to stop.\n`,
    anotherAddress: (newLaunchUrl: string | number): string =>
      `A new address to open once. It signs out any page that is open:\n\n  ${newLaunchUrl}\n\n`,
    locked: 'Locked. To unlock, open this address:',
    idle: 'The page was signed out because nobody used it for 30 minutes. To continue, open this address:',
    old: 'The page was signed out after 12 hours. To continue, open this address:',
    gateway: (baseUrl: string | number): string => `Gateway: ${baseUrl}`,
    gatewayNotRunning: (problem: string | number): string => `Gateway isn’t running: ${problem}`,
  },
  answers: {
    bug: 'Something went wrong.',
    loopbackOnly: 'This server answers only at its loopback address.',
    getOnly: 'Only GET and HEAD are possible here.',
    notFound: 'Not found.',
  },
};
