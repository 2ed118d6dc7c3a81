/** The screen and the form of channels. */
export const channels = {
  lookFor: 'Test with',
  lookForHelp: (kind: 'conda' | 'pypi'): string =>
    kind === 'conda'
      ? 'A package that “Test connection” should find. Empty: the first one.'
      : 'A project that “Test connection” should find. Empty: pip, or else the first one.',
  lookForProblem: 'Letters, digits, dots, hyphens and underscores, such as numpy.',
  /** Why a conda channel cannot have a name. */
  condaName: (subdir: string): string =>
    `Choose another name: conda reads "${subdir}" at its start as a platform and asks for another address.`,
};
