export const shell = {
  navigation: {
    ctrlL: 'Ctrl+L',
  },
  passphraseDialog: {
    confirmWithYourPassphrase: 'Confirm with your passphrase',
    confirm: 'Confirm',
    passphrase: 'Passphrase',
  },
};
