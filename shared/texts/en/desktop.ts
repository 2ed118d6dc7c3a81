/** The desktop app around its page: dialogs of the system, notices, the tray. */
export const desktop = {
  crash: {
    again: 'Latchkey keeps crashing',
    againText: (count: string | number, reason: string | number): string =>
      `The window ended ${count} times within a minute (${reason}). The organization is locked and nothing is lost. Start Latchkey again. If it happens again, update it.`,
    hangs: 'The window isn’t responding.',
    hangsText: 'It is safe to wait. Reloading locks the organization.',
    wait: 'Wait',
    reload: 'Lock and reload',
  },
  dialogs: {
    save: 'Save',
    backup: (name: string | number): string => `“${name}” says it is a Latchkey backup.`,
    backupText: (told: string | number, told2: string | number): string =>
      `Organization: ${told}. Made: ${told2}. This version can’t restore backups yet. Nothing was changed.`,
    unknown: 'unknown',
    notBackup: (name: string | number): string => `“${name}” is not a Latchkey backup.`,
    notBackupText: 'It doesn’t start like a backup. Nothing was changed.',
    unreadable: (name: string | number): string => `“${name}” can’t be read.`,
    unreadableText: 'It is missing, not a file, or you have no permission to read it.',
    noStart: 'Latchkey could not start',
    noStartText: (reason: string | number): string =>
      `${reason}\n\nNothing was changed. Check that Latchkey’s data folder can be written, then start it again.`,
    copyright: 'The Latchkey authors. Apache License 2.0.',
  },
  expiry: {
    one: 'A token expires soon',
    many: (count: string | number): string => `${count} tokens expire soon`,
    first: (
      name: string | number,
      teamName: string | number,
      environmentName: string | number,
      when: string | number,
    ): string => `The first is ${name} (${teamName}, ${environmentName}): ${when}.`,
    withinADay: 'within a day',
    inADay: 'in 1 day',
    inDays: (days: string | number): string => `in ${days} days`,
  },
  tray: {
    running: 'Gateway: running',
    stopped: 'Gateway: stopped',
    problem: 'Gateway: has a problem',
    unlocked: 'Unlocked',
    locked: 'Locked',
    tip: (toLowerCase: string | number, gateway: string | number): string =>
      `Latchkey: ${toLowerCase}. ${gateway}.`,
    show: 'Show Latchkey',
    lock: 'Lock',
    quit: 'Quit',
  },
};
