import type { SpecMatch } from '../spec.ts';
import { compileSpecs } from '../spec.ts';
import type { MakeJudge } from '../rule-judge.ts';

/**
 * A deny list denies what an entry matches by either reading of its text, a closed list what no entry matches by both.
 * A closed list speaks about the ecosystems that it names: one of conda packages says nothing about PyPI.
 */
export const judgePackages: MakeJudge<'packages'> = (rule) => {
  const specs = compileSpecs(rule.specs);
  const ecosystems = new Set(rule.specs.map(({ ecosystem }) => ecosystem));
  return {
    scope: specs.needFile ? 'file' : 'version',
    concerns: (ecosystem, name) => specs.concern(ecosystem, name),
    concerned: (ecosystem, names) => specs.concerned(ecosystem, names),
    objection(facts) {
      if (!ecosystems.has(facts.ecosystem)) return undefined;
      if (rule.list === 'allow') {
        const isListed = specs.find(facts, (match: SpecMatch) => match === 'both') !== undefined;
        return isListed ? undefined : { rule: 'package.not-listed', evidence: {} };
      }
      const spec = specs.find(facts, (match: SpecMatch) => match !== 'none');
      return spec === undefined ? undefined : { rule: 'package.listed', evidence: { spec } };
    },
  };
};
