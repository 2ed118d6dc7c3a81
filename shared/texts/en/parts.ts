/** Words of the parts that every screen is made of: overlays, forms, fields, toasts. */
export const parts = {
  close: 'Close',
  cancel: 'Cancel',
  discard: {
    title: 'Discard your changes?',
    text: 'What you entered has not been saved.',
    discard: 'Discard',
    keep: 'Keep editing',
  },
  missing: {
    name: 'Enter a name.',
    rank: 'Enter a rank.',
    folder: 'Enter the folder.',
    passphrase: 'Enter the current passphrase.',
    newPassphrase: 'Choose a stronger passphrase.',
    repeat: 'Repeat the new passphrase.',
    url: 'Enter the upstream URL.',
    user: 'Enter the user name.',
    secret: 'Enter the secret.',
    holder: 'Enter who uses the token.',
    team: 'Create a team first.',
    environment: 'Create an environment first.',
    channels: 'Choose at least one channel.',
    teams: 'Choose at least one team.',
    environments: 'Choose at least one environment.',
    lastDay: 'Choose the last day.',
    reason: 'Enter a reason.',
    path: 'Enter a path.',
    token: 'Paste the token.',
    config: 'Paste the configuration.',
    changes: 'Nothing has changed.',
    loading: 'Loading…',
    /** To whom the role does not suffice. */
    admin: 'Only an admin can do this.',
    lead: 'Only an admin or a team lead can do this.',
  },
  /** Of a name that becomes a part of an address. */
  nameShape: 'Use lowercase letters, digits, "-", "_" and ".". Start and end with a letter or digit.',
  number: {
    range: (least: number, most: number): string => `Enter a whole number from ${least} to ${most}.`,
  },
  passphrase: {
    enter: 'Enter the passphrase.',
    /** Of the button in the field; pressed while it is shown. */
    show: 'Show what is typed',
  },
  folder: {
    browse: 'Browse…',
    browseFor: (label: string): string => `Browse… ${label}`,
  },
  pick: { nothingFound: 'No matches' },
  copy: {
    copy: 'Copy',
    copied: 'Copied',
    clears: (seconds: number): string => `Copied, cleared in ${seconds} s`,
    said: (what: string, seconds: number | undefined): string =>
      `Copied ${what}.` + (seconds === undefined ? '' : ` The clipboard is cleared in ${seconds} seconds.`),
  },
  toast: {
    list: 'Messages',
    note: 'Please note',
    dismiss: 'Dismiss message',
  },
  hostGone: {
    title: 'Latchkey was stopped',
    browser: 'Start it again, then open the address that it prints.',
    electron: 'Start it again.',
    gateway: 'Gateway state unknown',
  },
};
