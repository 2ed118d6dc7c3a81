/**
 * What channels have of one package, and what policies say to it: for people who ask, not for clients. Nothing is sent or
 * recorded. Indexes that are not there, or that cannot be read now, count as empty.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { ChannelId, EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PackageFacts } from '../policy/packages/facts.ts';
import type { Verdict } from '../policy/packages/judge.ts';
import type { Documents } from './documents/documents.ts';
import type { About } from './documents/worker.ts';
import { satisfiableRules, verdictWithNeeds } from './index-store/satisfy-rows.ts';
import { asksLicenses } from './policy-scope.ts';
import type { BundleTables } from './tables.ts';
import type { ServedChannel } from './types.ts';
import { UpstreamError } from './types.ts';
import { nearest, newestFirst } from './versions.ts';

export type ExplainScope = { readonly teamId: TeamId; readonly environmentId: EnvironmentId };
export type ExplainQuestion = {
  readonly ecosystem: Ecosystem;
  readonly channelIds: readonly ChannelId[];
  /** Normalised. */
  readonly name: string;
  /** Absent: the newest. */
  readonly version?: string | undefined;
  readonly scopes: readonly ExplainScope[];
};
export type ExplainedFile = {
  readonly facts: PackageFacts;
  /** One for each scope, in their order. */
  readonly verdicts: readonly Verdict[];
};
export type ExplainAnswer = About & {
  /** The one that was asked about; undefined where no channel has any. */
  readonly version: string | undefined;
  /** Newest first. */
  readonly versions: readonly string[];
  readonly channels: readonly { readonly channelId: ChannelId; readonly files: readonly ExplainedFile[] }[];
  /** For each scope: the version nearest to this one that is allowed. */
  readonly nearestAllowed: readonly (string | undefined)[];
  /** For each scope: versions of which no file is allowed, with the verdict about the first; newest first. */
  readonly denied: readonly (readonly { readonly version: string; readonly verdict: Verdict }[])[];
};

/** What a format's handler says about a package, whatever policies say. */
export type PackageLookup = (
  channel: ServedChannel,
  name: string,
  headers: IncomingHttpHeaders,
  wanted: LookFor,
) => Promise<readonly PackageFacts[]>;
export type LookFor = {
  /** undefined: the newest. */
  readonly version: string | undefined;
  /** Somebody's policies ask for the licence of this version, which an index may not say. */
  readonly wantsLicense: boolean;
};

export type ExplainDeps = {
  readonly tables: BundleTables;
  readonly documents: Documents;
  readonly lookups: Readonly<Record<Ecosystem, PackageLookup>>;
  readonly now: () => number;
  /**
   * By subdir and file of a name in a channel of conda: what it needs, of which the policies of a scope leave nothing.
   * @throws UpstreamError
   */
  readonly needs: (
    channel: ServedChannel,
    scope: ExplainScope,
    name: string,
  ) => Promise<ReadonlyMap<string, string>>;
};

/** @throws nothing that an upstream did */
export async function explainPackage(deps: ExplainDeps, asked: ExplainQuestion): Promise<ExplainAnswer> {
  const { tables, documents } = deps;
  const sets = asked.scopes.map(
    ({ teamId, environmentId }) => tables.policies?.forScope(teamId, environmentId) ?? [],
  );
  const wantsLicense = sets.some((policies) => asksLicenses({ policies }));
  const found = await Promise.all(asked.channelIds.map((id) => factsOf(deps, id, asked, wantsLicense)));
  const all = found.flatMap(({ facts }) => facts);
  const versions = newestFirst(asked.ecosystem, all);
  const version = asked.version ?? versions[0];
  const { ecosystem, name } = asked;
  const [judged, about] = await Promise.all([
    documents.judge(sets, all, deps.now()),
    version === undefined ? { advisories: [], labels: [] } : documents.about({ ecosystem, name, version }),
  ]);
  const verdicts = await Promise.all(
    judged.map((ofSet, index) => withNeeded(deps, asked, index, sets[index] ?? [], all, ofSet)),
  );
  const place = new Map(all.map((facts, index) => [facts, index]));
  const verdictsOf = (facts: PackageFacts): Verdict[] =>
    verdicts.flatMap((ofSet) => ofSet[place.get(facts) ?? -1] ?? []);
  return {
    ...about,
    version,
    versions,
    channels: found.map(({ channelId, facts }) => ({
      channelId,
      files: facts
        .filter((file) => file.version === version)
        .map((file) => ({ facts: file, verdicts: verdictsOf(file) })),
    })),
    nearestAllowed: verdicts.map((ofSet) => nearest(versions, version, allowedOf(all, ofSet))),
    denied: verdicts.map((ofSet) => deniedOf(all, versions, ofSet)),
  };
}

const allowedOf = (all: readonly PackageFacts[], verdicts: readonly Verdict[]): ReadonlySet<string> =>
  new Set(all.flatMap(({ version }, index) => (verdicts[index]?.effect === 'allow' ? [version] : [])));

function deniedOf(
  all: readonly PackageFacts[],
  versions: readonly string[],
  verdicts: readonly Verdict[],
): ExplainAnswer['denied'][number] {
  const allowed = allowedOf(all, verdicts);
  const first = new Map<string, Verdict>();
  for (const [index, { version }] of all.entries()) {
    const verdict = verdicts[index];
    if (verdict !== undefined && !first.has(version)) first.set(version, verdict);
  }
  return versions.flatMap((version) => {
    const verdict = first.get(version);
    return allowed.has(version) || verdict === undefined ? [] : [{ version, verdict }];
  });
}

/** Verdicts of one scope, with what only the index as a whole says. */
async function withNeeded(
  { tables, needs }: ExplainDeps,
  { ecosystem, channelIds, name, scopes }: ExplainQuestion,
  index: number,
  policies: readonly Policy[],
  all: readonly PackageFacts[],
  verdicts: readonly Verdict[],
): Promise<readonly Verdict[]> {
  const scope = scopes[index];
  if (ecosystem !== 'conda' || scope === undefined || satisfiableRules(policies).length === 0)
    return verdicts;
  const found = new Map<string, string>();
  await Promise.all(
    channelIds.map(async (id) => {
      const channel = tables.channel(id);
      if (channel?.kind !== ecosystem || channel.problem !== undefined) return;
      try {
        for (const [file, needed] of await needs(channel, scope, name)) found.set(`${id}/${file}`, needed);
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
      }
    }),
  );
  return verdicts.map((verdict, at) => {
    const { channelId, platforms: [subdir] = [], filename } = all[at] ?? {};
    const needed = found.get(`${channelId ?? ''}/${subdir ?? ''}/${filename ?? ''}`);
    return needed === undefined ? verdict : verdictWithNeeds(verdict, needed, policies);
  });
}

async function factsOf(
  { tables, lookups }: ExplainDeps,
  channelId: ChannelId,
  { ecosystem, name, version }: ExplainQuestion,
  wantsLicense: boolean,
): Promise<{ readonly channelId: ChannelId; readonly facts: readonly PackageFacts[] }> {
  const channel = tables.channel(channelId);
  if (channel === undefined || channel.problem !== undefined || channel.kind !== ecosystem)
    return { channelId, facts: [] };
  try {
    return { channelId, facts: await lookups[ecosystem](channel, name, {}, { version, wantsLicense }) };
  } catch (error) {
    if (error instanceof UpstreamError) return { channelId, facts: [] };
    throw error;
  }
}
