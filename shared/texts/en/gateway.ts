export const gateway = {
  finishDownloads: {
    label: 'Let running downloads finish',
    description: 'When their token is revoked. Otherwise they end within a second.',
  },
  drainSeconds: {
    label: 'Time for running downloads when it stops',
    description: 'Then they are broken off.',
    unit: ' seconds',
  },
  restart: {
    title: 'The new address waits for a restart',
    text: (address: string) =>
      `The gateway still listens on ${address}. A restart breaks off running downloads.`,
    act: 'Restart now',
    done: (baseUrl: string) => `The gateway runs at ${baseUrl}.`,
  },
};
