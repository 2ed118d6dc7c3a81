export const shell = {
  navigation: {
    ctrlL: 'Ctrl+L',
    ctrlK: 'Ctrl+K',
  },
  passphraseDialog: {
    confirmWithYourPassphrase: 'Confirm with your passphrase',
    confirm: 'Confirm',
    passphrase: 'Passphrase',
  },
};
