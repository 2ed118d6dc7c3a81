import { knownNames } from '../known-names.ts';
import type { MakeJudge } from '../rule-judge.ts';
import { versionOfBuild } from '../version-key.ts';

/** Denies what lacks a label that is asked for, or has one that is denied; a build also where its version has that one. */
export const judgeLabels: MakeJudge<'labels'> = (rule, knowledge) => ({
  scope: 'version',
  concerns: (ecosystem, name) => knowledge.isAbout(ecosystem, name),
  concerned: (ecosystem, names) => knownNames(knowledge, ecosystem, names),
  objection(facts) {
    const labels = knowledge.labels(facts);
    const version = versionOfBuild(facts.ecosystem, facts.version);
    const ofVersion = version === undefined ? [] : knowledge.labels({ ...facts, version });
    const denied = rule.denied.find((label) => labels.includes(label) || ofVersion.includes(label));
    if (denied !== undefined) return { rule: 'package.label-denied', evidence: { label: denied } };
    const missing = rule.required.find((label) => !labels.includes(label));
    return missing === undefined
      ? undefined
      : { rule: 'package.label-missing', evidence: { label: missing } };
  },
});
