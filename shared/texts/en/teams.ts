export const teams = {
  teamDialog: {
    createdTeam: (name: string | number): string => `Created team ${name}.`,
    savedTeam: (name: string | number): string => `Saved team ${name}.`,
    newTeam: 'New team',
    editTeam: 'Edit team',
    createTeam: 'Create team',
    save: 'Save',
    name: 'Name',
    shortAndLowerCase: 'Short and lowercase. Shown in exports and refusals.',
    dataScience: 'data-science',
    description: 'Description',
  },
  teamsScreen: {
    name: 'Name',
    description: 'Description',
    activeTokens: 'Active tokens',
    created: 'Created',
    teams: 'Teams',
    createFirst: 'Create the first team',
    search: 'Name, description…',
    groupsOfPeopleAnd: 'Groups of people and machines that use tokens.',
    noTeamsYet: 'No teams yet',
    aTokenBelongsTo:
      'Every token belongs to a team. Start with the group that installs packages first, for example data-science or ci.',
  },
};
