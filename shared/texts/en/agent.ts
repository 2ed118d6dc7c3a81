/** The open app as an agent of the command line. */
export const agent = {
  title: 'Command line',
  lead: 'Commands on this computer can work in this open app, without the passphrase.',
  off: 'Commands ask for the passphrase. Let them work here until the vault locks, 15 minutes after the last one, or 8 hours from now.',
  on: (idleEnd: string, end: string): string =>
    `Commands of this user work here without the passphrase. This ends with the lock, at ${idleEnd} unless another comes, and at ${end} in any case. The most sensitive ones still ask for it.`,
  start: 'Let commands work here',
  stop: 'Stop',
};
