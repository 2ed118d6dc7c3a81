export const gateway = {
  finishDownloads: {
    label: 'Let running downloads finish',
    description: 'When their token is revoked. Otherwise they end within a second.',
  },
  drainSeconds: {
    label: 'Time for running downloads when it stops',
    description: 'After that they are cut off.',
    unit: ' seconds',
  },
  /** On the command line, when the gateway of this folder goes on with an older state. */
  waits: (url: string) =>
    `The gateway at ${url} has not taken this change: its app is locked, or behind. What was revoked or removed counts there already; new tokens and changed scopes wait until someone unlocks the app.`,
  /** On the command line, after a problem of its process or of following the vault. */
  wellAgain: 'The gateway is well again.',
  restart: {
    title: 'The new address waits for a restart',
    text: (address: string) =>
      `The gateway still listens on ${address}. A restart cuts off running downloads.`,
    act: 'Restart now',
    done: (baseUrl: string) => `The gateway is running at ${baseUrl}.`,
  },
};
