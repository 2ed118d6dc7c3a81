/**
 * Conda channels: decides by the file's name what it is and hands on. Invariant: a name that `names.ts` does not know is
 * not found, from a folder and from an upstream alike.
 */
import { findContained } from '../contained-file.ts';
import type { Documents } from '../documents/documents.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { CondaIndexes } from './index-documents.ts';
import { condaFileOf } from './names.ts';
import { notFound } from './not-found.ts';
import { noticesFor } from './notices.ts';
import { packageFromUpstream } from './upstream-package.ts';

export type CondaHandler = {
  handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse>;
};

export type CondaHandlerDependencies = {
  readonly openUpstream: OpenUpstream;
  readonly documents: Documents;
  readonly now: () => number;
};

export function createCondaHandler(deps: CondaHandlerDependencies): CondaHandler {
  const indexes = new CondaIndexes(deps.documents, deps.openUpstream);
  return {
    handle(request) {
      const file = condaFileOf(request.segments);
      if (file.kind === 'unknown') return notFound;
      if (file.kind === 'notices') {
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: { type: 'bytes', bytes: noticesFor(request.token, deps.now()) },
        };
      }
      if (file.kind !== 'package') return indexes.answer(request, file.kind === 'zst-index');
      return answerPackage(request, file.contentType, deps);
    },
  };
}

async function answerPackage(
  request: ChannelRequest,
  contentType: string,
  { documents, openUpstream }: CondaHandlerDependencies,
): Promise<ChannelResponse> {
  await request.turn();
  const { id, upstream } = request.channel;
  return upstream.type === 'url'
    ? await documents.health.watchDownload(id, request.segments.join('/'), () =>
        packageFromUpstream(request, contentType, openUpstream),
      )
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
