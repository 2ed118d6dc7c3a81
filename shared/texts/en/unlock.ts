export const unlock = {
  signedOut: {
    thisPageIsNot: 'This page is not signed in',
    latchkeyWasStartedAnew: 'Latchkey was started anew, or ended.',
    openTheAddressThat:
      'Open the address that Latchkey printed last where it runs. Pressing Enter there prints a new one.',
  },
  keychainUnlock: {
    unlockWithThisComputer: 'Unlock with this computer',
  },
  restoredBackup: {
    ifYouDoNot:
      'If you do not know why, stop here: keep a copy of the data folder, look for the newer one, and ask who put this one back.',
    iRestoredThisBackup: 'I restored this backup…',
    everythingDoneAfterThis:
      'Everything done after this copy was made is gone for good: tokens issued since then stop working, and changes to policies and channels are undone. What this computer knows to be revoked is revoked again; other revocations may be lost, so go through the tokens afterwards. The log records that you, an admin, confirmed it.',
    iRestoredThisBackup2: 'I restored this backup on purpose and want to go on from it.',
    back: 'Back',
    goOnFromThis: 'Go on from this backup',
    enterThePassphraseFirst: 'Enter the passphrase first.',
  },
  unlock: {
    whoMayInstallWhat: 'Who may install what, from where, until when.',
    issueScopeAndRevoke:
      'Issue, scope and revoke the tokens with which people and machines install packages.',
    unlock: 'Unlock',
    passphrase: 'Passphrase',
    derivingTheKeyThis: 'Deriving the key. This takes about a second, so that guessing is slow.',
    theVaultOnThis: 'The vault on this computer is damaged',
    nothingWasChangedOr:
      'Nothing was changed or deleted. Keep a copy of the data folder before you do anything else, then restore the files from a backup. You can still try the passphrase: Latchkey says which part cannot be read.',
  },
};
