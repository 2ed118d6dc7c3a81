/**
 * Policies as a text for git: YAML with names instead of ids. Invariant: a text grants nothing; it is planned, and applied
 * by an operator, who signs, and only if what it was planned on still stands (TRUST: policies from git).
 */
import { createHash } from 'node:crypto';
import type { PolicyDraft, PolicyPlan, PolicyProblem } from '../../shared/contract/policy-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { canonicalText, saysTheSame } from '../policy/diff.ts';
import { errorsFirst, problemsOf } from '../policy/lint.ts';
import { settledRule } from '../policy/settled.ts';
import { namesIn } from '../policy/text/names.ts';
import type { PlacedDraft } from '../policy/text/policy-yaml.ts';
import { readPolicies, writePolicies } from '../policy/text/policy-yaml.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { feedKindsOf, invalidPolicy } from './policies-in-force.ts';
import { changesBetween } from './policy-history.ts';

type TextMethods = Pick<Handlers['policies'], 'exportText' | 'planText' | 'applyText'>;

export function policyText(context: Context): TextMethods {
  return {
    exportText: async () => {
      const state = context.vault().state();
      return { text: writePolicies(bodiesOf(state), namesIn(state)), hash: baseHashOf(state) };
    },

    planText: async ({ text }) => {
      const state = context.vault().state();
      return planOf(state, read(state, text)).plan;
    },

    applyText: async ({ text, planHash }) => {
      const { result } = await context.commit((state) => {
        const { plan, steps } = planOf(state, read(state, text));
        if (plan.planHash !== planHash)
          throw new LatchkeyError('POLICY_PLAN_STALE', ['policyPlanStale'], {
            details: { baseHash: plan.baseHash },
          });
        const [bad] = plan.problems;
        if (bad?.level === 'error') throw invalidPolicy(bad.policyName, bad);
        return { events: steps.map((step) => eventOf(step, context)), result: plan };
      });
      return result;
    },
  };
}

type Step = { readonly before: Policy | undefined; readonly after: PolicyDraft | undefined };

function planOf(
  state: OrganizationState,
  given: readonly PlacedDraft[],
): { readonly plan: PolicyPlan; readonly steps: readonly Step[] } {
  const byName = new Map([...state.policies.values()].map((policy) => [policy.name, policy]));
  const drafts = given.map(({ draft }) => ({ ...draft, rules: draft.rules.map(settledRule) }));
  const wanted = new Set(drafts.map(({ name }) => name));
  const steps: readonly Step[] = [
    ...[...byName.values()]
      .filter(({ name }) => !wanted.has(name))
      .map((before) => ({ before, after: undefined })),
    ...drafts
      .map((after) => ({ before: byName.get(after.name), after }))
      .filter(({ before, after }) => before === undefined || !saysTheSame(bodyOf(before), after)),
  ];
  const baseHash = baseHashOf(state);
  // Judged among those that will be there.
  const after: readonly Policy[] = drafts.map((draft, index) => ({
    ...draft,
    id: byName.get(draft.name)?.id ?? policyId.parse(`new-${index}`),
    createdAtMs: 0,
  }));
  const problems = after.flatMap((draft, index) =>
    problemsOf(
      draft,
      after.filter((other) => other !== draft),
      feedKindsOf(state),
    ).map((problem) => ({ ...problem, policyName: draft.name, line: lineOf(given[index], problem) })),
  );
  const changes = steps.map(({ before, after }) => ({
    kind:
      before === undefined
        ? ('added' as const)
        : after === undefined
          ? ('removed' as const)
          : ('changed' as const),
    policyName: (after ?? before)?.name ?? '',
    lines: changesBetween(state, before, after).map(
      ({ kind, text }) => `${{ added: '+', removed: '-', changed: '~' }[kind]} ${text}`,
    ),
  }));
  return {
    plan: { planHash: hashOf({ baseHash, drafts }), baseHash, changes, problems: [...errorsFirst(problems)] },
    steps,
  };
}

const lineOf = (placed: PlacedDraft | undefined, { ruleNo }: PolicyProblem): number =>
  (ruleNo === undefined ? undefined : placed?.ruleLines[ruleNo]) ?? placed?.line ?? 1;

function eventOf({ before, after }: Step, context: Context): DomainEvent {
  if (after === undefined) {
    if (before === undefined) throw new Error('a step that changes nothing');
    return { type: 'policy.removed', policyId: before.id };
  }
  return before === undefined
    ? { type: 'policy.created', policy: { ...after, id: policyId.parse(newId(context)) } }
    : { type: 'policy.changed', policy: { ...after, id: before.id } };
}

const bodyOf = ({ id: _id, createdAtMs: _createdAtMs, ...body }: Policy): PolicyDraft => body;
const bodiesOf = (state: OrganizationState): PolicyDraft[] =>
  [...state.policies.values()].map(bodyOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
const baseHashOf = (state: OrganizationState): string => hashOf(bodiesOf(state));
const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalText(value)).digest('hex').slice(0, 32);

/** @throws LatchkeyError POLICY_INVALID with the place */
function read(state: OrganizationState, text: string): readonly PlacedDraft[] {
  const result = readPolicies(text, namesIn(state));
  if (result.ok) return result.drafts;
  throw new LatchkeyError('POLICY_INVALID', ['policyText', result.line, result.why], {
    details: { line: result.line },
  });
}
