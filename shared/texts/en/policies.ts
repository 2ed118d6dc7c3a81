export const policies = {
  changes: {
    /** Teams or environments of a policy. */
    scope: (names: 'all' | readonly string[]): string => (names === 'all' ? 'all' : names.join(', ')),
    field: (field: 'name' | 'mode' | 'style' | 'teams' | 'environments', from: string, to: string): string =>
      `${field}: ${from} → ${to}`,
  },
  templates: {
    'block-malware': {
      name: 'Block malware, warn on the rest',
      says: 'What most people expect: malware is never served, vulnerabilities are reported.',
    },
    'production-strict': {
      name: 'Production: strict',
      says: 'No malware, no severe or unrated vulnerabilities, nothing younger than a week, no source distributions.',
    },
    'research-observe': {
      name: 'Research: observe only',
      says: 'Nothing is denied; what would have been is recorded.',
    },
    regulated: {
      name: 'Regulated',
      says: 'Only approved packages with a known, permitted license. Refused aloud, never hidden.',
    },
    'ai-agents': {
      name: 'AI agents',
      says: 'For tokens of agents: a month of cooldown, no source distributions, short-lived tokens.',
    },
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
    rulesForWhatTokens:
      'Rules for packages and new tokens. Every matching policy applies; a lower layer can only tighten.',
    noPoliciesYet: 'No policies yet',
    withoutAPolicyAny:
      'Without a policy, every package and any token lifetime is allowed. Most start with the template “Block malware, warn on the rest”.',
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
    whatBreaksThePolicy: 'What breaks the policy is denied, with the reason.',
    observe: 'Observe',
    nothingIsRefusedWhat:
      'Nothing is denied. What would have been is recorded on the token and in the gateway’s requests, and shown there.',
  },
};
