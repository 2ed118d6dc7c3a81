/**
 * What policies say about packages. Invariant: pure; deny wins over any number of allows, so that the order of policies
 * and layers never matters and a lower layer can only tighten; `observe` reports and never decides; what cannot be
 * evaluated is denied.
 */
import { assertNever } from '../../../shared/assert-never.ts';
import type { Decision, Reason } from '../../../shared/model/decision.ts';
import type { Policy, PolicyStyle } from '../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import type { Knowledge, PackageFacts } from './facts.ts';
import type { Objection, RuleJudge } from './rule-judge.ts';
import { Changes } from './rule-judge.ts';
import { judgeAge } from './rules/age.ts';
import { judgeChannels, judgeNamespace } from './rules/channels.ts';
import { judgeLabels } from './rules/labels.ts';
import { judgeLicenses } from './rules/licenses.ts';
import { judgeMalware } from './rules/malware.ts';
import { judgePackages } from './rules/packages.ts';
import { judgePlatform } from './rules/platform.ts';
import { judgeStatus } from './rules/status.ts';
import { judgeVulnerabilities } from './rules/vulnerabilities.ts';

/** One rule of a policy that speaks about packages. */
export type PackageRule = {
  readonly policy: Pick<Policy, 'id' | 'name' | 'mode' | 'style'>;
  /** Its place among the policy's rules, from 0. */
  readonly ruleNo: number;
  readonly judge: RuleJudge;
};

export type Verdict = Decision & {
  /** Where it is denied: `hide` unless all that deny it say `refuse`. */
  readonly style: PolicyStyle;
  /** When time alone changes it, milliseconds since the epoch; undefined: never. */
  readonly changesAtMs: number | undefined;
};

/** All rules of these policies that speak about packages, ready to judge. */
export function packageRules(policies: Iterable<Policy>, knowledge: Knowledge): readonly PackageRule[] {
  return [...policies].flatMap((policy) =>
    policy.rules.flatMap((rule, ruleNo) => {
      const judge = judgeOf(rule, knowledge);
      return judge === undefined ? [] : [{ policy, ruleNo, judge }];
    }),
  );
}

/** Judges one package. All objections are returned, those that deny first. */
export function judgePackage(rules: readonly PackageRule[], facts: PackageFacts, nowMs: number): Verdict {
  const findings = new Findings();
  for (const rule of rules) findings.add(rule, facts, nowMs);
  return findings.verdict(findings.changes.nextMs);
}

/** What a rule brought forward. */
export type Finding = { readonly reason: Reason; readonly style: PolicyStyle };

/** What rules brought forward, one after the other. */
export class Findings {
  readonly changes = new Changes();
  readonly #denying: Finding[] = [];
  readonly #observed: Finding[] = [];

  /** @returns what it has against the package */
  add(rule: PackageRule, facts: PackageFacts, nowMs: number): Finding | undefined {
    const { policy, ruleNo, judge } = rule;
    const objection = objectionOf(judge, facts, nowMs, this.changes);
    if (objection === undefined) return undefined;
    if (objection.endsAtMs !== undefined) this.changes.at(objection.endsAtMs);
    const { rule: name, evidence } = objection;
    const { id: policyId, name: policyName, mode, style } = policy;
    const reason = { policyId, policyName, ruleNo, mode, rule: name, evidence } as Reason;
    const finding = { reason, style };
    this.put(finding);
    return finding;
  }

  put(finding: Finding): void {
    (finding.reason.mode === 'observe' ? this.#observed : this.#denying).push(finding);
  }

  verdict(changesAtMs: number | undefined): Verdict {
    const hides = this.#denying.some(({ style }) => style === 'hide');
    return {
      effect: this.#denying.length > 0 ? 'deny' : 'allow',
      reasons: [...this.#denying, ...this.#observed].map(({ reason }) => reason),
      style: hides ? 'hide' : 'refuse',
      changesAtMs,
    };
  }
}

/** Whether a rule has anything against a package, for many that are asked about without their reasons. */
export function objects(
  { judge }: Pick<PackageRule, 'judge'>,
  facts: PackageFacts,
  nowMs: number,
  changes: Changes,
): boolean {
  const objection = objectionOf(judge, facts, nowMs, changes);
  if (objection?.endsAtMs !== undefined) changes.at(objection.endsAtMs);
  return objection !== undefined;
}

function objectionOf(
  judge: RuleJudge,
  facts: PackageFacts,
  nowMs: number,
  changes: Changes,
): Objection | undefined {
  try {
    // What an index says otherwise than its file's name is denied by any.
    if (facts.isUnusable === true) return { rule: 'package.unlisted', evidence: { isUnusable: true } };
    // A name without a version says nothing that a rule could go by.
    if (facts.kind === 'unlisted' && (judge.needsIndex === true || facts.version === ''))
      return { rule: 'package.unlisted', evidence: facts.isRemoved === true ? { isRemoved: true } : {} };
    return judge.objection(facts, nowMs, changes);
  } catch (error) {
    return {
      rule: 'package.failed',
      evidence: { code: error instanceof RangeError ? 'too-large' : 'error' },
    };
  }
}

function judgeOf(rule: PolicyRule, knowledge: Knowledge): RuleJudge | undefined {
  switch (rule.type) {
    case 'tokens':
    // It looks at an index as a whole, when all else was said (gateway/index-store/satisfiable.ts).
    case 'satisfiable':
      return undefined;
    case 'channels':
      return judgeChannels(rule, knowledge);
    case 'packages':
      return judgePackages(rule, knowledge);
    case 'vulnerabilities':
      return judgeVulnerabilities(rule, knowledge);
    case 'malware':
      return judgeMalware(rule, knowledge);
    case 'licenses':
      return judgeLicenses(rule, knowledge);
    case 'age':
      return judgeAge(rule, knowledge);
    case 'status':
      return judgeStatus(rule, knowledge);
    case 'platform':
      return judgePlatform(rule, knowledge);
    case 'labels':
      return judgeLabels(rule, knowledge);
    case 'namespace':
      return judgeNamespace(rule, knowledge);
    default:
      return assertNever(rule);
  }
}
