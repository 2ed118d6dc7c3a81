/**
 * Conda channels: decides by the file's name what it is and hands on. Invariant: a name that `names.ts` does not know is
 * not found, from a folder and from an upstream alike.
 */
import type { ExpectedFile } from '../../package-cache/expected-file.ts';
import { findContained } from '../contained-file.ts';
import type { DecisionMemory } from '../decision-memory.ts';
import type { Documents } from '../documents/documents.ts';
import { isSameContent } from '../judged-file.ts';
import type { NearestAllowed } from '../nearest-allowed.ts';
import { observed, packageRefusal } from '../package-refusal.ts';
import { whenJudged } from '../when-judged.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import type { PackageLookup } from '../explain.ts';
import { CondaIndexes } from './index-documents.ts';
import { condaFileOf } from './names.ts';
import { notFound } from './not-found.ts';
import { noticesFor } from './notices.ts';
import { ShardDocuments } from './shards/shard-documents.ts';
import { packageFromUpstream } from './upstream-package.ts';

export type CondaHandler = {
  handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse>;
  /** What all indexes of the channel say about a package. @throws UpstreamError */
  readonly look: PackageLookup;
  /** What policies deny in each of them. @throws UpstreamError */
  readonly denied: CondaIndexes['denied'];
  /** What packages need, of which policies leave nothing. @throws UpstreamError */
  readonly needs: CondaIndexes['needs'];
};

export type CondaHandlerDependencies = {
  readonly openUpstream: OpenUpstream;
  readonly documents: Documents;
  readonly decisions: DecisionMemory;
  readonly nearest: NearestAllowed;
  readonly now: () => number;
};

export function createCondaHandler(deps: CondaHandlerDependencies): CondaHandler {
  const indexes = new CondaIndexes(deps.documents, deps.openUpstream, deps.now);
  const shards = new ShardDocuments(deps.documents, indexes);
  return {
    look: (channel, name, headers) => indexes.look(channel, name.toLowerCase(), headers),
    needs: (channel, request, name) => indexes.needs(channel, request, name.toLowerCase()),
    denied: (channel, request, wanted) => indexes.denied(channel, request, wanted),
    handle(request) {
      const file = condaFileOf(request.segments);
      if (file.kind === 'unknown') return notFound;
      if (file.kind === 'notices') {
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: { type: 'bytes', bytes: noticesFor(request, deps.decisions, deps.now()) },
        };
      }
      if (file.kind === 'shard-index') return shards.index(request);
      if (file.kind === 'shard') return shards.shard(request, file.digest);
      if (file.kind !== 'package') return indexes.answer(request, file.kind === 'zst-index');
      return request.scope.policies.length === 0
        ? answerUnjudged(request, file.contentType, deps, indexes)
        : answerJudged(request, file.contentType, deps, indexes);
    },
  };
}

async function answerUnjudged(
  request: ChannelRequest,
  contentType: string,
  deps: CondaHandlerDependencies,
  indexes: CondaIndexes,
): Promise<ChannelResponse> {
  const isCached = deps.documents.packages !== undefined && request.channel.upstream.type === 'url';
  const expected = isCached ? await indexes.expected(request) : undefined;
  return await answerPackage(request, contentType, deps, expected, indexes);
}

/** Judged before anything is opened or asked for, for GET, HEAD and ranges alike. */
async function answerJudged(
  request: ChannelRequest,
  contentType: string,
  deps: CondaHandlerDependencies,
  indexes: CondaIndexes,
): Promise<ChannelResponse> {
  return await whenJudged(request, {
    judge: () => indexes.judge(request),
    open: (judged) => answerPackage(request, contentType, deps, judged.expected, indexes),
    // Another file may have taken its name meanwhile, with the same verdict.
    isSame: isSameContent,
    refuse: async (spoken) => {
      const [subdir = ''] = request.segments;
      const look = () => indexes.namesakes(request, spoken.name);
      const near = await deps.nearest.of(request, 'conda', subdir, spoken, look);
      return packageRefusal(request, 'conda', spoken, deps.decisions, deps.now(), near);
    },
    send: (response, judged) => observed(request, response, judged, deps.decisions, deps.now()),
  });
}

async function answerPackage(
  request: ChannelRequest,
  contentType: string,
  deps: CondaHandlerDependencies,
  expected: ExpectedFile | undefined,
  indexes: CondaIndexes,
): Promise<ChannelResponse> {
  await request.turn();
  const { upstream } = request.channel;
  return upstream.type === 'url'
    ? await packageFromUpstream(request, contentType, deps, expected, () => indexes.lookAgain(request))
    : await packageFromFolder(upstream.path, request.segments, contentType);
}

async function packageFromFolder(
  folder: string,
  segments: readonly string[],
  contentType: string,
): Promise<ChannelResponse> {
  const found = await findContained(folder, segments);
  if (found === undefined) return notFound;
  return { status: 200, headers: { 'content-type': contentType }, body: { type: 'file', ...found } };
}
