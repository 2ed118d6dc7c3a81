/** A package of a conda channel behind HTTP: passes unchanged, with ranges, and with our content type. */
import { accessOf } from '../upstream-access.ts';
import { fileFromUpstream } from '../upstream-file.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { refusedBy } from '../upstream-refusal.ts';
import { notFound } from './not-found.ts';
import { indexUrl } from './upstream-index.ts';

/** Of the client's request. */
const passedOn = ['range', 'if-range', 'if-none-match', 'if-modified-since'] as const;

/** @throws UpstreamError */
export async function packageFromUpstream(
  request: ChannelRequest,
  contentType: string,
  openUpstream: OpenUpstream,
): Promise<ChannelResponse> {
  const { upstream } = request.channel;
  if (upstream.type !== 'url') return notFound;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const answer = await fileFromUpstream({
    filename: request.segments.at(-1) ?? '',
    method: request.method,
    headers,
    open: (method) =>
      openUpstream({
        url: indexUrl(upstream.url, request.segments),
        method,
        headers,
        ...accessOf(upstream),
        clientAgent: request.headers['user-agent'],
        signal: request.signal,
      }),
    contentType,
    sizeBytes: undefined,
    refusal: refusedBy,
  });
  return answer ?? notFound;
}
