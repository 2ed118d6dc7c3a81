export const environments = {
  environmentDialog: {
    createdEnvironment: (name: string | number): string => `Created environment ${name}.`,
    savedEnvironment: (name: string | number): string => `Saved environment ${name}.`,
    newEnvironment: 'New environment',
    editEnvironment: 'Edit environment',
    createEnvironment: 'Create environment',
    save: 'Save',
    name: 'Name',
    staging: 'staging',
    rank: 'Rank',
    orderFromLeastTo: 'Orders environments from least to most trusted: dev 10, staging 20, prod 30.',
    protected: 'Protected',
    marksTheEnvironmentsIn: 'Marks environments where a mistake is expensive.',
  },
  environmentsScreen: {
    rank: 'Rank',
    name: 'Name',
    protection: 'Protection',
    protected: 'Protected',
    channels: 'Channels',
    activeTokens: 'Active tokens',
    environments: 'Environments',
    createFirst: 'Create an environment',
    search: 'Name, rank…',
    wherePackagesAreUsed:
      'Where packages are used, from least to most trusted. A token works in exactly one environment.',
    noEnvironments: 'No environments',
    environmentsSeparateWhatDevelopers:
      'Environments separate what developers may try from what production may run. Most organizations use dev, staging and prod.',
  },
};
