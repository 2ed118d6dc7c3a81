/** The open app as an agent of the command line. */
export const agent = {
  title: 'Command line',
  lead: 'Commands on this computer can work in this open app, without the passphrase.',
  off: 'Commands ask for the passphrase. Let them work here until the vault locks, 15 minutes after the last one, or 8 hours from now.',
  on: (idleEnd: string, end: string): string =>
    `Commands of this user work here without the passphrase. This ends with the lock, at ${idleEnd} unless another comes, and at ${end} in any case. The most sensitive ones still ask for it.`,
  start: 'Let commands work here',
  stop: 'Stop',
  problems: {
    neverServed: 'The agent ended before it served anything.',
    unreachable: (unknown: string | number): string => `It can’t be reached (${unknown}).`,
    notAnAgent: 'It doesn’t answer as an agent does.',
    wrongKey: 'What answers doesn’t know the key of this start.',
    ended: 'It ended the connection.',
    unusable: (why: string | number): string => `The agent can’t be used. ${why} Use --passphrase-file.`,
    gone: 'The agent has let go of this command. Nothing was asked of it: run the command again, after `latchkey unlock` if it has ended.',
    lost: 'The agent ended in the middle of the work. What you asked for may be done: look before you repeat it.',
    inTheApp: 'Do this in the app itself. Its agent can’t.',
    notKind: (path: string | number, kind: string | number): string => `${path} is not a ${kind}`,
    otherUser: (path: string | number): string => `${path} belongs to another user`,
    openToOthers: (path: string | number): string => `${path} is open to other users`,
    untrusted: (why: string | number): string =>
      `The agent is not used, because someone else could stand in its place: ${why}. Remove it, or use --passphrase-file.`,
    damaged: (path: string | number): string => `${path} is damaged`,
    notHere: 'Commands can’t work in this host.',
  },
};
