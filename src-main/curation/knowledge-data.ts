/** What policies are judged by, as it is handed to a thread: plain data, and the path of a compiled file of facts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BundleCuration } from '../../shared/model/bundle.ts';
import type { Knowledge } from '../policy/packages/facts.ts';
import type { CompiledAdvisory } from './compiled-facts.ts';
import { compiledHead } from './compiled-facts.ts';
import { defaultNames } from './default-names.ts';
import { Advisories, CuratedKnowledge } from './knowledge.ts';

/** Where compiled facts stand, and what their file must be. */
export type FactsFile = {
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
};
export type KnowledgeData = { readonly curation: BundleCuration; readonly facts: FactsFile | undefined };

/** Nothing at all. */
export const noKnowledge: Knowledge = new CuratedKnowledge(new Advisories([], []), {});

/**
 * A file that is gone or another one is not the same as no facts, about which rules say what that means: what asks for
 * them cannot be judged, and is denied.
 */
export function knowledgeOf({ curation, facts }: KnowledgeData): Knowledge {
  return new CuratedKnowledge(advisoriesOf(facts), curation, defaultNames);
}

/** Kept between two changes of curation: reading it again costs some 100 ms. */
let last: { readonly sha256: string; readonly advisories: Advisories } | undefined;

function advisoriesOf(facts: FactsFile | undefined): Advisories {
  if (facts === undefined) return new Advisories([], []);
  if (last?.sha256 === facts.sha256) return last.advisories;
  const advisories = readCompiled(facts);
  // The same file may be there again at the next change.
  if (advisories.isReadable) last = { sha256: facts.sha256, advisories };
  return advisories;
}

/** Reads a compiled file. One that is not what it should be is not readable. */
export function readCompiled({ path, sha256 }: FactsFile): Advisories {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return Advisories.unreadable();
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return Advisories.unreadable();
  const [first = '', ...lines] = bytes.toString('utf8').split('\n');
  const head = compiledHead.safeParse(parsed(first)).data;
  if (head === undefined) return Advisories.unreadable();
  // Ours, checked by its hash: the form of each line is checked where it is written.
  const advisories = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as CompiledAdvisory]));
  return new Advisories(head.ecosystems, advisories, head.lists, head.isPartial === true);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
