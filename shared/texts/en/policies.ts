import { listed, plural } from './grammar.ts';

export const policies = {
  /** A policy as one sentence. */
  inWords: {
    environments: (names: 'all' | readonly string[]): string =>
      names === 'all' ? 'all environments' : listed(names),
    teams: (names: 'all' | readonly string[]): string =>
      names === 'all' ? 'all teams' : `the team${names.length > 1 ? 's' : ''} ${listed(names)}`,
    lifetime: (days: number): string => `tokens last at most ${plural(days, 'day')}`,
    networks: 'tokens must list the networks they may be used from',
    whole: (
      environments: string,
      teams: string,
      demands: readonly string[],
      mode: 'enforce' | 'observe',
    ): string =>
      `In ${environments}, for ${teams}: ${demands.length === 0 ? 'no limits yet' : listed(demands)}.${mode === 'observe' ? ' Violations are only recorded, not refused.' : ''}`,
  },
  policiesScreen: {
    name: 'Name',
    mode: 'Mode',
    enforced: 'Enforced',
    observed: 'Observed',
    appliesTo: 'Applies to',
    readsAs: 'Reads as',
    policies: 'Policies',
    createFirst: 'Create the first policy',
    search: 'Name, what it says…',
    allTeams: 'All teams',
    allEnvironments: 'All environments',
    /** Of a team or environment that is no longer there. */
    removed: 'removed',
    rulesForWhatTokens: 'Limits on new tokens. Every matching policy applies; the strictest wins.',
    noPoliciesYet: 'No policies yet',
    withoutAPolicyAny:
      'Without a policy, any lifetime and any network is allowed. A good start: in prod, tokens last at most 90 days and work only from listed networks.',
  },
  policyDialog: {
    savedPolicy: (name: string | number): string => `Saved policy ${name}.`,
    newPolicy: 'New policy',
    editPolicy: 'Edit policy',
    createPolicy: 'Create policy',
    save: 'Save',
    name: 'Name',
    appearsInRefusalsSo: 'Shown in refusals, so that people can ask about it.',
    prodTokens: 'prod-tokens',
    teams: 'Teams',
    environments: 'Environments',
    longestLifetime: 'Longest lifetime',
    leaveEmptyForNo: 'Leave empty for no limit.',
    days: ' days',
    sourceNetworksRequired: 'Source networks required',
    aTokenMustName: 'Every token must list the networks it may be used from.',
    tokens: 'Tokens',
    mode: 'Mode',
    enforce: 'Enforce',
    whatBreaksThePolicy: 'Tokens that break the policy are refused, with the reason.',
    observe: 'Observe',
    nothingIsRefusedWhat: 'Nothing is refused. What would have been refused is recorded.',
  },
};
