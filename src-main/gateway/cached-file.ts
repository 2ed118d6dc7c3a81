/**
 * A package file of an upstream, through the cache where its index says what it is. Invariant: only called for a file that
 * was judged; what is sent has the hash that the index names or breaks off before its end; a part of a file is sent from
 * the checked cache alone. Where nothing says what it is, it passes through as it comes (upstream-file.ts).
 */
import type { Readable } from 'node:stream';
import { texts } from '../../shared/texts/texts.ts';
import { orAborted } from '../base/or-aborted.ts';
import type { FileSource } from '../package-cache/about-file.ts';
import type { ExpectedFile, Incoming } from '../package-cache/expected-file.ts';
import { CacheDiskError, WrongFileError } from '../package-cache/expected-file.ts';
import type { CachedFile } from '../package-cache/cache-types.ts';
import type { PackageCache } from '../package-cache/package-cache.ts';
import { requestedRange } from './conditional.ts';
import type { HealthBook } from './documents/health-book.ts';
import { changedAtMs, fileStamp } from './file-stamp.ts';
import type { ChannelRequest, ChannelResponse } from './types.ts';
import { UpstreamError } from './types.ts';

const words = texts.refusals.upstream;

/** A client that wants a part of a file waits until it is whole: some seconds. */
const maxRangedBytes = 256 * 1024 * 1024;

/** Of the client's request for a file. */
const passedOn = ['range', 'if-range', 'if-none-match', 'if-modified-since'] as const;

export type CachedRequest = {
  readonly cache: PackageCache | undefined;
  readonly health: HealthBook;
  readonly request: ChannelRequest;
  /** What the index says of it. */
  readonly expected: ExpectedFile | undefined;
  readonly source: FileSource;
  readonly contentType: string;
  /**
   * Asks the upstream.
   * @param conditions of the client's request
   * @returns undefined where it has none @throws UpstreamError
   */
  readonly open: (
    method: 'GET' | 'HEAD',
    conditions: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<ChannelResponse | undefined>;
  /** The upstream gave another file than its index names: the index may be another by now. */
  readonly onWrong: () => void;
};

/** @returns undefined where there is none @throws UpstreamError */
export async function fileThroughCache(asked: CachedRequest): Promise<ChannelResponse | undefined> {
  const { cache, health, request, expected, source } = asked;
  const { method, headers, signal } = request;
  const watch = (ask: () => Promise<ChannelResponse | undefined>) =>
    health.watchDownload(request.channel.id, source.path, ask);
  const isKnown = expected?.sha256 !== undefined || expected?.md5 !== undefined;
  if (cache === undefined || cache.maxBytes === 0 || !isKnown)
    return await watch(async () => noted(await asked.open(method, conditionsOf(headers), signal), 'miss'));
  const kept = cache.lately(expected, source) ?? (await cache.open(expected, source));
  if (kept !== undefined) {
    if (method === 'GET') cache.count('hit', headers.range === undefined ? kept.size : 0);
    return fromCache(asked, cache, kept);
  }
  if (method === 'HEAD') return await watch(() => headOf(asked, expected));
  return wantsPart(headers, expected)
    ? await part(asked, cache, expected)
    : await whole(asked, cache, expected);
}

/** Not of several parts, one that is not understood, or one of another file: then all of it is sent (RFC 9110, 14.2). */
function wantsPart(headers: ChannelRequest['headers'], { sha256, sizeBytes }: ExpectedFile): boolean {
  if (headers.range === undefined) return false;
  const tag = sha256 === undefined ? '' : tagOf(sha256);
  return requestedRange(headers, sizeBytes ?? Number.MAX_SAFE_INTEGER, tag) !== 'whole';
}

function conditionsOf(headers: ChannelRequest['headers']): Record<string, string> {
  const conditions: Record<string, string> = {};
  for (const name of passedOn) {
    const value = headers[name];
    if (typeof value === 'string') conditions[name] = value;
  }
  return conditions;
}

type How = 'hit' | 'fill' | 'miss';
const noted = (
  response: ChannelResponse | undefined,
  cache: How,
  sha256?: string,
): ChannelResponse | undefined =>
  response === undefined
    ? undefined
    : { ...response, about: { ...response.about, cache, ...(sha256 === undefined ? {} : { sha256 }) } };

/** Its name is what it is: the same in all processes, and as long as there is the file. */
const tagOf = (sha256: string): string => `"${sha256}"`;

/** Answers from memory, as long as there are the bytes. */
const answers = new WeakMap<Uint8Array, ChannelResponse>();

function fromCache(
  { contentType, request }: CachedRequest,
  cache: PackageCache,
  kept: CachedFile,
): ChannelResponse {
  const { sha256, path, size, mtimeMs, bytes } = kept;
  const about = { cache: 'hit', sha256 } as const;
  // A part is cut out of a file alone.
  if (bytes !== undefined && request.headers.range === undefined) {
    const same = answers.get(bytes);
    if (same?.headers['content-type'] === contentType) return same;
    const headers = {
      'content-type': contentType,
      'last-modified': new Date(changedAtMs(kept)).toUTCString(),
      'accept-ranges': 'bytes',
    };
    const answer = {
      status: 200,
      headers,
      body: { type: 'bytes', bytes, etag: tagOf(sha256) },
      about,
    } as const;
    answers.set(bytes, answer);
    return answer;
  }
  return {
    status: 200,
    headers: { 'content-type': contentType },
    body: {
      type: 'file',
      path,
      size,
      mtimeMs,
      stamp: fileStamp(kept),
      etag: tagOf(sha256),
      onCut: () => cache.doubt(sha256),
    },
    about,
  };
}

/** What GET would say of a file that is not kept yet. */
async function headOf(asked: CachedRequest, expected: ExpectedFile): Promise<ChannelResponse | undefined> {
  const response = await asked.open('HEAD', {}, asked.request.signal);
  if (response?.status !== 200) return noted(response, 'miss', expected.sha256);
  const length = Number(response.headers['content-length'] ?? expected.sizeBytes ?? Infinity);
  if (length !== (expected.sizeBytes ?? length)) throw wrongFile(new WrongFileError('length'));
  return noted({ ...response, headers: headersOf(response, expected, length) }, 'miss', expected.sha256);
}

function headersOf(
  { headers }: ChannelResponse,
  { sha256 }: ExpectedFile,
  sizeBytes: number,
): Record<string, string> {
  const { etag: _etag, 'last-modified': _modified, ...rest } = headers;
  return {
    ...rest,
    ...(sha256 === undefined ? {} : { etag: tagOf(sha256) }),
    'accept-ranges': sizeBytes <= maxRangedBytes ? 'bytes' : 'none',
  };
}

type Head = { readonly response: ChannelResponse };
/** The upstream has no such file. */
class GoneError extends Error {}

async function streamOf(asked: CachedRequest, signal: AbortSignal): Promise<Head & Incoming> {
  const response = await asked.open('GET', {}, signal);
  if (response === undefined) throw new GoneError();
  const { body, headers } = response;
  if (body.type !== 'stream') throw new Error('A file without a body.');
  const length = headers['content-length'];
  const sizeBytes = length === undefined ? body.expectedBytes : Number(length);
  const { expected } = asked;
  if (sizeBytes !== undefined && sizeBytes !== (expected?.sizeBytes ?? sizeBytes)) {
    body.stream.destroy();
    throw new WrongFileError('length');
  }
  return { response, stream: body.stream, sizeBytes };
}

/** Fetches it, and does something with it while it comes. @throws UpstreamError */
async function filling(
  asked: CachedRequest,
  cache: PackageCache,
  expected: ExpectedFile,
  use: (fill: ReturnType<typeof startFill>['fill'], head: Head & Incoming) => Promise<ChannelResponse>,
): Promise<ChannelResponse | undefined> {
  const { health, request, source } = asked;
  const { fill, isNew } = startFill(asked, cache, expected);
  const ask = async (): Promise<ChannelResponse | undefined> => {
    try {
      return await use(fill, await orAborted(fill.head, request.signal));
    } catch (error) {
      if (error instanceof GoneError) return undefined;
      if (error instanceof WrongFileError) throw wrongFile(error);
      throw error;
    } finally {
      fill.release();
    }
  };
  // Whoever joins one says nothing of this channel's upstream.
  return isNew ? await health.watchDownload(request.channel.id, source.path, ask) : await ask();
}

function startFill(asked: CachedRequest, cache: PackageCache, expected: ExpectedFile) {
  const { health, request, source } = asked;
  const started = cache.fill<Head>(expected, source, (signal) => streamOf(asked, signal));
  if (started.isNew)
    started.fill.done.then(
      ({ sizeBytes }) => cache.count('miss', sizeBytes),
      (error: unknown) => {
        if (!(error instanceof WrongFileError)) return;
        const { reason, hint } = wrongFile(error);
        health.note(request.channel.id, source.path, { reason, hint });
        asked.onWrong();
      },
    );
  return started;
}

const wrongFile = (cause: WrongFileError): UpstreamError =>
  new UpstreamError(502, cause.what === 'hash' ? words.wrongHash : words.wrongLength, {
    cause,
    isAway: false,
    hint: words.wrongFileHint,
  });

/** All of it, while it comes. */
const whole = (asked: CachedRequest, cache: PackageCache, expected: ExpectedFile) =>
  filling(asked, cache, expected, (fill, { response, sizeBytes }) =>
    Promise.resolve(streamed(asked, expected, { response, sizeBytes }, fill.read())),
  );

function streamed(
  { contentType }: CachedRequest,
  expected: ExpectedFile,
  { response, sizeBytes }: Head & Pick<Incoming, 'sizeBytes'>,
  stream: Readable,
): ChannelResponse {
  const headers = headersOf(response, expected, sizeBytes ?? expected.sizeBytes ?? Infinity);
  return {
    status: 200,
    headers: { ...headers, 'content-type': contentType },
    body: {
      type: 'stream',
      stream,
      ownsChunks: true,
      ...(sizeBytes === undefined ? {} : { expectedBytes: sizeBytes }),
    },
    about: { cache: 'fill', ...(expected.sha256 === undefined ? {} : { sha256: expected.sha256 }) },
  };
}

/** A part of it, once it is whole; of one that is very long or comes slowly, all of it (RFC 9110, 14.2). */
async function part(
  asked: CachedRequest,
  cache: PackageCache,
  expected: ExpectedFile,
): Promise<ChannelResponse | undefined> {
  try {
    return await filling(asked, cache, expected, async (fill, { response, sizeBytes }) => {
      const length = sizeBytes ?? expected.sizeBytes;
      if (length === undefined || length > maxRangedBytes)
        return streamed(asked, expected, { response, sizeBytes }, fill.read());
      const done = await fill.whole(asked.request.signal);
      // It comes slowly: nobody waits in silence.
      if (done === undefined) return streamed(asked, expected, { response, sizeBytes }, fill.read());
      const { sha256 } = done;
      const kept = await cache.open({ sha256 }, asked.source);
      if (kept === undefined) throw new CacheDiskError('It was not kept');
      return { ...fromCache(asked, cache, kept), about: { cache: 'fill', sha256 } };
    });
  } catch (error) {
    if (!(error instanceof CacheDiskError)) throw error;
    // Nothing is kept: all of it, so that its hash says what it is.
    return await whole(asked, cache, expected);
  }
}
