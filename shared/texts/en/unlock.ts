export const unlock = {
  signedOut: {
    thisPageIsNot: 'This page is not signed in',
    latchkeyWasStartedAnew: 'Latchkey was restarted or stopped.',
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
