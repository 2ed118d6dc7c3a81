/**
 * Conda channels: decides by the file's name what it is and hands on. Invariant: a name that `names.ts` does not know is
 * not found, from a folder and from an upstream alike.
 */
import { findContained } from '../contained-file.ts';
import type { Documents } from '../documents/documents.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { CondaIndexes } from './index-documents.ts';
import { condaFileOf } from './names.ts';
import { noticesFor } from './notices.ts';
import { packageFromUpstream } from './upstream-package.ts';

export type CondaHandler = {
  handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse>;
};

const notFound: ChannelResponse = { status: 404, reason: 'Not found', headers: {}, body: { type: 'none' } };

export function createCondaHandler(deps: {
  readonly openUpstream: OpenUpstream;
  readonly documents: Documents;
  readonly now: () => number;
}): CondaHandler {
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
      const { upstream } = request.channel;
      return upstream.type === 'url'
        ? deps.documents.health.watch(request.channel.id, request.segments.join('/'), () =>
            packageFromUpstream(request, file.contentType, deps.openUpstream),
          )
        : packageFromFolder(upstream.path, request.segments, file.contentType);
    },
  };
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
