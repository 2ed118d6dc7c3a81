/**
 * Conda channels: decides by the file's name what it is and hands on. Invariant: a name that `names.ts` does not know is
 * not found, from a folder and from an upstream alike.
 */
import { findContained } from '../contained-file.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { FolderIndexes } from './folder-index.ts';
import type { CondaFile } from './names.ts';
import { condaFileOf } from './names.ts';
import { noticesFor } from './notices.ts';
import { answerFromUpstream } from './upstream-channel.ts';

export type CondaHandler = {
  handle(request: ChannelRequest): ChannelResponse | Promise<ChannelResponse>;
};

const notFound: ChannelResponse = { status: 404, reason: 'Not found', headers: {}, body: { type: 'none' } };

export function createCondaHandler(deps: {
  readonly openUpstream: OpenUpstream;
  readonly now: () => number;
}): CondaHandler {
  const indexes = new FolderIndexes();
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
      const { upstream } = request.channel;
      if (upstream.type === 'url') return answerFromUpstream(request, file, deps.openUpstream);
      return file.kind === 'package'
        ? packageFromFolder(upstream.path, request.segments, file)
        : indexes.answer(upstream.path, request.segments);
    },
  };
}

async function packageFromFolder(
  folder: string,
  segments: readonly string[],
  file: Extract<CondaFile, { kind: 'package' }>,
): Promise<ChannelResponse> {
  const found = await findContained(folder, segments);
  if (found === undefined) return notFound;
  return { status: 200, headers: { 'content-type': file.contentType }, body: { type: 'file', ...found } };
}
