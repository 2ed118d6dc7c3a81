export const welcome = {
  welcome: {
    onePlaceForEvery: 'One place for every install token.',
    sayWhoMayInstall:
      'Say who may install which packages, from which channels, in which environment, until when. The gateway enforces it for conda, pixi, pip and uv as they are.',
    setUpYourOrganization: 'Set up your organization',
    thisMakesANew: 'This makes a new, encrypted vault on this computer.',
    organizationName: 'Organization name',
    yourName: 'Your name',
    passphrase: 'Passphrase',
    repeatPassphrase: 'Repeat passphrase',
    thereIsNoReset:
      'There is no reset. Without this passphrase nobody can open the vault, not even us. Write it down and keep it where you keep other keys.',
    createOrganization: 'Create organization',
    makingTheKeysThis:
      'Making the keys. This takes a second or two, so that guessing the passphrase is slow.',
    makingTheKeys: 'Making the keys',
  },
};
