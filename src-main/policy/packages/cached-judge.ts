/**
 * Judges the packages of one index at one moment. Invariant: says of each what `judgePackage` says, in the same order; what
 * many have in common (a name, a version, a licence) is judged once. Not for longer than one index: nothing here notices a
 * change.
 */
import type { PackageFacts } from './facts.ts';
import type { Finding, PackageRule, Verdict } from './judge.ts';
import { Findings } from './judge.ts';
import type { RuleScope } from './rule-judge.ts';

/** Kept findings of one kind; an index of conda-forge has 30,000 names and 300,000 versions. */
const maxKept = 400_000;

/** With the place of its rule among all. */
type Placed = Finding & { readonly place: number };
const nothing: readonly Placed[] = [];
type Group = {
  readonly scope: RuleScope;
  readonly rules: readonly { readonly rule: PackageRule; readonly place: number }[];
  readonly kept: Map<string, readonly Placed[]>;
};

export class CachedJudge {
  readonly #groups: readonly Group[];
  readonly #nowMs: number;
  #nextMs: number | undefined;

  constructor(rules: readonly PackageRule[], nowMs: number) {
    this.#nowMs = nowMs;
    const byScope = new Map<RuleScope, { rule: PackageRule; place: number }[]>();
    for (const [place, rule] of rules.entries()) {
      const list = byScope.get(rule.judge.scope);
      if (list === undefined) byScope.set(rule.judge.scope, [{ rule, place }]);
      else list.push({ rule, place });
    }
    this.#groups = [...byScope].map(([scope, list]) => ({ scope, rules: list, kept: new Map() }));
  }

  /** When time alone changes one of the verdicts so far. */
  get changesAtMs(): number | undefined {
    return this.#nextMs;
  }

  /** `changesAtMs` of the verdict is that of all so far. */
  judge(facts: PackageFacts): Verdict {
    let found = nothing;
    for (const group of this.#groups) {
      const some = this.#of(group, facts);
      if (some.length > 0) found = found.length === 0 ? some : [...found, ...some];
    }
    if (found.length === 0)
      return { effect: 'allow', reasons: [], style: 'refuse', changesAtMs: this.#nextMs };
    const findings = new Findings();
    for (const finding of [...found].sort((a, b) => a.place - b.place)) findings.put(finding);
    return findings.verdict(this.#nextMs);
  }

  #of({ scope, rules, kept }: Group, facts: PackageFacts): readonly Placed[] {
    const key = keyOf(scope, facts);
    const known = key === undefined ? undefined : kept.get(key);
    if (known !== undefined) return known;
    const findings = new Findings();
    const made: Placed[] = [];
    for (const { rule, place } of rules) {
      const finding = findings.add(rule, facts, this.#nowMs);
      if (finding !== undefined) made.push({ ...finding, place });
    }
    const { nextMs } = findings.changes;
    if (nextMs !== undefined && (this.#nextMs === undefined || nextMs < this.#nextMs)) this.#nextMs = nextMs;
    const result = made.length === 0 ? nothing : made;
    if (key !== undefined && kept.size < maxKept) kept.set(key, result);
    return result;
  }
}

/** What a rule of this scope may look at; undefined: at anything. No blank stands in a name. */
function keyOf(scope: RuleScope, facts: PackageFacts): string | undefined {
  if (facts.isUnusable === true) return undefined;
  switch (scope) {
    case 'channel':
      return facts.channelId;
    case 'name':
      return `${facts.channelId} ${facts.name}`;
    case 'version':
      return `${facts.ecosystem} ${facts.projectStatus ?? ''} ${facts.name} ${facts.version}`;
    case 'license':
      return `${facts.kind === 'unlisted' ? '-' : '+'}${facts.isRemoved === true ? '/' : ''}${facts.isLicenseUnread === true ? '?' : '='}${facts.license ?? ''}`;
    case 'file':
      return undefined;
  }
}
