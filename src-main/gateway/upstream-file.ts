/**
 * Passes a package file of an upstream through. Invariant: what a client gets is what it asked for or an error: a part
 * that nobody asked for, a coding that nobody wanted and a body that ends early never arrive as the whole file.
 */
import { pipeline } from 'node:stream';
import { decoderOf } from './documents/codings.ts';
import type { ChannelResponse, UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';

/** Of the upstream's answer with a file. */
const passedBack = ['accept-ranges', 'content-length', 'content-range', 'etag', 'last-modified'] as const;

/**
 * @param asked the headers that the upstream was asked with
 * @param sizeBytes of the whole file, as its page says
 * @returns undefined if the file is gone
 * @throws UpstreamError
 */
export function answerWithFile(
  response: UpstreamResponse,
  asked: Readonly<Record<string, string>>,
  contentType: string,
  sizeBytes: number | undefined,
  refusal: (response: UpstreamResponse) => UpstreamError,
): ChannelResponse | undefined {
  const { status } = response;
  const headers: Record<string, string> = {};
  for (const name of passedBack) {
    const value = response.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const isRange = asked['range'] !== undefined;
  const isConditional = asked['if-none-match'] !== undefined || asked['if-modified-since'] !== undefined;
  if (status === 200 || (status === 206 && isRange))
    return withBody(response, headers, contentType, sizeBytes);
  response.body.destroy();
  if (status === 304 && isConditional) {
    delete headers['content-length'];
    return { status, headers, body: { type: 'none' } };
  }
  if (status === 416 && isRange) {
    const range = headers['content-range'];
    return { status, headers: range === undefined ? {} : { 'content-range': range }, body: { type: 'none' } };
  }
  if (status === 404 || status === 410) return undefined;
  throw refusal(response);
}

function withBody(
  { status, headers: given, body }: UpstreamResponse,
  headers: Record<string, string>,
  contentType: string,
  sizeBytes: number | undefined,
): ChannelResponse {
  const type = given['content-type'] ?? '';
  headers['content-type'] = status === 206 && type.startsWith('multipart/byteranges') ? type : contentType;
  const coding = given['content-encoding']?.trim().toLowerCase() ?? 'identity';
  // Without a length the end of the connection is the end of the file, wherever it comes.
  const expected = status === 200 && given['content-length'] === undefined ? sizeBytes : undefined;
  if (coding === 'identity') {
    const more = expected === undefined ? {} : { expectedBytes: expected };
    return { status, headers, body: { type: 'stream', stream: body, ownsChunks: true, ...more } };
  }
  if (status !== 200) {
    body.destroy();
    throw new UpstreamError(502, 'Upstream sent a part of a file in a content coding');
  }
  // Neither the length nor the tag is that of the file itself.
  delete headers['content-length'];
  delete headers['etag'];
  delete headers['accept-ranges'];
  const more = sizeBytes === undefined ? {} : { expectedBytes: sizeBytes };
  return { status, headers, body: { type: 'stream', stream: undo(coding, body), ...more } };
}

function undo(coding: string, body: UpstreamResponse['body']) {
  try {
    const decoder = decoderOf(coding);
    // The decoder's own error event ends the answer.
    return decoder === undefined ? body : pipeline(body, decoder, () => undefined);
  } catch (error) {
    body.destroy();
    throw new UpstreamError(502, 'Upstream sent a file in an unknown content coding', { cause: error });
  }
}
