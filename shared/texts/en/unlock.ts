/** Why a page of the browser host is not signed in. */
const signedOutWhy: Readonly<Record<string, string>> = {
  'new-tab': 'Each tab needs its own sign-in address.',
  used: 'The address that opened this page has been used already, or is too old.',
  locked: 'Latchkey was locked, which signs out every page.',
  idle: 'Nobody used this page for 30 minutes.',
  old: 'This page was signed in for 12 hours.',
  replaced: 'Another page was opened with a newer address.',
};

export const unlock = {
  signedOut: {
    thisPageIsNot: 'This page is not signed in',
    why: (why: string): string => signedOutWhy[why] ?? 'Latchkey was restarted or stopped.',
    openTheAddressThat:
      'Open the address that Latchkey last printed in its terminal. Press Enter there for a new one.',
  },
  keychainUnlock: {
    unlockWithThisComputer: 'Unlock with this computer',
  },
  restoredBackup: {
    ifYouDoNot:
      'If you don’t know why, stop here. Keep a copy of the data folder, look for the newer one, and ask who restored this one.',
    iRestoredThisBackup: 'I restored this backup…',
    everythingDoneAfterThis:
      'Everything done after this copy was made is lost: tokens issued since then stop working, and changes to policies and channels are undone. Tokens that this computer knows to be revoked are revoked again; other revocations may be lost, so review the tokens afterwards. The log records that you, an admin, confirmed it.',
    iRestoredThisBackup2: 'I restored this backup on purpose and want to continue from it.',
    back: 'Back',
    goOnFromThis: 'Continue from this backup',
    enterThePassphraseFirst: 'Enter the passphrase first.',
  },
  unlock: {
    /** Why the vault is locked. */
    why: {
      start: 'Enter the passphrase of this vault.',
      hand: 'You locked the vault.',
      idle: 'Locked because nobody used it for a while.',
      suspend: 'Locked because the computer went to sleep.',
      'screen-lock': 'Locked together with the screen.',
    },
    whoMayInstallWhat: 'Who may install what, from where, and until when.',
    issueScopeAndRevoke:
      'Issue, scope and revoke the tokens with which people and machines install packages.',
    unlock: 'Unlock',
    passphrase: 'Passphrase',
    derivingTheKeyThis: 'Deriving the key. This takes a second on purpose, so that guessing is slow.',
    theVaultOnThis: 'The vault on this computer is damaged',
    nothingWasChangedOr:
      'Nothing was changed or deleted. Keep a copy of the data folder before you do anything else, then restore the files from a backup. You can still try the passphrase; Latchkey then says which part can’t be read.',
  },
};
