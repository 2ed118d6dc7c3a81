export const welcome = {
  welcome: {
    onePlaceForEvery: 'One place for every install token.',
    sayWhoMayInstall:
      'Decide who may install which packages, from which channels, in which environment, and until when. The gateway enforces it for unmodified conda, pixi, pip and uv.',
    setUpYourOrganization: 'Set up your organization',
    thisMakesANew: 'This creates a new, encrypted vault on this computer.',
    organizationName: 'Organization name',
    yourName: 'Your name',
    organizationMissing: 'Enter your organization’s name.',
    nameMissing: 'Enter your name. It is recorded with every change you make.',
    passphrase: 'Passphrase',
    repeatPassphrase: 'Repeat passphrase',
    thereIsNoReset:
      'There is no reset. Without this passphrase nobody can open the vault, not even us. Write it down and keep it where you keep other keys.',
    createOrganization: 'Create organization',
    makingTheKeysThis:
      'Creating the keys. This takes a second or two on purpose, so that guessing the passphrase is slow.',
    makingTheKeys: 'Creating the keys',
  },
};
