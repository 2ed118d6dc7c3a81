/**
 * A conda channel behind HTTP. Invariant: index documents stream through the link filter whatever coding the upstream
 * chose; compressed variants, shards and deltas, which cannot be checked on the way, are not there (404, for HEAD and GET
 * alike), so that clients fall back to the JSON. Packages pass unchanged, with ranges.
 */
import { Transform, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { upstreamRefusal } from '../upstream-client.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { LinkFilter } from './link-filter.ts';
import type { CondaFile } from './names.ts';

const conditions = ['if-none-match', 'if-modified-since'] as const;
const ranges = ['range', 'if-range'] as const;

/** @throws UpstreamError */
export async function answerFromUpstream(
  request: ChannelRequest,
  file: CondaFile,
  openUpstream: OpenUpstream,
): Promise<ChannelResponse> {
  const { upstream } = request.channel;
  if (upstream.type !== 'url' || (file.kind !== 'index' && file.kind !== 'package')) return notFound;
  const isIndex = file.kind === 'index';
  const headers: Record<string, string> = { 'accept-encoding': isIndex ? 'gzip' : 'identity' };
  for (const name of isIndex ? conditions : [...conditions, ...ranges]) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const answer = await openUpstream({
    url: `${upstream.url.replace(/\/+$/, '')}/${request.segments.map(encodeURIComponent).join('/')}`,
    method: request.method,
    headers,
    ...(upstream.credentials === undefined ? {} : { credentials: upstream.credentials }),
    credentialsOrigin: new URL(upstream.url).origin,
    clientAgent: request.headers['user-agent'],
    signal: request.signal,
  });
  if (answer.status === 200) return isIndex ? indexAnswer(answer) : packageAnswer(answer);
  if (answer.status === 206 && !isIndex) return packageAnswer(answer);
  answer.body.destroy();
  if (answer.status === 304) return { status: 304, headers: validatorsOf(answer), body: { type: 'none' } };
  if (answer.status === 416 && !isIndex) {
    const range = answer.headers['content-range'];
    return {
      status: 416,
      headers: range === undefined ? {} : { 'content-range': range },
      body: { type: 'none' },
    };
  }
  return { ...upstreamRefusal(answer.status), headers: {}, body: { type: 'none' } };
}

const notFound: ChannelResponse = { status: 404, reason: 'Not found', headers: {}, body: { type: 'none' } };

function validatorsOf({ headers }: UpstreamResponse): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['etag', 'last-modified']) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function packageAnswer(answer: UpstreamResponse): ChannelResponse {
  return {
    status: answer.status,
    headers: answer.headers,
    body: { type: 'stream', stream: answer.body, ownsChunks: true },
  };
}

/** Without a length: it is not known before the filter saw the end. The ETag stays, as the filter always does the same. */
function indexAnswer(answer: UpstreamResponse): ChannelResponse {
  const coding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (coding !== 'identity' && coding !== 'gzip' && coding !== 'x-gzip') {
    answer.body.destroy();
    throw new UpstreamError(502, 'Upstream sent an index in an unknown coding');
  }
  return {
    status: 200,
    headers: { ...validatorsOf(answer), 'content-type': 'application/json' },
    body: { type: 'stream', stream: throughFilter(answer.body, coding !== 'identity') },
  };
}

function throughFilter(source: Readable, isGzip: boolean): Readable {
  const filter = new LinkFilter();
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        for (const part of filter.push(chunk)) this.push(part);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      done(null, filter.end());
    },
  });
  // The transform's own error event ends the answer; the callback only keeps the pipeline from throwing it again.
  const ended = () => undefined;
  if (isGzip) pipeline(source, createGunzip(), transform, ended);
  else pipeline(source, transform, ended);
  return transform;
}
