/** Makes one file of the records of all feeds: what gateways and app judge by. */
import { createHash } from 'node:crypto';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import { replaceFileByPieces } from '../../disk/write-file.ts';
import type { Advisory, AffectedPackage } from '../advisory.ts';
import type { CompiledAdvisory, CompiledHead, FactsCount } from '../compiled-facts.ts';
import { bestKnownId, compiledFormat } from '../compiled-facts.ts';
import type { AdvisoryGroup } from '../groups.ts';
import { groupAdvisories } from '../groups.ts';
import type { FeedKind } from './readers.ts';
import { keptRecords } from './records.ts';
import { isWhole } from './whole-records.ts';

export type KeptRecords = {
  readonly name: string;
  readonly kind: FeedKind;
  readonly path: string;
  /** Of the file, hex. */
  readonly sha256: string | undefined;
};
export type CompileJob = {
  readonly feeds: readonly KeptRecords[];
  /** Feeds whose records were found damaged before, and were not read again yet. */
  readonly lacking?: readonly Pick<KeptRecords, 'name' | 'kind'>[];
  /** Where the file goes: replaced. */
  readonly toPath: string;
};
export type Compiled = {
  /** Of the file, hex. */
  readonly sha256: string;
  readonly counts: readonly FactsCount[];
  /** Names of feeds whose records are not what was written: none of them is used. */
  readonly damaged: readonly string[];
};

/** @throws LatchkeyError of the disk */
export async function compileFacts({ feeds, lacking = [], toPath }: CompileJob): Promise<Compiled> {
  const damaged: string[] = [];
  const lost = new Set(lacking.map(({ kind }) => kind));
  const advisories: Advisory[] = [];
  const feedOf = new Map<Advisory, string>();
  const exploited = new Set<string>();
  const epss = new Map<string, number>();
  for (const { name, kind, path, sha256 } of feeds) {
    if (!(await isWhole(path, sha256))) {
      damaged.push(name);
      lost.add(kind);
      continue;
    }
    for await (const { id, value, isWithdrawn } of keptRecords(path)) {
      if (isWithdrawn === true) continue;
      if (kind === 'kev') exploited.add(id);
      else if (kind === 'epss') epss.set(id, Math.max(epss.get(id) ?? 0, Number(value)));
      else if (kind === 'osv') {
        // Ours: written by readers.ts.
        const advisory = value as Advisory;
        advisories.push(advisory);
        feedOf.set(advisory, name);
      }
    }
  }
  const lists = { exploited, epss, feedOf };
  const compiled = groupAdvisories(advisories)
    .map((group) => compiledOf(group, lists))
    .filter(({ affected }) => affected.length > 0);
  const counts = countsOf(compiled);
  const head: CompiledHead = {
    format: compiledFormat,
    ecosystems: counts.map(({ ecosystem }) => ecosystem),
    advisories: compiled.length,
    // Of a list that is there in part nobody knows what is on it.
    lists: (['kev', 'epss'] as const).filter(
      (list) => feeds.some(({ kind }) => kind === list) && !lost.has(list),
    ),
    ...(lost.has('osv') ? { isPartial: true as const } : {}),
  };
  const hash = createHash('sha256');
  const pieces = function* (): Generator<Buffer> {
    const all = [head, ...compiled];
    for (let at = 0; at < all.length; at += linesPerPiece) {
      const lines = all.slice(at, at + linesPerPiece).map((line) => `${JSON.stringify(line)}\n`);
      const bytes = Buffer.from(lines.join(''), 'utf8');
      hash.update(bytes);
      yield bytes;
    }
  };
  await replaceFileByPieces(toPath, asAsync(pieces()), { mode: 0o600 });
  return { sha256: hash.digest('hex'), counts, damaged };
}

const linesPerPiece = 500;

async function* asAsync<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

type Lists = {
  readonly exploited: ReadonlySet<string>;
  readonly epss: ReadonlyMap<string, number>;
  readonly feedOf: ReadonlyMap<Advisory, string>;
};

function compiledOf({ ids, advisories, isMalware }: AdvisoryGroup, lists: Lists): CompiledAdvisory {
  const score = highest(advisories.map((advisory) => advisory.score));
  const epss = highest(ids.map((id) => lists.epss.get(id)));
  const published = advisories.flatMap(({ publishedMs }) => publishedMs ?? []);
  const feeds = new Set(advisories.map((advisory) => lists.feedOf.get(advisory) ?? ''));
  return {
    id: bestKnownId(ids),
    ids,
    isMalware,
    score,
    isExploited: ids.some((id) => lists.exploited.has(id)),
    epss,
    publishedAtMs: published.length === 0 ? undefined : published.reduce((a, b) => Math.min(a, b)),
    summary: advisories.find(({ summary }) => summary !== undefined)?.summary ?? '',
    feeds: [...feeds].toSorted(),
    affected: eachOnce(advisories.flatMap(({ affected }) => affected)),
  };
}

function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

/** Two databases often say the same of a package. */
function eachOnce(all: readonly AffectedPackage[]): readonly AffectedPackage[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function countsOf(all: readonly CompiledAdvisory[]): readonly FactsCount[] {
  const counts = new Map<Ecosystem, { advisories: number; withoutScore: number; malware: number }>();
  for (const { affected, score, isMalware } of all) {
    for (const ecosystem of new Set(affected.map((one) => one.ecosystem))) {
      const count = counts.get(ecosystem) ?? { advisories: 0, withoutScore: 0, malware: 0 };
      count.advisories += 1;
      count.withoutScore += Number(score === undefined && !isMalware);
      count.malware += Number(isMalware);
      counts.set(ecosystem, count);
    }
  }
  return [...counts]
    .map(([ecosystem, count]) => ({ ecosystem, ...count }))
    .toSorted((a, b) => (a.ecosystem < b.ecosystem ? -1 : 1));
}
