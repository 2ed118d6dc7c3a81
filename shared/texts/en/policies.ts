import type { PolicyProblem } from '../../contract/policy-views.ts';
import { assertNever } from '../../assert-never.ts';

/** The feeds that a rule may need. */
const feeds: Readonly<Record<string, string>> = {
  osv: 'advisories (OSV)',
  kev: 'known exploited vulnerabilities (KEV)',
  epss: 'exploit predictions (EPSS)',
};

/** What is wrong with a rule, as a sentence. */
function problem({ code, text }: Pick<PolicyProblem, 'code' | 'text'>): string {
  switch (code) {
    case 'bad-spec':
      return `"${text}" is not a package spec. Write a name and, if you like, versions: numpy >=2,<3.`;
    case 'unknown-license':
      return `"${text}" is not an SPDX license identifier. Use one such as MIT, GPL-3.0-only or GPL-*.`;
    case 'empty-rule':
      return 'This rule denies nothing yet. Give it a condition, or remove it.';
    case 'shadowed':
      return `This rule has no effect here: policy ${text} already denies all that it denies.`;
    case 'no-facts':
      return `There is no feed of ${feeds[text] ?? text} yet. Until there is, this rule knows nothing.`;
    case 'hides-nothing':
      return 'No policy hides packages yet. Until one does, this rule denies nothing.';
    case 'only-refused':
      return 'This policy refuses packages, so they stay listed and solvers still pick them. Use style hide.';
    case 'doubled':
      return `This rule says the same as rule ${text}.`;
    default:
      return assertNever(code);
  }
}

export const policies = {
  problem,
  /** Why a policy is not saved. */
  refused: (policyName: string, found: Pick<PolicyProblem, 'code' | 'text' | 'ruleNo'>): string =>
    `Policy ${policyName}${found.ruleNo === undefined ? '' : `, rule ${found.ruleNo + 1}`}: ${problem(found)}`,
  changes: {
    /** Teams or environments of a policy. */
    scope: (names: 'all' | readonly string[]): string => (names === 'all' ? 'all' : names.join(', ')),
    /** @param from of a new policy: undefined */
    field: (
      field: 'name' | 'mode' | 'style' | 'teams' | 'environments',
      from: string | undefined,
      to: string,
    ): string => (from === undefined ? `${field}: ${to}` : `${field}: ${from} → ${to}`),
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
