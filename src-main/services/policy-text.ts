/**
 * Policies as a text for git: YAML with names instead of ids. Invariant: a text grants nothing; it is planned, and applied
 * by an operator, who signs, and only if what it was planned on still stands (TRUST: policies from git).
 */
import { createHash } from 'node:crypto';
import type { PolicyDraft, PolicyPlan } from '../../shared/contract/policy-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { policyId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { canonicalText, saysTheSame } from '../policy/diff.ts';
import { problemsOf } from '../policy/lint.ts';
import { readPolicies, writePolicies } from '../policy/text/policy-yaml.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { feedKindsOf } from './policies-in-force.ts';
import { changesBetween } from './policy-history.ts';

type TextMethods = Pick<Handlers['policies'], 'exportText' | 'planText' | 'applyText'>;

export function policyText(context: Context): TextMethods {
  return {
    exportText: async () => {
      const state = context.vault().state();
      return { text: writePolicies(bodiesOf(state), state), hash: baseHashOf(state) };
    },

    planText: async ({ text }) => planOf(context.vault().state(), read(context.vault().state(), text)).plan,

    applyText: async ({ text, planHash }) => {
      const { result } = await context.commit((state) => {
        const { plan, steps } = planOf(state, read(state, text));
        if (plan.planHash !== planHash)
          throw new LatchkeyError('POLICY_PLAN_STALE', ['policyPlanStale'], {
            details: { baseHash: plan.baseHash },
          });
        const bad = plan.problems.find(({ level }) => level === 'error');
        if (bad !== undefined)
          throw new LatchkeyError('POLICY_INVALID', ['policyInvalid', bad.policyName, bad.code, bad.text], {
            details: { policyName: bad.policyName, code: bad.code },
          });
        return { events: steps.map((step) => eventOf(step, context)), result: plan };
      });
      return result;
    },
  };
}

type Step = { readonly before: Policy | undefined; readonly after: PolicyDraft | undefined };

function planOf(
  state: OrganizationState,
  drafts: readonly PolicyDraft[],
): { readonly plan: PolicyPlan; readonly steps: readonly Step[] } {
  const byName = new Map([...state.policies.values()].map((policy) => [policy.name, policy]));
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
  const problems = drafts.flatMap((draft) =>
    problemsOf(
      draft,
      [...state.policies.values()].filter(({ name }) => name !== draft.name),
      feedKindsOf(state),
    ).map((problem) => ({ ...problem, policyName: draft.name })),
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
    plan: { planHash: hashOf({ baseHash, drafts }), baseHash, changes, problems: problems.slice(0, 200) },
    steps,
  };
}

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
function read(state: OrganizationState, text: string): readonly PolicyDraft[] {
  const result = readPolicies(text, state);
  if (result.ok) return result.drafts;
  throw new LatchkeyError('POLICY_INVALID', ['policyText', result.line, result.why], {
    details: { line: result.line },
  });
}
