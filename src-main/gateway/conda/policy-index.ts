/**
 * Index documents of conda channels under policies, and verdicts about their files. Invariant: where policies speak, only
 * what they leave is served; a document that nothing here can filter is not served at all; a file is sent only if the
 * index of its subdir, as these policies leave it, allows it, or where it stands in no index, its name alone does.
 */
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { Documents } from '../documents/documents.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import type { SpokenPackage } from '../documents/spoken-files.ts';
import type { PolicyScope, ServedChannel } from '../types.ts';
import type { Coding } from '../documents/codings.ts';
import type { CondaIndex } from './conda-index.ts';
import { keptCoding } from './conda-index.ts';
import type { CondaFactsResult } from './name-facts.ts';
import type { CondaPolicyResult } from './policy-filter.ts';
import { factsOfFilename } from './record-facts.ts';

export type Asked = {
  readonly documents: Documents;
  readonly channel: ServedChannel;
  readonly nowMs: number;
};

/**
 * What is left of an index; made once for all who ask under the same policies.
 * @param segments of the document, without `.zst`
 */
export function formOf(
  { documents, channel, nowMs }: Asked,
  segments: readonly string[],
  scope: PolicyScope,
  index: CondaIndex,
  coding: Coding,
): PolicyForm<CondaPolicyResult> | Promise<PolicyForm<CondaPolicyResult>> {
  const [subdir = '', name = ''] = segments;
  return index.forms.get(scope.key, nowMs, async (onGrow) => {
    const job = {
      type: 'policy-conda',
      channelId: channel.id,
      subdir,
      policies: scope.policies,
      scopeKey: scope.tag,
      knowledgeVersion: documents.threads.knowledgeVersion,
      nowMs,
      ...documents.sights.of(channel, subdir, name),
    } as const;
    const wanted = coding === 'identity' ? keptCoding : coding;
    const made = await documents.underPolicies(channel.id, index.document, job, wanted, onGrow);
    await documents.sights.keep(channel, subdir, name, made.result.sights, nowMs);
    const { unknown } = made.result;
    const drops = unknown === 0 ? {} : { 'unknown-record': unknown };
    documents.health.dropped(channel.id, `policies ${segments.join('/')}`, drops);
    return made;
  });
}

/** What an index says about all files of a name. */
export async function nameFacts(
  { documents, channel }: Asked,
  subdir: string,
  index: CondaIndex | undefined,
  name: string,
): Promise<CondaFactsResult> {
  if (index === undefined) return { digest: '', facts: [], removed: [] };
  const { sights } = documents.sights.of(channel, subdir, 'repodata.json');
  return await index.names.get(name, async () => {
    const job = { type: 'conda-facts', channelId: channel.id, subdir, name, sights } as const;
    const read = await documents.underPolicies(channel.id, index.document, job, 'identity', () => {});
    return read.result;
  });
}

/**
 * What policies say to one file; undefined: nothing.
 * @param segments of the file
 * @param index of the file's subdir; undefined where there is none
 */
export async function judgeFile(
  asked: Asked,
  segments: readonly string[],
  scope: PolicyScope,
  index: CondaIndex | undefined,
): Promise<SpokenPackage | undefined> {
  const [subdir = '', filename = ''] = segments;
  if (index !== undefined) {
    const form = await formOf(asked, [subdir, 'repodata.json'], scope, index, keptCoding);
    const spoken = form.spoken.get(filename);
    if (spoken !== undefined || form.allowed.has(filename)) return spoken;
  }
  // In no index, or one of very many that are denied.
  const facts = await factsOfFile(asked, segments, index);
  const [[verdict] = []] = await asked.documents.judge([scope.policies], [facts], asked.nowMs);
  if (verdict === undefined) throw new Error('No verdict.');
  if (verdict.reasons.length === 0) return undefined;
  const { name, version } = facts;
  return { filename, name, version, isHidden: verdict.style === 'hide', reasons: verdict.reasons };
}

async function factsOfFile(
  asked: Asked,
  [subdir = '', filename = '']: readonly string[],
  index: CondaIndex | undefined,
): Promise<PackageFacts> {
  const place = { channelId: asked.channel.id, subdir };
  const byName = factsOfFilename(filename, place);
  if (byName === undefined) {
    // A name without version and build: nobody installs it.
    return {
      ecosystem: 'conda',
      ...place,
      name: filename,
      version: '',
      filename,
      kind: 'unlisted',
      platforms: [subdir],
    };
  }
  const { facts, removed } = await nameFacts(asked, subdir, index, byName.name);
  const listed = facts.find((known) => known.filename === filename);
  return listed ?? (removed.includes(filename) ? { ...byName, isRemoved: true } : byName);
}
