import { isNotModified } from '../conditional.ts';
import type { ChannelRequest, ChannelResponse } from '../types.ts';
import type { Coding } from './codings.ts';
import type { StoredDocument } from './stored-document.ts';

/** What a client is told of a document whose upstream is away (RFC 9111 took the header out, clients know it still). */
export const staleHeader = { warning: '110 latchkey "Response is Stale"' } as const;

/** Longer ones are unpacked on the way for a client that takes no coding: few do, and memory is for what many want. */
const maxUnpackedBytes = 16 * 1024 * 1024;

/**
 * A document as an answer, in the coding that the client wants.
 * @param tagOf its ETag, with quotes, in the coding in which it is sent
 * @param headers lower-case; `vary` must name Accept-Encoding
 * @param isType the coding is what was asked for by name: said by the content type, and not as a content coding
 */
export async function documentResponse(
  request: Pick<ChannelRequest, 'headers'>,
  document: StoredDocument,
  wanted: Coding,
  tagOf: (coding: string) => string,
  isStale: boolean,
  headers: Readonly<Record<string, string>>,
  isType = false,
): Promise<ChannelResponse> {
  const coding = isType ? wanted : document.codingFor(wanted);
  const etag = tagOf(isType ? `as-${coding}` : coding);
  const all = {
    ...headers,
    ...(coding === 'identity' || isType ? {} : { 'content-encoding': coding }),
    ...(isStale ? staleHeader : {}),
  };
  if (coding === 'identity' && document.plainBytes > maxUnpackedBytes && !document.has('identity')) {
    if (isNotModified(request.headers, { etag }))
      return { status: 304, headers: { ...headers, etag }, body: { type: 'none' } };
    const length = String(document.plainBytes);
    return {
      status: 200,
      headers: { ...all, etag, 'content-length': length },
      body: {
        type: 'stream',
        stream: document.unpacked(),
        ...(document.isPacked ? { ownsChunks: true as const } : {}),
      },
    };
  }
  const made = document.form(coding);
  const form = made instanceof Promise ? await made : made;
  const [only, second] = form.pieces;
  return {
    status: 200,
    headers: all,
    body:
      only !== undefined && second === undefined
        ? { type: 'bytes', bytes: only, etag }
        : { type: 'pieces', pieces: form.pieces, length: form.bytes, etag },
  };
}
