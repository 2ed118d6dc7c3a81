/**
 * Which files of the cache nobody may have: those that the policies of every team in every environment deny. By what stands
 * beside a file in the cache, which is less than its index says: it decides what goes first, and about no request.
 */
import type { KeptEntry } from '../package-cache/cache-folder.ts';
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

export async function deniedOfCache(
  deps: { readonly tables: BundleTables; readonly documents: Documents; readonly now: () => number },
  entries: readonly KeptEntry[],
): Promise<ReadonlySet<string>> {
  const denied = new Set<string>();
  const sets = policySets(deps.tables);
  // Somebody has no policies, or there is nobody: nothing is denied to all.
  if (sets === undefined) return denied;
  const known = entries.flatMap((entry) => {
    const facts = factsOf(entry);
    return facts === undefined ? [] : [{ entry, facts }];
  });
  for (let from = 0; from < known.length; from += batch) {
    const some = known.slice(from, from + batch);
    // oxlint-disable-next-line no-await-in-loop
    const verdicts = await deps.documents.judge(
      sets,
      some.map(({ facts }) => facts),
      deps.now(),
    );
    for (const [index, { entry }] of some.entries()) {
      const isDenied = verdicts.every((ofSet) =>
        ofSet[index]?.reasons.some(({ mode, rule }) => mode !== 'observe' && byName.has(rule)),
      );
      if (isDenied) denied.add(entry.sha256);
    }
  }
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

function factsOf({ about }: KeptEntry): PackageFacts | undefined {
  const source = about?.sources[0];
  if (source?.name === undefined || source.version === undefined) return undefined;
  const { ecosystem, channelId, name, version, filename, path } = source;
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
