import { dayMs } from '../../../../shared/model/time.ts';
import type { RuleOf } from '../../../../shared/model/policy-rules.ts';
import type { AdvisoryFact, ExploitList, Knowledge } from '../facts.ts';
import { knownNames } from '../known-names.ts';
import type { Changes, MakeJudge } from '../rule-judge.ts';

/**
 * Denies what an advisory affects that meets all conditions of the rule. The most severe one is named. Malware is its own
 * rule, so that a vulnerability's conditions never let it through.
 */
export const judgeVulnerabilities: MakeJudge<'vulnerabilities'> = (rule, knowledge) => ({
  scope: 'version',
  concerns: (ecosystem, name) => knowledge.isAbout(ecosystem, name),
  concerned: (ecosystem, names) => knownNames(knowledge, ecosystem, names),
  objection(facts, nowMs, changes) {
    const speaking = knowledge
      .advisories(facts)
      .filter((advisory) => !advisory.isMalware && speaks(rule, advisory, knowledge, nowMs, changes))
      .sort(bySeverity);
    const [worst] = speaking;
    if (worst === undefined) {
      return rule.noFacts === 'deny' && !knowledge.hasAdvisories(facts.ecosystem)
        ? { rule: 'package.no-facts', evidence: { about: 'vulnerabilities' } }
        : undefined;
    }
    const { id, score, isExploited, epss, status, fixedIn } = worst;
    return {
      rule: 'package.vulnerable',
      evidence: {
        advisoryId: id,
        ...(score === undefined ? {} : { score }),
        ...(isExploited ? { isExploited } : {}),
        ...(epss === undefined ? {} : { epss }),
        ...(status === undefined ? {} : { status }),
        ...(fixedIn === undefined ? {} : { fixedIn }),
        ...(speaking.length === 1 ? {} : { others: speaking.length - 1 }),
      },
    };
  },
});

function speaks(
  rule: RuleOf<'vulnerabilities'>,
  advisory: AdvisoryFact,
  knowledge: Knowledge,
  nowMs: number,
  changes: Changes,
): boolean {
  if (advisory.status !== undefined && rule.liftedBy.includes(advisory.status)) return false;
  if (rule.atLeast !== undefined) {
    const isSevere = advisory.score === undefined ? rule.unknown === 'deny' : advisory.score >= rule.atLeast;
    if (!isSevere) return false;
  }
  // Without the list nobody knows, which is not the same as no.
  const isMissing = (list: ExploitList) => rule.noFacts === 'deny' && !knowledge.hasList(list);
  if (rule.exploitedOnly && !advisory.isExploited && !isMissing('kev')) return false;
  if (rule.epssAtLeast !== undefined && (advisory.epss ?? 0) < rule.epssAtLeast && !isMissing('epss'))
    return false;
  if (rule.fixedOnly && advisory.fixedIn === undefined) return false;
  if (rule.graceDays > 0 && advisory.publishedAtMs !== undefined) {
    const countsFromMs = advisory.publishedAtMs + rule.graceDays * dayMs;
    if (nowMs < countsFromMs) {
      changes.at(countsFromMs);
      return false;
    }
  }
  return true;
}

const bySeverity = (a: AdvisoryFact, b: AdvisoryFact): number =>
  Number(b.isExploited) - Number(a.isExploited) || (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1);
