/**
 * Fetches a channel's index documents from its upstream: the small `.zst` where there is one, else the JSON in whatever
 * coding it comes.
 */
import { LRUCache } from 'lru-cache';
import { acceptedCodings, hasZstd } from '../documents/codings.ts';
import type { Fetched, Validators } from '../documents/document-cache.ts';
import { DocumentError } from '../documents/read-document.ts';
import { UpstreamDeadline } from '../documents/upstream-deadline.ts';
import { accessOf } from '../upstream-access.ts';
import { upstreamRefusal } from '../upstream-refusal.ts';
import type { OpenUpstream, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex, IndexRequest } from './conda-index.ts';
import { condaIndex, keepSights, keptCoding, maxIndexBytes, readingOf } from './conda-index.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

type Variant = 'zst' | 'json';

/** An upstream that drips a document must not hold it for ever. Waiting for a turn does not count. */
const maxFetchMs = 300_000;
/** How long an upstream that had no `.zst` is not asked for one; conda asks each time. */
const zstMissingMs = 3_600_000;
const zstMissing = new LRUCache<string, true>({ max: 10_000, ttl: zstMissingMs });

/** Not with a client's signal: others wait for the same document. @throws UpstreamError */
export async function fetchUpstreamIndex(
  asked: IndexRequest,
  openUpstream: OpenUpstream,
  agent: string | undefined,
): Promise<Fetched<CondaIndex>> {
  const { documents, channel } = asked;
  const { upstream } = channel;
  if (upstream.type !== 'url') throw new Error('Not a URL.');
  const stop = new AbortController();
  const deadline = new UpstreamDeadline(maxFetchMs, stop);
  const giveBack = await documents.fetches.take(channel.id, stop.signal);
  deadline.start();
  const url = indexUrl(upstream.url, asked.segments);
  const open = (variant: Variant, validators: Validators): Promise<UpstreamResponse> =>
    openUpstream({
      url: variant === 'zst' ? `${url}.zst` : url,
      method: 'GET',
      headers: { 'accept-encoding': variant === 'zst' ? 'identity' : acceptedCodings, ...validators },
      ...accessOf(upstream),
      clientAgent: agent,
      signal: stop.signal,
    });
  try {
    if (hasZstd && !zstMissing.has(url)) {
      const fetched = await tryZst(asked, open, stop.signal, deadline);
      if (fetched instanceof DocumentError) {
        const plain = await fetchVariant(asked, 'json', open, stop.signal, deadline);
        // There is an index, and it is bad: no reason to forget the last good one.
        if (plain.type === 'missing') throw fetched;
        zstMissing.set(url, true);
        return plain;
      }
      if (typeof fetched !== 'string') return fetched;
      if (fetched === 'none') zstMissing.set(url, true);
    }
    return await fetchVariant(asked, 'json', open, stop.signal, deadline);
  } catch (error) {
    if (deadline.isLate) throw new UpstreamError(504, words.indexTooSlow, { cause: error });
    throw error;
  } finally {
    giveBack();
    deadline.stop();
  }
}

/** Segments are names that conda knows (names.ts). */
export function indexUrl(base: string, segments: readonly string[]): string {
  const url = new URL(base);
  const path = segments.map(encodeURIComponent).join('/');
  url.pathname += url.pathname.endsWith('/') ? path : `/${path}`;
  return url.href;
}

type Open = (variant: Variant, validators: Validators) => Promise<UpstreamResponse>;

/**
 * Where there is no usable one, the JSON says what is: `none` for a while, `not-now` where it failed, the error of one that
 * is none.
 * @throws UpstreamError also for an upstream that is busy: the JSON would be more work for it
 */
async function tryZst(
  asked: IndexRequest,
  open: Open,
  signal: AbortSignal,
  deadline: UpstreamDeadline,
): Promise<Fetched<CondaIndex> | DocumentError | 'none' | 'not-now'> {
  try {
    const fetched = await fetchVariant(asked, 'zst', open, signal, deadline);
    return fetched.type === 'missing' ? 'none' : fetched;
  } catch (error) {
    if (error instanceof DocumentError) return error;
    if (error instanceof RefusedError && error.status !== 503) return error.isAway ? 'not-now' : 'none';
    throw error;
  }
}

/** An answer other than 200, 304 and 404. */
class RefusedError extends UpstreamError {}

async function fetchVariant(
  asked: IndexRequest,
  variant: Variant,
  open: Open,
  signal: AbortSignal,
  deadline: UpstreamDeadline,
): Promise<Fetched<CondaIndex>> {
  const { variant: known, ...conditions } = asked.validators;
  // The tag of one variant says nothing of the other.
  const validators = known === variant ? conditions : {};
  const response = await open(variant, validators);
  const { status, headers, body } = response;
  if (status !== 200) {
    body.destroy();
    if (status === 304 && Object.keys(validators).length > 0) {
      asked.kept.confirmed();
      return { type: 'unchanged' };
    }
    if (status === 404 || status === 410) return { type: 'missing' };
    const refusal = upstreamRefusal(status, headers);
    throw new RefusedError(refusal.status === 503 ? 503 : 502, refusal.reason, {
      retryAfter: refusal.retryAfter,
      isAway: status >= 500 || status === 429,
    });
  }
  const given = headers['content-encoding'];
  if (variant === 'zst' && given !== undefined && given.toLowerCase() !== 'identity') {
    body.destroy();
    throw new RefusedError(502, words.indexOtherCoding);
  }
  const noted = { variant, ...validatorsOf(headers) };
  return await asked.kept.keeping(response, noted, (given) =>
    readVariant(asked, given, noted, signal, deadline),
  );
}

/** The index as the upstream gave it before. @throws UpstreamError */
export async function readKeptIndex(
  asked: IndexRequest,
  response: UpstreamResponse,
  validators: Validators,
): Promise<Fetched<CondaIndex>> {
  const { signal } = new AbortController();
  const giveBack = await asked.documents.fetches.take(asked.channel.id, signal);
  try {
    return await readVariant(asked, response, validators, signal);
  } finally {
    giveBack();
  }
}

/** @param validators say which variant it is */
async function readVariant(
  asked: IndexRequest,
  { headers, body }: UpstreamResponse,
  validators: Validators,
  signal: AbortSignal,
  deadline?: UpstreamDeadline,
): Promise<Fetched<CondaIndex>> {
  const { document, result } = await asked.documents.read(
    {
      owner: asked.channel.id,
      job: readingOf(asked),
      body,
      coding: validators['variant'] === 'zst' ? 'zstd' : headers['content-encoding'],
      maxBytes: maxIndexBytes,
      signal,
      ...(deadline === undefined ? {} : { deadline }),
    },
    keptCoding,
    asked.onGrow,
  );
  await keepSights(asked, result);
  const value = condaIndex(asked.documents, {
    document,
    lastModified: headers['last-modified'],
    dropped: result.dropped,
  });
  return { type: 'value', value, validators };
}

function validatorsOf(headers: Readonly<Record<string, string>>): Validators {
  const { etag, 'last-modified': lastModified } = headers;
  if (etag !== undefined) return { 'if-none-match': etag };
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified };
}
