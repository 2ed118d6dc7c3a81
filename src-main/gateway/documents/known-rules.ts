/**
 * Rules of policies, ready to judge by. Runs in a worker. What is downloaded and what people ask about is judged by the same
 * policies again and again, and to read a list of packages takes longer than to judge one. Invariant: the text of the
 * policies is the key, and knowledge never changes, so that no rule is used that says something else.
 */
import { LRUCache } from 'lru-cache';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Knowledge } from '../../policy/packages/facts.ts';
import type { PackageRule } from '../../policy/packages/judge.ts';
import { packageRules } from '../../policy/packages/judge.ts';

/** Of texts; what is made of them takes some times that. */
const maxChars = 2 * 1024 * 1024;

export class KnownRules {
  readonly #kept = new LRUCache<string, readonly PackageRule[]>({
    maxSize: maxChars,
    // The last stay even if they are alone too heavy.
    sizeCalculation: (_rules, policies) => Math.min(maxChars, policies.length),
  });
  #knowledge: Knowledge | undefined;

  /** @param policies as JSON */
  of(policies: string, knowledge: Knowledge): readonly PackageRule[] {
    if (this.#knowledge !== knowledge) {
      this.#kept.clear();
      this.#knowledge = knowledge;
    }
    let rules = this.#kept.get(policies);
    if (rules === undefined) {
      rules = packageRules(JSON.parse(policies) as readonly Policy[], knowledge);
      this.#kept.set(policies, rules);
    }
    return rules;
  }
}
