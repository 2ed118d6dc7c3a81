/** Files of policies and of tests of them, looked at without an organization: what a CI job does. */
import type { PolicyDraft, PolicyProblem } from '../../shared/contract/policy-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { describePolicy } from '../policy/describe.ts';
import { errorsFirst, problemsOf } from '../policy/lint.ts';
import type { Names } from '../policy/text/names.ts';
import { anyNames } from '../policy/text/names.ts';
import type { PlacedDraft } from '../policy/text/policy-yaml.ts';
import { readPolicies } from '../policy/text/policy-yaml.ts';
import type { TestOutcome } from '../policy/text/run-tests.ts';
import { runPolicyTests } from '../policy/text/run-tests.ts';
import { readPolicyTests } from '../policy/text/test-file.ts';

export type { TestOutcome };
type LintedProblem = PolicyProblem & { readonly policyName: string; readonly line: number };
type LintedFile = {
  readonly policies: readonly { readonly name: string; readonly readsAs: string; readonly line: number }[];
  readonly problems: readonly LintedProblem[];
};

/** Which facts there will be is not known here. */
const allFeeds = new Set(['osv', 'kev', 'epss', 'vex']);

/** @throws LatchkeyError POLICY_INVALID with the line where it cannot be read */
export function lintPolicies(text: string): LintedFile {
  const { placed, policies, names } = read(text);
  const problems = policies.flatMap((policy, index) =>
    problemsOf(
      policy,
      policies.filter((other) => other !== policy),
      allFeeds,
    ).map((problem) => ({ ...problem, policyName: policy.name, line: lineOf(placed[index], problem) })),
  );
  return {
    policies: policies.map((policy, index) => ({
      name: policy.name,
      readsAs: describePolicy(policy, namesOf(policy, names)),
      line: placed[index]?.line ?? 1,
    })),
    problems: errorsFirst(problems),
  };
}

/**
 * @param nowMs for tests that do not say what time it is
 * @throws LatchkeyError POLICY_INVALID with the line: of `policies`, or (`details.policyName` is absent) of `tests`
 */
export function testPolicies(policies: string, tests: string, nowMs: number): readonly TestOutcome[] {
  const { policies: read_, names } = read(policies);
  const linted = lintPolicies(policies);
  const [problem] = linted.problems;
  if (problem?.level === 'error')
    throw new LatchkeyError('POLICY_INVALID', ['policyInvalid', problem.policyName, problem], {
      details: { line: problem.line, policyName: problem.policyName, code: problem.code },
    });
  const found = readPolicyTests(tests);
  if (!found.ok) throw unreadable(found);
  return runPolicyTests(read_, found.tests, names, nowMs);
}

function read(text: string): {
  readonly placed: readonly PlacedDraft[];
  readonly policies: readonly Policy[];
  readonly names: Names;
} {
  const names = anyNames();
  const result = readPolicies(text, names);
  if (!result.ok) throw unreadable(result);
  const policies = result.drafts.map(({ draft }, index) => ({
    ...draft,
    id: policyId.parse(`policy-${index}`),
    createdAtMs: 0,
  }));
  return { placed: result.drafts, policies, names };
}

const unreadable = ({ line, why }: { readonly line: number; readonly why: string }): LatchkeyError =>
  new LatchkeyError('POLICY_INVALID', ['policyText', line, why], { details: { line } });

const lineOf = (placed: PlacedDraft | undefined, { ruleNo }: PolicyProblem): number =>
  (ruleNo === undefined ? undefined : placed?.ruleLines[ruleNo]) ?? placed?.line ?? 1;

const namesOf = ({ teams, environments }: Pick<PolicyDraft, 'teams' | 'environments'>, names: Names) => ({
  teams: teams === 'all' ? teams : teams.map((id) => names.nameOf('team', id)),
  environments:
    environments === 'all' ? environments : environments.map((id) => names.nameOf('environment', id)),
  channel: (id: string) => names.nameOf('channel', id),
});
