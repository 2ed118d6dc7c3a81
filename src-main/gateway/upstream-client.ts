/**
 * The only door to upstreams. Invariant: a channel's credentials go to the origin of its configured URL and nowhere
 * else, whatever an upstream redirects to; the client's own headers (token, cookies) are never sent on; of an upstream's
 * answer only the headers listed here come back, so that no cookie, link or credential of the upstream reaches a client.
 */
import type { UpstreamCredentials } from '../../shared/model/domain.ts';
import { clientProduct } from './client-facts.ts';
import { productVersion } from './product.ts';
import type { UpstreamRequest, UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';

const maxRedirects = 5;
const connectTimeoutMs = 10_000;
/** An index that is made on demand may take a while to begin. */
const headersTimeoutMs = 60_000;
/** Silence in the middle of a download. */
const bodyTimeoutMs = 60_000;
/** Connections to one origin; more wait their turn. */
const connectionsPerOrigin = 64;
/** What one download may buffer between the upstream and a slow client. */
const bufferBytes = 64 * 1024;

const passedHeaders = [
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'content-range',
  'accept-ranges',
  'content-encoding',
  'cache-control',
] as const;

type Undici = typeof import('undici');
let loading: Promise<{ undici: Undici; agent: InstanceType<Undici['Agent']> }> | undefined;

/** Loaded on first use: an app with local folders only never pays for it. Idle connections do not keep a process alive. */
function load() {
  loading ??= import('undici').then((undici) => ({
    undici,
    agent: new undici.Agent({
      connect: { timeout: connectTimeoutMs },
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      connections: connectionsPerOrigin,
      keepAliveTimeout: 10_000,
      pipelining: 1,
    }),
  }));
  return loading;
}

/**
 * Sends one request upstream and follows up to 5 redirects. Any HTTP status is an answer, not an error.
 * @throws UpstreamError (502 or 504, with a reason fit for a status line) when there is no answer; whatever `signal`
 *   was aborted with
 */
export async function openUpstream(request: UpstreamRequest): Promise<UpstreamResponse> {
  const { undici, agent } = await load();
  const product = clientProduct(request.clientAgent);
  const headers: Record<string, string> = {
    ...request.headers,
    'user-agent': `latchkey/${productVersion}${product === '' ? '' : ` (${product})`}`,
  };
  let url = parseUrl(request.url);
  for (let redirects = 0; ; redirects += 1) {
    const target = withCredentials(url, headers, request.credentials, request.credentialsOrigin);
    let answer;
    try {
      answer = await undici.request(target.url, {
        method: request.method,
        headers: target.headers,
        dispatcher: agent,
        signal: request.signal,
        highWaterMark: bufferBytes,
      });
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      throw unreachableError(error);
    }
    // Destroying an unread body emits an error, also when we are the ones who destroy it; who reads it listens too.
    answer.body.on('error', () => undefined);
    const location = answer.headers.location;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || typeof location !== 'string') {
      return {
        status: answer.statusCode,
        headers: pick(answer.headers),
        body: answer.body,
        finalUrl: withoutSecret(url, request.credentials),
      };
    }
    // Reads a short rest so that the connection can be used again, drops a long one.
    await answer.body.dump({ limit: bufferBytes });
    if (redirects >= maxRedirects) throw new UpstreamError(502, 'Upstream redirects too often');
    url = follow(url, location);
  }
}

/**
 * What a client is told when an upstream answers with an error. An upstream's 401 or 403 is about the gateway's
 * credentials; passed on, the client would take its own token for the culprit.
 */
export function upstreamRefusal(status: number): { readonly status: number; readonly reason: string } {
  if (status === 404 || status === 410) return { status: 404, reason: 'Not found' };
  if (status === 401 || status === 403 || status === 407) {
    return { status: 502, reason: `Upstream refused the gateway (HTTP ${status})` };
  }
  if (status === 429 || status === 503) return { status: 503, reason: `Upstream is busy (HTTP ${status})` };
  return { status: 502, reason: `Upstream failed (HTTP ${status})` };
}

function parseUrl(text: string, base?: URL): URL {
  try {
    const url = new URL(text, base);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new UpstreamError(502, 'Upstream URL is not HTTP');
    // Credentials in a redirect would be sent on by fetch-like clients; the upstream has no say in whom we sign in as.
    url.username = '';
    url.password = '';
    url.hash = '';
    return url;
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, 'Upstream URL is invalid', { cause: error });
  }
}

function follow(from: URL, location: string): URL {
  const next = parseUrl(location, from);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new UpstreamError(502, 'Upstream redirects from https to http');
  }
  return next;
}

function withCredentials(
  url: URL,
  headers: Record<string, string>,
  credentials: UpstreamCredentials | undefined,
  origin: string,
): { url: URL; headers: Record<string, string> } {
  if (credentials === undefined || url.origin !== origin) return { url, headers };
  switch (credentials.type) {
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
      return { url, headers: { ...headers, authorization: `Basic ${pair}` } };
    }
    case 'bearer':
      return { url, headers: { ...headers, authorization: `Bearer ${credentials.token}` } };
    case 'conda-token': {
      // As conda does: /t/<token> in front of the whole path. A redirect of the upstream may already have it.
      const prefix = `/t/${credentials.token}/`;
      if (url.pathname.startsWith(prefix)) return { url, headers };
      const signed = new URL(url);
      signed.pathname = `${prefix}${url.pathname.slice(1)}`;
      return { url: signed, headers };
    }
  }
}

function withoutSecret(url: URL, credentials: UpstreamCredentials | undefined): string {
  if (credentials?.type !== 'conda-token') return url.href;
  return url.href.replace(`/t/${credentials.token}/`, '/');
}

function pick(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}

function unreachableError(error: unknown): UpstreamError {
  const code = codeOf(error);
  return /TIMEOUT|TIMEDOUT/.test(code)
    ? new UpstreamError(504, `Upstream timed out (${code})`, { cause: error })
    : new UpstreamError(502, `Upstream unreachable (${code})`, { cause: error });
}

/** The first system or undici code in an error, its causes, or the several tries of one connection. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code)) return code;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error.cause === undefined ? 'unknown' : codeOf(error.cause);
}
