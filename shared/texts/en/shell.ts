export const shell = {
  passphraseDialog: {
    confirmWithYourPassphrase: 'Confirm with your passphrase',
    confirm: 'Confirm',
    passphrase: 'Passphrase',
  },
};
