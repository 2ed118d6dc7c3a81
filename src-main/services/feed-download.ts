/**
 * Fetches a feed by the rules of upstreams: the same addresses, proxy and certificates. Invariant: what comes is written
 * to a file under a bound, and not looked at here; no credentials are sent.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FeedError } from '../curation/feeds/problem.ts';
import type { FeedKind } from '../curation/feeds/readers.ts';
import { replaceFileByPieces } from '../disk/write-file.ts';
import type { OpenUpstream } from '../gateway/types.ts';
import { UpstreamError } from '../gateway/types.ts';

export type Validators = { readonly etag?: string | undefined; readonly lastModified?: string | undefined };
export type Downloaded =
  { readonly status: 'unchanged' } | ({ readonly status: 'fetched'; readonly path: string } & Validators);

/** All of OSV, of every ecosystem, has 1 GB. */
const maxBytes = 1.5 * 1024 * 1024 * 1024;
/** A slow line; one that says nothing is given up long before (upstream-agents.ts). */
const endsWithinMs = 30 * 60_000;
/** Other feeds wait meanwhile: what drips is given up after a minute. */
const slowest = { bytesPerSecond: 16 * 1024, fromMs: 60_000 };

/**
 * @param known of the last time
 * @returns a file in `dir`, which the caller removes
 * @throws FeedError not-fetched, too-large, not-written
 */
export async function downloadFeed(
  open: OpenUpstream,
  source: {
    readonly url: string;
    readonly kind: FeedKind;
    readonly privateHosts?: readonly string[] | undefined;
  },
  known: Validators,
  dir: string,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<Downloaded> {
  const { url } = source;
  try {
    const answer = await open({
      url,
      method: 'GET',
      headers: {
        'accept-encoding': 'identity',
        ...(known.etag === undefined ? {} : { 'if-none-match': known.etag }),
        ...(known.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
      },
      credentialsOrigin: new URL(url).origin,
      ...(source.privateHosts === undefined ? {} : { privateHosts: source.privateHosts }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(endsWithinMs)]),
    });
    const { status, headers, body, endsWithConnection } = answer;
    if (status !== 200 || (headers['content-encoding'] ?? 'identity') !== 'identity') {
      body.destroy();
      if (status === 304) return { status: 'unchanged' };
      throw new FeedError(
        'not-fetched',
        url,
        status === 200 ? 'it is packed in another way than asked for' : `HTTP ${status}`,
      );
    }
    const length = headers['content-length'];
    const pieces = boundedPieces(body, url, length === undefined ? undefined : Number(length), now);
    const first = await pieces.next();
    const head = first.done === true ? Buffer.alloc(0) : first.value;
    const ending = endingOf(url, source.kind, head);
    if (endsWithConnection && (ending === '.csv' || ending === '.jsonl')) {
      body.destroy();
      // Every other form shows that it was cut; of lines a half looks whole.
      throw new FeedError('not-fetched', url, 'the server does not say where it ends');
    }
    const path = join(dir, `incoming-${randomBytes(6).toString('hex')}${ending}`);
    await replaceFileByPieces(path, withFirst(head, pieces), { mode: 0o600 });
    return { status: 'fetched', path, etag: headers['etag'], lastModified: headers['last-modified'] };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UpstreamError)
      throw new FeedError('not-fetched', url, error.hint ?? error.reason, { cause: error });
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new FeedError('too-slow', url, undefined, { cause: error });
    throw error;
  }
}

async function* boundedPieces(
  body: AsyncIterable<Buffer>,
  url: string,
  expected: number | undefined,
  now: () => number,
): AsyncGenerator<Buffer> {
  let length = 0;
  const startedAtMs = now();
  try {
    for await (const piece of body) {
      length += piece.length;
      if (length > maxBytes) throw new FeedError('too-large', url, `more than ${maxBytes} bytes`);
      const tookMs = now() - startedAtMs;
      if (tookMs > slowest.fromMs && length * 1000 < slowest.bytesPerSecond * tookMs)
        throw new FeedError('too-slow', url, `${length} bytes in ${Math.round(tookMs / 1000)} seconds`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof FeedError || (error instanceof Error && error.name === 'TimeoutError')) throw error;
    throw new FeedError('not-fetched', url, 'the connection ended too early', { cause: error });
  }
  if (expected !== undefined && expected !== length)
    throw new FeedError('not-fetched', url, `${length} of ${expected} bytes came`);
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** By what it is, as a URL may say anything: files are told apart by their names (entries.ts). */
function endingOf(url: string, kind: FeedKind, head: Buffer): string {
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return '.zip';
  const isLines = /\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(new URL(url).pathname);
  const form = kind === 'epss' ? '.csv' : isLines ? '.jsonl' : '.json';
  return head[0] === 0x1f && head[1] === 0x8b ? `${form}.gz` : form;
}
