/**
 * Passes a package file of an upstream through. Invariant: what a client gets is what it asked for or an error: a part
 * that nobody asked for, a coding that nobody wanted, a page for people and a body that ends early never arrive as the
 * whole file.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { decoderOf } from './documents/codings.ts';
import { endCheckFor } from './file-end.ts';
import { isPage, opened } from './page-for-people.ts';
import { partOf } from './range-answer.ts';
import type { ChannelResponse, UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** Of the upstream's answer with a file. */
const passedBack = ['accept-ranges', 'content-length', 'content-range', 'etag', 'last-modified'] as const;

export type FileRequest = {
  readonly filename: string;
  readonly method: 'GET' | 'HEAD';
  /** What the upstream is asked with. */
  readonly headers: Readonly<Record<string, string>>;
  readonly open: (method: 'GET' | 'HEAD') => Promise<UpstreamResponse>;
  readonly contentType: string;
  /** Of the whole file, as its page says. */
  readonly sizeBytes: number | undefined;
  readonly refusal: (response: UpstreamResponse) => UpstreamError;
};

/**
 * @returns undefined if the file is gone
 * @throws UpstreamError
 */
export async function fileFromUpstream(asked: FileRequest): Promise<ChannelResponse | undefined> {
  const response = await asked.open(asked.method);
  const { status } = response;
  const headers: Record<string, string> = {};
  for (const name of passedBack) {
    const value = response.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const { range } = asked.headers;
  const isConditional =
    asked.headers['if-none-match'] !== undefined || asked.headers['if-modified-since'] !== undefined;
  if (status === 200) return await wholeFile(asked, response, headers);
  if (status === 206 && range !== undefined) return part(range, response, headers, asked.contentType);
  response.body.destroy();
  if (status === 304 && isConditional) {
    delete headers['content-length'];
    return { status, headers, body: { type: 'none' } };
  }
  if (status === 416 && range !== undefined) {
    const given = headers['content-range'];
    return { status, headers: given === undefined ? {} : { 'content-range': given }, body: { type: 'none' } };
  }
  if (status === 404 || status === 410) return undefined;
  throw asked.refusal(response);
}

const codingOf = ({ headers }: UpstreamResponse): string =>
  headers['content-encoding']?.trim().toLowerCase() ?? 'identity';

/** The file as it is; the body itself where nothing had to be undone. */
function decodedBody(response: UpstreamResponse): UpstreamResponse['body'] {
  const coding = codingOf(response);
  return coding === 'identity' ? response.body : undo(coding, response.body);
}

async function wholeFile(
  asked: FileRequest,
  response: UpstreamResponse,
  headers: Record<string, string>,
): Promise<ChannelResponse> {
  const { filename, sizeBytes } = asked;
  headers['content-type'] = asked.contentType;
  // Of no whole file.
  delete headers['content-range'];
  const coding = codingOf(response);
  let stream = decodedBody(response);
  if (coding !== 'identity') {
    // Neither the length nor the tag is that of the file itself.
    delete headers['content-length'];
    delete headers['etag'];
    delete headers['accept-ranges'];
  }
  if (isPage(response)) {
    if (asked.method === 'HEAD') {
      const got = await asked.open('GET');
      // What is refused to GET alone, GET is told.
      if (got.status === 200) (await opened(decodedBody(got))).destroy();
      else got.body.destroy();
    } else stream = await opened(stream);
  }
  const isUntouched = stream === response.body;
  const isLengthKnown = headers['content-length'] !== undefined;
  if (!isLengthKnown && sizeBytes === undefined && coding === 'identity' && response.endsWithConnection) {
    const check = endCheckFor(filename);
    // The check's own error event ends the answer.
    if (check !== undefined) stream = pipeline(stream, check, () => undefined);
    return { status: 200, headers, body: { type: 'stream', stream } };
  }
  return {
    status: 200,
    headers,
    body: {
      type: 'stream',
      stream,
      ...(isUntouched ? { ownsChunks: true as const } : {}),
      // Without a length the end of the connection is the end of the file, wherever it comes.
      ...(isLengthKnown || sizeBytes === undefined ? {} : { expectedBytes: sizeBytes }),
    },
  };
}

function part(
  range: string,
  response: UpstreamResponse,
  headers: Record<string, string>,
  contentType: string,
): ChannelResponse {
  const { body } = response;
  const refuse = (reason: string): never => {
    body.destroy();
    throw new UpstreamError(502, reason, { isOfPath: true });
  };
  if ((response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity') !== 'identity')
    refuse(words.partCoded);
  const type = response.headers['content-type'] ?? '';
  const isSeveral = type.startsWith('multipart/byteranges') && range.includes(',');
  if (isSeveral) {
    const stream = { type: 'stream', stream: body, ownsChunks: true } as const;
    return { status: 206, headers: { ...headers, 'content-type': type }, body: stream };
  }
  const given = partOf(range, headers['content-range']);
  const length = headers['content-length'];
  if (given === undefined || (length !== undefined && Number(length) !== given.bytes))
    return refuse(words.otherPart);
  return {
    status: 206,
    headers: { ...headers, 'content-type': contentType },
    body: { type: 'stream', stream: body, ownsChunks: true, expectedBytes: given.bytes },
  };
}

function undo(coding: string, body: Readable): Readable {
  try {
    const decoder = decoderOf(coding);
    // The decoder's own error event ends the answer.
    return decoder === undefined ? body : pipeline(body, decoder, () => undefined);
  } catch (error) {
    body.destroy();
    throw new UpstreamError(502, words.unknownFileCoding, {
      cause: error,
      isOfPath: true,
    });
  }
}
