/** The editor of policies, their versions, templates, layers and text. */
import type { PolicyProblem } from '../../contract/policy-views.ts';
import type { PolicyLayer, PolicyRuleType } from '../../model/policy-rules.ts';
import type { CuratedStatus } from '../../model/packages.ts';

type RuleWords = { readonly name: string; readonly says: string };
const rules: Readonly<Record<PolicyRuleType, RuleWords>> = {
  tokens: { name: 'Tokens', says: 'How long new tokens last, and where they work from.' },
  malware: { name: 'Malware', says: 'Packages known to be malicious, and quarantined projects.' },
  vulnerabilities: {
    name: 'Vulnerabilities',
    says: 'Known vulnerabilities by score, exploitation and status.',
  },
  licenses: { name: 'Licenses', says: 'Only these licenses, or all but these.' },
  age: { name: 'Age', says: 'A cooldown: only files that have been public for some days.' },
  status: { name: 'Status', says: 'Yanked, removed, archived, outdated or abandoned packages.' },
  packages: { name: 'Packages', says: 'A closed list of packages, or a list of denied ones.' },
  labels: { name: 'Labels', says: 'Labels that your people put on packages: required or denied.' },
  platform: { name: 'Platform', says: 'Only these platforms; no source distributions.' },
  channels: { name: 'Channels', says: 'Only these channels, whatever a token allows.' },
  namespace: { name: 'Namespace', says: 'Your own names, only from your own channels.' },
  satisfiable: {
    name: 'Satisfiable',
    says: 'No conda packages whose dependencies were hidden.',
  },
};
const layers: Readonly<Record<PolicyLayer, string>> = {
  organization: 'Organization',
  environment: 'Environment',
  team: 'Team',
};
const statuses: Readonly<Record<CuratedStatus, string>> = {
  reported: 'Reported',
  active: 'Active',
  mitigated: 'Mitigated',
  cleared: 'Cleared',
  disputed: 'Disputed',
};
const feeds: Readonly<Record<string, string>> = { osv: 'OSV advisories', kev: 'KEV', epss: 'EPSS' };

export const policyEditor = {
  rules,
  layers,
  statuses,
  list: {
    layer: 'Layer',
    style: 'Violations are',
    styles: { hide: 'Hidden', refuse: 'Refused' },
    observed: 'Only recorded',
    version: 'Version',
    rules: 'Rules',
    template: 'Start from a template…',
    where: 'What applies where…',
    text: 'YAML…',
    more: 'More',
    versionsOf: (name: string): string => `Versions of ${name}`,
    versions: 'Versions',
  },
  style: 'Packages that break it',
  hide: 'Hide',
  hideSays:
    'They are left out of indexes, so that clients pick the best allowed version. Direct requests are refused.',
  refuse: 'Refuse',
  refuseSays: 'They stay listed, and the download is refused with the reason.',
  addRule: 'Add a rule',
  addFirst: 'Add at least one rule.',
  noRules: 'No rules yet. One rule that objects is enough to deny; inside a rule, all conditions must hold.',
  removeRule: (name: string): string => `Remove rule ${name}`,
  ruleTitle: (no: number, name: string): string => `${no}. ${name}`,
  ruleNo: (no: number): string => `Rule ${no}:`,
  problemInRule: (no: number): string => `Fix rule ${no} first.`,
  readsAs: 'Reads as',
  readsAsLayer: (layer: string): string => `Layer: ${layer}`,
  reading: 'Reading it back…',
  unread: 'Choose teams and environments to read it back.',
  leftOut: (rules: number): string =>
    rules === 1
      ? 'One rule is left out here: it is not complete yet.'
      : `${rules} rules are left out here: they are not complete yet.`,
  step: (title: string, at: number, of: number): string => `${title} (${at} of ${of})`,
  problem: (problem: PolicyProblem): string => {
    switch (problem.code) {
      case 'bad-spec':
        return `“${problem.text}” is not a valid spec.`;
      case 'unknown-license':
        return `“${problem.text}” is not an SPDX license. Pick one from the list, or use a pattern such as GPL-*.`;
      case 'empty-rule':
        return 'This rule has no condition yet.';
      case 'shadowed':
        return `Has no effect: policy ${problem.text} denies all of this already.`;
      case 'no-facts':
        return `Needs facts that are not there yet: add a feed of ${feeds[problem.text] ?? problem.text} on the Facts screen.`;
      case 'hides-nothing':
        return 'Has an effect only where packages are hidden: no policy hides any yet.';
      case 'only-refused':
        return 'Choose “Hide”: refused packages stay listed, and solvers still pick them.';
      case 'doubled':
        return `Says the same as rule ${problem.text}.`;
    }
  },
  fields: {
    list: 'List',
    denyList: 'Deny these',
    allowList: 'Allow only these',
    conda: 'conda',
    condaHint: 'One spec per line, e.g. numpy >=1.26',
    pypi: 'PyPI',
    pypiHint: 'One requirement per line, e.g. requests<2.32',
    specsMissing: 'Enter at least one package.',
    channels: 'Channels',
    channelsMissing: 'Choose at least one channel.',
    anyChannel: 'Choose channels',
    atLeast: 'Score at least',
    atLeastHint: 'CVSS, 0.1 to 10. Leave empty for any.',
    score: 'Enter a score from 0.1 to 10.',
    withoutScore: 'Also those without a score',
    withoutScoreHint: (without: string, all: string): string => `${without} of ${all} have no score.`,
    withoutScoreUnknown: 'Many advisories have no score.',
    exploitedOnly: 'Only known to be exploited',
    exploitedHint: 'Those in CISA’s KEV list.',
    epss: 'EPSS at least',
    epssHint: 'Probability of exploitation. Leave empty for any.',
    percent: ' %',
    percentWrong: 'Enter a percentage from 0 to 100.',
    fixedOnly: 'Only where a fixed version exists',
    grace: 'Grace period',
    graceHint: 'Starts when the advisory is published.',
    liftedBy: 'Lifted by status',
    liftedHint: 'Vulnerabilities that you assessed so do not count.',
    noneLifts: 'No status',
    noFacts: 'While there are no advisories',
    allow: 'Allow',
    deny: 'Deny',
    unknownLicense: 'Unknown license',
    unknownAge: 'Unknown date',
    licenses: 'Licenses',
    licensesHint: 'SPDX identifiers, or patterns such as GPL-*.',
    licensesMissing: 'Enter at least one license.',
    minDays: 'Public for at least',
    minDaysHint: 'As the index says, or since the gateway first saw it.',
    days: ' days',
    denied: 'Deny if',
    packageStatuses: {
      yanked: 'Yanked',
      removed: 'Removed',
      archived: 'Archived',
      deprecated: 'Deprecated',
    },
    superseded: 'Deny old versions after',
    silent: 'Deny projects silent for',
    years: ' years',
    emptyOff: 'Leave empty to ignore.',
    subdirs: 'conda platforms',
    subdirsHint: 'Leave empty to allow all.',
    wheelTags: 'Wheel platforms',
    wheelTagsHint: 'Leave empty to allow all. * stands for anything.',
    sdists: 'No source distributions',
    sdistsHint: 'They run code when they are installed.',
    required: 'Required labels',
    deniedLabels: 'Denied labels',
    labelsHint: 'Lowercase, e.g. approved',
    labelsWrong: 'Use lowercase letters, digits, "-", "_" and "." in labels.',
    names: 'Names',
    namesHint: 'e.g. acme-*; * stands for anything',
    namesMissing: 'Enter at least one name.',
    namesWrong: 'Use lowercase names; * stands for anything.',
    onlyFrom: 'Only from channels',
    satisfiable:
      'Also denies conda packages that need one of which nothing is left, so that solvers pick an older, consistent version. It does not cover PyPI: pip and uv read dependencies file by file, and try another version themselves.',
    needsCondition: 'Give the rule a condition.',
  },
  templates: {
    title: 'Start from a template',
    choose: 'Template',
    continue: 'Continue',
    several: (count: number): string =>
      count === 1
        ? 'You can change the policy before it is saved.'
        : `Makes ${count} policies, one after the other. You can change each before it is saved.`,
    chooseOne: 'Choose a template.',
  },
  history: {
    title: (name: string): string => `Versions of ${name}`,
    version: (version: number): string => `Version ${version}`,
    current: 'Current',
    by: (name: string): string => `by ${name}`,
    removed: 'Removed',
    rollback: 'Roll back to this',
    rollbackTo: (version: number): string => `Roll back to version ${version}`,
    done: (name: string, from: number, now: number): string =>
      `Policy ${name} is as in version ${from} again, now version ${now}.`,
    marks: { added: '+', removed: '−', changed: '~' },
    said: { added: 'Added: ', removed: 'Removed: ', changed: 'Changed: ' },
    first: 'First version',
    same: 'Nothing changed.',
  },
  where: {
    title: 'What applies where',
    team: 'Team',
    environment: 'Environment',
    none: 'No policy applies there: every package and any token lifetime is allowed.',
    styles: { hide: 'Hides packages', refuse: 'Refuses downloads' },
    observes: 'Only records',
    noneInLayer: 'No policy',
    shadowed: (policy: string): string => `No effect: ${policy} denies all of this already.`,
    noRules: 'No rules.',
    missing: 'Create a team and an environment first.',
  },
  text: {
    title: 'Policies as YAML',
    hint: 'All policies, with names instead of ids, so that they can live in a repository. Edit the text or paste another; you see what would change before anything is saved.',
    label: 'YAML',
    open: 'Open a file…',
    plan: 'Show plan',
    apply: (count: number): string => (count === 1 ? 'Apply 1 change' : `Apply ${count} changes`),
    planTitle: 'Plan',
    nothing: 'Nothing would change.',
    unchanged: 'Change the text to see a plan.',
    errors: 'Fix the errors first.',
    kinds: { added: 'New', removed: 'Removed', changed: 'Changed' },
    done: (count: number): string => (count === 1 ? 'Applied 1 change.' : `Applied ${count} changes.`),
    tooLong: 'This file is too large.',
  },
};
