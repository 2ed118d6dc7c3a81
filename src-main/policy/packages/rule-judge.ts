import type { Ecosystem } from '../../../shared/model/packages.ts';
import type { EvidenceByRule } from '../../../shared/model/decision.ts';
import type { PolicyRuleType, RuleOf } from '../../../shared/model/policy-rules.ts';
import type { Knowledge, PackageFacts } from './facts.ts';

type PackageRule = Extract<keyof EvidenceByRule, `package.${string}`>;

/** Why a rule denies a package. */
export type Objection = {
  readonly [R in PackageRule]: {
    readonly rule: R;
    readonly evidence: EvidenceByRule[R];
    /** From when on it does not object any more, all else the same; milliseconds since the epoch. */
    readonly endsAtMs?: number | undefined;
  };
}[PackageRule];

/**
 * What of a package a rule looks at, so that a verdict can be kept for all packages that are alike in it: `channel`,
 * `name` (with its channel), `version` (ecosystem, name, version and the project's status), `license` (its text) or `file`
 * (anything).
 */
export type RuleScope = 'channel' | 'name' | 'version' | 'license' | 'file';

/** Distinct names of one ecosystem, by number. Never changes. */
export type NameList = {
  readonly all: readonly string[];
  numberOf(name: string): number | undefined;
};

/** One rule, ready to judge. */
export type RuleJudge = {
  readonly scope: RuleScope;
  /** It asks what only an index says: a file that stands in none is denied by it. */
  readonly needsIndex?: true;
  /**
   * What it looks at where all files stand in one index of conda, which says less of each than others: `channel` where all
   * of an index are alike, `row` for name, version, licence and time.
   */
  readonly scopeInIndex?: 'channel' | 'row';
  /** It looks at the newest version of the same name. */
  readonly asksNewest?: boolean;
  /** It objects to what is younger, and looks at nothing else of what has a time. */
  readonly minAgeMs?: number;
  /** Whether there is anything about a name: of all other names it says the same, whatever else they are. */
  concerns?(ecosystem: Ecosystem, name: string): boolean;
  /** Numbers of the names that concern it, each once; undefined where nothing is quicker than asking for each. */
  concerned?(ecosystem: Ecosystem, names: NameList): readonly number[] | undefined;
  /** The first objection, or undefined. Where it does not object only for some time, `changes.at` is told when it will. */
  objection(facts: PackageFacts, nowMs: number, changes: Changes): Objection | undefined;
};

/** The next moment at which time alone changes a verdict. */
export class Changes {
  nextMs: number | undefined;

  at(atMs: number): void {
    if (this.nextMs === undefined || atMs < this.nextMs) this.nextMs = atMs;
  }
}

/** Makes a judge of a rule of one type. */
export type MakeJudge<T extends PolicyRuleType> = (rule: RuleOf<T>, knowledge: Knowledge) => RuleJudge;
