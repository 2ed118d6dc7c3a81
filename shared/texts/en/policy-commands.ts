/** `latchkey policy …` and `latchkey explain`: help, and what they print. */
import type {
  HiddenVersions,
  PackageDecisionView,
  PackageExplanation,
  PackageReleases,
  VerdictView,
} from '../../contract/package-views.ts';
import type {
  PolicyPlan,
  PolicyProblem,
  PolicyVersionView,
  PolicyView,
} from '../../contract/policy-views.ts';
import { utcMinute } from '../utc.ts';
import { plural } from './grammar.ts';
import { policies } from './policies.ts';

type Where = { readonly team: string; readonly environment: string };
type Placed = PolicyProblem & { readonly policyName: string; readonly line: number };
type Test = { readonly name?: string | undefined; readonly package: string; readonly line: number };

const placed = (file: string, problem: Placed): string =>
  `${file}:${problem.line}: ${problem.level}: ${policies.refused(problem.policyName, problem)}`;

export const policyCommands = {
  // Help.
  show: 'show a policy in plain English, with what is wrong with it',
  style: 'what happens to denied packages: hide (left out of indexes) or refuse (at download)',
  lint: 'check a file of policies; needs no vault. Exit code 1 where one cannot be used',
  strict: 'fail on warnings too',
  test: 'judge the packages of a test file by a file of policies; needs no vault. Exit code 1 where one is judged otherwise than expected',
  now: 'what time it is for tests that do not say (such as 2026-01-31; default: now)',
  diff: 'show what a file of policies would change',
  plan: 'show what a file of policies would change, and the hash by which to apply it',
  apply: 'apply a file of policies: what it does not name is removed',
  expect: 'the hash that `policy plan` printed: nothing is applied where the policies changed since',
  export: 'write all policies as YAML',
  out: 'write to this file instead of to the terminal',
  history: 'list the versions of a policy; of a removed one by its id',
  rollback: 'make an earlier version of a policy the newest one',
  toVersion: 'which version (default: the one before)',
  templates: 'list policies to begin with, or add one',
  use: 'add the policies of this template',
  explain:
    'say why a package is allowed or denied, such as pypi:requests==2.31.0 or conda:numpy (the newest version)',
  explainDecision: 'the decision with this id, as it stands in brackets after “Blocked by policy …”',
  packageOrDecision: 'Name a package or a decision: latchkey explain pypi:requests, or --decision <id>.',
  hidden: 'list the versions of a channel that policies hide or refuse, with the reasons',
  hiddenPackage: 'this package only',
  releases: 'list what is denied only until it is old enough or facts come, and what was',
  hiddenTeam: 'for a token of this team',
  hiddenEnvironment: 'in this environment',
  explainTeam: 'for this team only',
  explainEnvironment: 'in this environment only',

  // What they print.
  head: ({ name, mode, style, layer, version }: PolicyView): string =>
    `${name} (${mode}, ${style}, layer ${layer}, version ${version})`,
  problem: (problem: PolicyProblem): string =>
    `  ${problem.level}${problem.ruleNo === undefined ? '' : `, rule ${problem.ruleNo + 1}`}: ${policies.problem(problem)}`,
  placed,
  linted: (file: string, count: number, problems: number): string =>
    problems === 0 ? `${file}: ${plural(count, 'policy', 'policies')}, no problems.` : '',
  cannotBeUsed: (file: string, errors: number): string => `${file} has ${plural(errors, 'problem')}.`,
  passed: (total: number): string => `${plural(total, 'test')} passed.`,
  testsFailed: (failed: number, total: number): string => `${failed} of ${plural(total, 'test')} failed.`,
  failedTest: (
    file: string,
    test: Test,
    { expected, got, reasons }: { expected: string; got: string; reasons: readonly string[] },
  ): string =>
    [
      `${file}:${test.line}: ${test.name ?? test.package}: expected ${expected}, got ${got}`,
      ...reasons.map((reason) => `    ${reason}`),
    ].join('\n'),
  verdict: (effect: 'allow' | 'deny', by: readonly string[] = []): string =>
    by.length === 0 ? effect : `${effect} by ${by.join(', ')}`,
  reason: (says: string, mode: 'enforce' | 'observe' | undefined): string =>
    `${says}${mode === 'observe' ? ', only observed' : ''}`,
  noDecision: (id: string): string =>
    `The gateway knows no decision ${id}: it was too long ago, or the gateway was restarted since.`,
  decision: (
    { id, atMs, ecosystem, name, version, filename, channelName }: PackageDecisionView,
    { team, environment }: Where,
  ): string =>
    `Decision ${id} of ${utcMinute(atMs)}: ${ecosystem}:${name} ${version} (${filename}, channel ${channelName}) is blocked in ${environment}, for ${team}`,
  deniedVersions: 'Denied versions:',
  deniedVersion: (
    { version, isHidden, says }: PackageExplanation['denied'][number],
    { team, environment }: Where,
  ): string =>
    `${version} in ${environment}, for ${team}: ${isHidden ? 'hidden' : 'refused at download'}, ${says}`,
  /** @param isWhole no package was named */
  hiddenVersions: ({ versions, total }: HiddenVersions, isWhole: boolean): string =>
    total === 0
      ? `Nothing is denied there${isWhole ? ', of what was read. Python indexes are read package by package: add --package <name>' : ''}.`
      : [
          ...versions.map(
            ({ name, version, isHidden, reasons }) =>
              `${name} ${version}: ${isHidden ? 'hidden' : 'refused at download'}, ${reasons[0]?.says ?? ''}`,
          ),
          ...(total > versions.length ? [`and ${total - versions.length} more`] : []),
        ].join('\n'),
  released: ({ upcoming, upcomingTotal, released }: PackageReleases): string =>
    [
      upcoming.length === 0 ? 'Nothing is waiting to be released.' : 'Will be released:',
      ...upcoming.map(
        ({ channelName, name, version, says, atMs }) =>
          `  ${atMs === undefined ? 'when facts arrive' : utcMinute(atMs)}  ${channelName}: ${name} ${version}, ${says}`,
      ),
      ...(upcomingTotal > upcoming.length ? [`  and ${upcomingTotal - upcoming.length} more`] : []),
      ...(released.length === 0 ? [] : ['Was released:']),
      ...released.map(
        ({ channelName, name, version, atMs }) =>
          `  ${atMs === undefined ? '' : utcMinute(atMs)}  ${channelName}: ${name} ${version}`,
      ),
    ].join('\n'),
  noChanges: 'Nothing would change.',
  unchanged: 'Nothing to change.',
  changes: ({ changes }: Pick<PolicyPlan, 'changes'>): string =>
    changes
      .map(({ kind, policyName, lines }) =>
        [
          `${{ added: '+', removed: '-', changed: '~' }[kind]} ${policyName}`,
          ...lines.map((line) => `    ${line}`),
        ].join('\n'),
      )
      .join('\n'),
  planned: (file: string, hash: string): string =>
    `Apply it with: latchkey policy apply ${file} --expect ${hash}`,
  applied: (count: number): string => `Applied: ${plural(count, 'policy', 'policies')} changed.`,
  exported: (count: number, path: string): string =>
    `Wrote ${plural(count, 'policy', 'policies')} to ${path}.`,
  versions: (versions: readonly PolicyVersionView[]): string =>
    versions
      .map(({ version, atMs, by, policy, changes }) =>
        [
          `${version}  ${utcMinute(atMs)}  ${by}${policy === undefined ? '  removed' : ''}`,
          ...changes.map(
            ({ kind, text }) => `    ${{ added: '+', removed: '-', changed: '~' }[kind]} ${text}`,
          ),
        ].join('\n'),
      )
      .join('\n'),
  rolledBack: (name: string, to: number, version: number): string =>
    `Policy ${name} is again as in version ${to} (now version ${version}).`,
  noEarlier: (name: string): string => `Policy ${name} has no earlier version.`,
  template: (key: string, title: string, says: string): string => `${key}: ${title}. ${says}`,
  added: (names: readonly string[]): string => `Added ${names.join(', ')}.`,
  badPackage: (text: string): string =>
    `"${text}" names no package. Write conda:numpy, conda:numpy==2.1.0 or pypi:requests==2.32.0.`,
  package: ({
    ecosystem,
    name,
    version,
  }: Pick<PackageExplanation, 'ecosystem' | 'name' | 'version'>): string => `${ecosystem}:${name} ${version}`,
  where: ({ team, environment }: Where, { effect, style }: VerdictView): string => {
    const denied = style === 'hide' ? 'denied (hidden)' : 'denied (refused at download)';
    return `${effect === 'allow' ? 'allowed' : denied} in ${environment}, for ${team}`;
  },
  files: (channel: string, files: readonly string[]): string =>
    files.length === 1 ? `${channel}: ${files[0] ?? ''}` : `${channel}: ${plural(files.length, 'file')}`,
  changesAt: (effect: 'allow' | 'deny', atMs: number): string =>
    `${effect === 'deny' ? 'released by itself' : 'changes by itself'} on ${utcMinute(atMs)}`,
  nearest: (version: string | undefined): string =>
    version === undefined ? 'no version is allowed' : `nearest allowed version: ${version}`,
  nowhere: 'in no channel that is known here',
};
