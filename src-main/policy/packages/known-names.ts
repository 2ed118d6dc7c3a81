import type { Ecosystem } from '../../../shared/model/packages.ts';
import type { Knowledge } from './facts.ts';
import type { NameList } from './rule-judge.ts';

type ByEcosystem = Partial<Record<Ecosystem, readonly number[]>>;
/** Neither of them changes: what is found once holds for all policies. */
const found = new WeakMap<Knowledge, WeakMap<NameList, ByEcosystem>>();

/** Numbers of the names that something is known about. */
export function knownNames(knowledge: Knowledge, ecosystem: Ecosystem, names: NameList): readonly number[] {
  const ofKnowledge = found.get(knowledge) ?? new WeakMap<NameList, ByEcosystem>();
  found.set(knowledge, ofKnowledge);
  const ofNames = ofKnowledge.get(names) ?? {};
  ofKnowledge.set(names, ofNames);
  ofNames[ecosystem] ??= names.all.flatMap((name, number) =>
    knowledge.isAbout(ecosystem, name) ? [number] : [],
  );
  return ofNames[ecosystem];
}
