/** Compiled advisories as rows of a list: loaded in slices, so that the event loop turns, and kept while they are asked for. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { packageName } from '../../shared/model/packages.ts';
import type { AffectedPackage } from '../curation/advisory.ts';
import type { CompiledAdvisory } from '../curation/compiled-facts.ts';
import type { FactsFile } from '../curation/knowledge-data.ts';
import { readIfThere } from '../disk/read-file.ts';

/** One advisory and one package that it is about. */
export type AdvisoryEntry = {
  readonly advisory: CompiledAdvisory;
  readonly affected: AffectedPackage;
  /** All by which it is looked for, in lower case. */
  readonly text: string;
};

/** Of every feed together (feeds/bounds.ts). */
const maxBytes = 1024 * 1024 * 1024;
const linesPerTurn = 500;

export class AdvisoryList {
  #sha256: string | undefined;
  #entries: Promise<readonly AdvisoryEntry[]> | undefined;

  /** Worst first. A file that is not what it should be has none. */
  of(facts: FactsFile | undefined): Promise<readonly AdvisoryEntry[]> {
    if (facts === undefined) return Promise.resolve([]);
    if (this.#sha256 !== facts.sha256 || this.#entries === undefined) {
      this.#sha256 = facts.sha256;
      this.#entries = load(facts);
    }
    return this.#entries;
  }

  forget(): void {
    this.#entries = undefined;
  }
}

async function load({ path, sha256 }: FactsFile): Promise<readonly AdvisoryEntry[]> {
  const bytes = await readIfThere(path, { maxBytes });
  if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256) return [];
  const entries: AdvisoryEntry[] = [];
  let count = 0;
  // The first line is the head.
  for (let from = bytes.indexOf(0x0a) + 1; from > 0 && from < bytes.length;) {
    const end = bytes.indexOf(0x0a, from);
    const line = bytes.toString('utf8', from, end === -1 ? bytes.length : end);
    from = end === -1 ? bytes.length : end + 1;
    // Ours, checked by its hash.
    if (line !== '') entries.push(...entriesOf(JSON.parse(line) as CompiledAdvisory));
    count += 1;
    if (count % linesPerTurn === 0) await nextTurn();
  }
  return entries.toSorted(worstFirst);
}

function entriesOf(advisory: CompiledAdvisory): AdvisoryEntry[] {
  const byPackage = new Map<string, AffectedPackage>();
  for (const one of advisory.affected) {
    // What is no name of a package no package has.
    if (!packageName.safeParse(one.name).success) continue;
    const key = `${one.ecosystem} ${one.name}`;
    const before = byPackage.get(key);
    byPackage.set(
      key,
      before === undefined
        ? one
        : {
            ...one,
            versions: [...new Set([...before.versions, ...one.versions])],
            ranges: [...before.ranges, ...one.ranges],
          },
    );
  }
  return [...byPackage.values()].map((affected) => ({
    advisory,
    affected,
    text: `${advisory.ids.join(' ')} ${affected.name} ${advisory.summary}`.toLowerCase(),
  }));
}

function worstFirst({ advisory: a }: AdvisoryEntry, { advisory: b }: AdvisoryEntry): number {
  return (
    Number(b.isMalware) - Number(a.isMalware) ||
    Number(b.isExploited) - Number(a.isExploited) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    (b.publishedAtMs ?? 0) - (a.publishedAtMs ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}
