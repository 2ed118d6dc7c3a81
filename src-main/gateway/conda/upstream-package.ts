/** A package of a conda channel behind HTTP: passes unchanged, with ranges, and with our content type. */
import { answerWithFile } from '../upstream-file.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { upstreamRefusal } from '../upstream-client.ts';
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
  const answer = await openUpstream({
    url: indexUrl(upstream.url, request.segments),
    method: request.method,
    headers,
    ...(upstream.credentials === undefined ? {} : { credentials: upstream.credentials }),
    credentialsOrigin: new URL(upstream.url).origin,
    clientAgent: request.headers['user-agent'],
    signal: request.signal,
  });
  const refusal = (status: number) => {
    const { status: mapped, reason } = upstreamRefusal(status);
    return new UpstreamError(mapped === 503 ? 503 : 502, reason);
  };
  return answerWithFile(answer, headers, contentType, undefined, refusal) ?? notFound;
}

const notFound: ChannelResponse = { status: 404, reason: 'Not found', headers: {}, body: { type: 'none' } };
