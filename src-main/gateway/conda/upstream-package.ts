/** A package of a conda channel behind HTTP: passes unchanged, with our content type, and through the cache. */
import type { ExpectedFile } from '../../package-cache/expected-file.ts';
import { fileThroughCache } from '../cached-file.ts';
import type { Documents } from '../documents/documents.ts';
import { accessOf } from '../upstream-access.ts';
import { fileFromUpstream } from '../upstream-file.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { refusedBy } from '../upstream-refusal.ts';
import { notFound } from './not-found.ts';
import { nameOfFile } from './record-facts.ts';
import { indexUrl } from './upstream-index.ts';

/**
 * @param expected what the index of its subdir says of it
 * @param onWrong told that the upstream has another file
 * @throws UpstreamError
 */
export async function packageFromUpstream(
  request: ChannelRequest,
  contentType: string,
  { openUpstream, documents }: { readonly openUpstream: OpenUpstream; readonly documents: Documents },
  expected: ExpectedFile | undefined,
  onWrong: () => void,
): Promise<ChannelResponse> {
  const { upstream, id: channelId } = request.channel;
  if (upstream.type !== 'url') return notFound;
  const { segments } = request;
  const filename = segments.at(-1) ?? '';
  const named = nameOfFile(filename);
  const answer = await fileThroughCache({
    cache: documents.packages,
    health: documents.health,
    request,
    expected,
    source: {
      channelId,
      path: segments.join('/'),
      ecosystem: 'conda',
      ...(named === undefined ? {} : { name: named.name, version: named.version }),
      filename,
    },
    contentType,
    open: (asked, conditions, signal) => {
      const headers = { 'accept-encoding': 'identity', ...conditions };
      return fileFromUpstream({
        filename,
        method: asked,
        headers,
        open: (method) =>
          openUpstream({
            url: indexUrl(upstream.url, segments),
            method,
            headers,
            ...accessOf(upstream),
            clientAgent: request.headers['user-agent'],
            signal,
          }),
        contentType,
        sizeBytes: undefined,
        refusal: refusedBy,
      });
    },
    onWrong,
  });
  return answer ?? notFound;
}
