import type { PolicyProblem } from '../../shared/contract/policy-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { OrganizationState } from '../organization/state.ts';

/** The kinds of feeds that there are. */
export const feedKindsOf = (state: OrganizationState): ReadonlySet<string> =>
  new Set([...state.feeds.values()].map(({ kind }) => kind));

/** A policy that is not saved, with the rule that is wrong; `line` where it stands in a text. */
export function invalidPolicy(
  policyName: string,
  problem: PolicyProblem & { readonly line?: number },
): LatchkeyError {
  const { code, ruleNo, line } = problem;
  return new LatchkeyError('POLICY_INVALID', ['policyInvalid', policyName, problem], {
    details: {
      policyName,
      code,
      ...(ruleNo === undefined ? {} : { ruleNo }),
      ...(line === undefined ? {} : { line }),
    },
  });
}
