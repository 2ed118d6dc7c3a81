/**
 * The rule "satisfiable", after all others: rows that it speaks about get what its policies do. Runs in a worker; the states
 * of the rows stand in memory that threads share, and belong to the form that is being made.
 */
import type { Policy } from '../../../shared/model/policy.ts';
import type { Reason } from '../../../shared/model/decision.ts';
import type { Verdict } from '../../policy/packages/judge.ts';
import type { SpokenPackage } from '../documents/spoken-files.ts';
import type { ListedRows } from './row-states.ts';
import { listedRows, rowState, ruleBit, stateOfBits } from './row-states.ts';
import type { IndexSide, Unsatisfiable } from './satisfiable.ts';
import { unsatisfiableRows } from './satisfiable.ts';

export type SatisfyJob = {
  readonly own: IndexSide;
  readonly noarch: IndexSide | undefined;
  readonly policies: readonly Policy[];
};
export type Satisfied = {
  readonly unsatisfiable: Unsatisfiable;
  readonly listed: ListedRows;
  readonly denied: number;
  readonly observed: number;
};

export type SatisfiableRule = { readonly policy: Policy; readonly ruleNo: number };

/** The rules "satisfiable" of some policies. */
export const satisfiableRules = (policies: readonly Policy[]): readonly SatisfiableRule[] =>
  policies.flatMap((policy) =>
    policy.rules.flatMap(({ type }, ruleNo) => (type === 'satisfiable' ? [{ policy, ruleNo }] : [])),
  );

/** The bits of the rules that led to a state, as far as they matter. */
const bitsOfState = { 0: 0, 1: ruleBit.hide, 2: ruleBit.refuse, 3: ruleBit.observe } as const;

export function satisfyRows({ own, noarch, policies }: SatisfyJob): Satisfied {
  const { columns, states } = own;
  let bits = 0;
  for (const { policy } of satisfiableRules(policies))
    bits |=
      policy.mode === 'observe' ? ruleBit.observe : policy.style === 'hide' ? ruleBit.hide : ruleBit.refuse;
  const unsatisfiable = unsatisfiableRows(own, noarch);
  for (const row of unsatisfiable.rows) {
    const before = bitsOfState[(states[row] ?? 0) as keyof typeof bitsOfState];
    states[row] = stateOfBits[before | bits] ?? 0;
  }
  const counts = new Uint32Array(stateOfBits.length);
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return {
    unsatisfiable,
    listed: listedRows(columns, states),
    denied: (counts[rowState.hidden] ?? 0) + (counts[rowState.refused] ?? 0),
    observed: counts[rowState.observed] ?? 0,
  };
}

/** What a row needs, of which nothing is left; undefined where it lacks nothing. */
export function needsOf({ rows, needs, texts }: Unsatisfiable, row: number): string | undefined {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle] ?? 0;
    if (found === row) return texts[needs[middle] ?? 0];
    if (found < row) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

const neededReasons = (needs: string, policies: readonly Policy[]): readonly Reason[] =>
  satisfiableRules(policies).map(({ policy: { id: policyId, name: policyName, mode }, ruleNo }) => ({
    policyId,
    policyName,
    ruleNo,
    mode,
    rule: 'package.unsatisfiable',
    evidence: { needs },
  }));

const hidesNeedy = (policies: readonly Policy[]): boolean =>
  satisfiableRules(policies).some(({ policy: { mode, style } }) => mode === 'enforce' && style === 'hide');

/** Reasons that deny stand first. */
const ordered = (reasons: readonly Reason[]): readonly Reason[] => [
  ...reasons.filter(({ mode }) => mode !== 'observe'),
  ...reasons.filter(({ mode }) => mode === 'observe'),
];

/** A verdict, and that its file needs what is gone. */
export function verdictWithNeeds(verdict: Verdict, needs: string, policies: readonly Policy[]): Verdict {
  const reasons = ordered([...verdict.reasons, ...neededReasons(needs, policies)]);
  return {
    ...verdict,
    effect: reasons.some(({ mode }) => mode !== 'observe') ? 'deny' : verdict.effect,
    reasons,
    style: hidesNeedy(policies) ? 'hide' : verdict.style,
  };
}

/**
 * What is said of a file, and that it needs what is gone. Reasons that deny stand first.
 * @param spoken what all other rules say; undefined: nothing
 */
export function withNeeds(
  spoken: SpokenPackage | undefined,
  about: Pick<SpokenPackage, 'filename' | 'name' | 'version'>,
  needs: string,
  policies: readonly Policy[],
): SpokenPackage {
  const added = neededReasons(needs, policies);
  const all = [...(spoken?.reasons ?? []), ...added];
  return {
    filename: about.filename,
    name: about.name,
    version: about.version,
    isHidden:
      hidesNeedy(policies) ||
      (spoken?.isHidden === true && spoken.reasons.some(({ mode }) => mode !== 'observe')),
    reasons: ordered(all),
  };
}
