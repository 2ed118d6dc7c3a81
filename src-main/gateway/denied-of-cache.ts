/**
 * Which files of the cache nobody may have: those that the policies of every team in every environment deny, at every place
 * that they are served at. By what stands beside a file in the cache, which is less than its index says: it decides what
 * goes first, and about no request.
 */
import type { FileSource } from '../package-cache/about-file.ts';
import type { KeptEntry } from '../package-cache/kept-files.ts';
import type { DeniedOf } from '../package-cache/eviction.ts';
import type { Rule } from '../../shared/model/decision.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PackageFacts } from '../policy/packages/facts.ts';
import type { Documents } from './documents/documents.ts';
import type { BundleTables } from './tables.ts';

/** Rules that need no more than stands beside a file: not its age, its licence or what its index says of it. */
const byName: ReadonlySet<Rule> = new Set<Rule>([
  'package.channel',
  'package.not-listed',
  'package.listed',
  'package.vulnerable',
  'package.malware',
  'package.sdist',
  'package.label-missing',
  'package.label-denied',
  'package.namespace',
]);
/** Judged in one turn of a worker. */
const batch = 500;

type Deps = { readonly tables: BundleTables; readonly documents: Documents; readonly now: () => number };

/** By the policies as they are now. @returns undefined where nothing is denied to all: nothing need be read then */
export function deniedOfCache(deps: Deps): DeniedOf | undefined {
  const sets = policySets(deps.tables);
  return sets && ((entries) => deniedBy(sets, deps, entries));
}

async function deniedBy(
  sets: readonly (readonly Policy[])[],
  { tables, documents, now }: Deps,
  entries: readonly KeptEntry[],
): Promise<ReadonlySet<string>> {
  const denied = new Set<string>();
  const allowed = new Set<string>();
  const places = entries.flatMap(({ sha256, about }) =>
    (about?.sources ?? []).flatMap((source) => {
      // Of a channel that is gone nobody has anything.
      if (tables.channel(source.channelId as ChannelId) === undefined) return [];
      const facts = factsOf(source);
      if (facts === undefined) allowed.add(sha256);
      return facts === undefined ? [] : [{ sha256, facts }];
    }),
  );
  for (let from = 0; from < places.length; from += batch) {
    const some = places.slice(from, from + batch);
    const facts = some.map((place) => place.facts);
    // oxlint-disable-next-line no-await-in-loop
    const verdicts = await documents.judge(sets, facts, now());
    for (const [index, { sha256 }] of some.entries()) {
      const isDenied = verdicts.every((ofSet) =>
        ofSet[index]?.reasons.some(({ mode, rule }) => mode !== 'observe' && byName.has(rule)),
      );
      (isDenied ? denied : allowed).add(sha256);
    }
  }
  for (const sha256 of allowed) denied.delete(sha256);
  return denied;
}

/** Those that are in force for somebody, each once; undefined where nobody has any, or somebody none. */
function policySets(tables: BundleTables): readonly (readonly Policy[])[] | undefined {
  const bundle = tables.toBundle();
  const { policies } = tables;
  if (bundle === undefined || policies === undefined) return undefined;
  const sets = new Map<string, readonly Policy[]>();
  for (const { id: teamId } of bundle.teams)
    for (const { id: environmentId } of bundle.environments) {
      const set = policies.forScope(teamId, environmentId);
      if (set.length === 0) return undefined;
      sets.set(set.map(({ id }) => id).join(' '), set);
    }
  return sets.size === 0 ? undefined : [...sets.values()];
}

/** undefined where its name says too little. */
function factsOf(source: FileSource): PackageFacts | undefined {
  const { ecosystem, channelId, name, version, filename, path } = source;
  if (name === undefined || version === undefined) return undefined;
  const isWheel = filename.endsWith('.whl');
  return {
    ecosystem,
    channelId: channelId as ChannelId,
    name,
    version,
    filename,
    kind: ecosystem === 'conda' ? 'conda' : isWheel ? 'wheel' : 'sdist',
    platforms: ecosystem === 'conda' ? [path.split('/')[0] ?? ''] : [],
  };
}
