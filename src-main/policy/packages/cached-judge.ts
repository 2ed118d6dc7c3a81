/**
 * Judges the packages of one index at one moment. Invariant: says of each what `judgePackage` says; what many have in
 * common (a name, a version, a licence) is judged once. Not for longer than one index: nothing here notices a change.
 */
import type { Reason } from '../../../shared/model/decision.ts';
import type { PackageFacts } from './facts.ts';
import type { PackageRule, Verdict } from './judge.ts';
import { Findings } from './judge.ts';
import type { RuleScope } from './rule-judge.ts';

/** Kept verdicts of one kind; an index of conda-forge has 30,000 names and 300,000 versions. */
const maxKept = 400_000;

type Kept = { readonly denying: readonly Reason[]; readonly observed: readonly Reason[]; readonly hides: boolean };
const nothing: Kept = { denying: [], observed: [], hides: false };
type Group = { readonly scope: RuleScope; readonly rules: readonly PackageRule[]; readonly kept: Map<string, Kept> };

export class CachedJudge {
  readonly #groups: readonly Group[];
  readonly #nowMs: number;
  #nextMs: number | undefined;

  constructor(rules: readonly PackageRule[], nowMs: number) {
    this.#nowMs = nowMs;
    const byScope = new Map<RuleScope, PackageRule[]>();
    for (const rule of rules) {
      const list = byScope.get(rule.judge.scope);
      if (list === undefined) byScope.set(rule.judge.scope, [rule]);
      else list.push(rule);
    }
    this.#groups = [...byScope].map(([scope, list]) => ({ scope, rules: list, kept: new Map() }));
  }

  /** When time alone changes one of the verdicts so far. */
  get changesAtMs(): number | undefined {
    return this.#nextMs;
  }

  judge(facts: PackageFacts): Verdict {
    const denying: Reason[] = [];
    const observed: Reason[] = [];
    let hides = false;
    for (const group of this.#groups) {
      const found = this.#of(group, facts);
      if (found === nothing) continue;
      denying.push(...found.denying);
      observed.push(...found.observed);
      hides ||= found.hides;
    }
    return {
      effect: denying.length > 0 ? 'deny' : 'allow',
      reasons: [...denying, ...observed],
      style: hides ? 'hide' : 'refuse',
      changesAtMs: this.#nextMs,
    };
  }

  #of({ scope, rules, kept }: Group, facts: PackageFacts): Kept {
    const key = keyOf(scope, facts);
    const known = key === undefined ? undefined : kept.get(key);
    if (known !== undefined) return known;
    const findings = new Findings();
    for (const rule of rules) findings.add(rule, facts, this.#nowMs);
    const { denying, observed, hides, changes } = findings;
    if (changes.nextMs !== undefined && (this.#nextMs === undefined || changes.nextMs < this.#nextMs))
      this.#nextMs = changes.nextMs;
    const made = denying.length + observed.length === 0 ? nothing : { denying, observed, hides };
    if (key !== undefined && kept.size < maxKept) kept.set(key, made);
    return made;
  }
}

/** What a rule of this scope may look at; undefined: at anything. No blank stands in a name. */
function keyOf(scope: RuleScope, facts: PackageFacts): string | undefined {
  switch (scope) {
    case 'channel':
      return facts.channelId;
    case 'name':
      return `${facts.channelId} ${facts.name}`;
    case 'version':
      return `${facts.channelId} ${facts.name} ${facts.version}`;
    case 'license':
      return facts.license ?? '';
    case 'file':
      return undefined;
  }
}
