/**
 * The only door to upstreams. Invariant: a channel's credentials go to the origin of its configured URL and nowhere
 * else, whatever an upstream redirects to; each hop is judged by the address that is connected to; the client's own
 * headers (token, cookies) are never sent on; of an upstream's answer only the headers listed here come back, so that no
 * cookie, link or credential of the upstream reaches a client.
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { connectErrorIn } from '../network/connect-error.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import { proxyRefusal } from '../network/tunnel.ts';
import { clientProduct } from './client-facts.ts';
import { productVersion } from './product.ts';
import type { OpenUpstream, UpstreamRequest, UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import type { AgentsOptions } from './upstream-agents.ts';
import { UpstreamAgents } from './upstream-agents.ts';
import { HeadWatch, requireKnownTransfer } from './upstream-head.ts';
import { signedIn, withoutSecret } from './upstream-sign-in.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

const maxRedirects = 5;
/** An index that is made on demand may take a while to begin. */
const headersTimeoutMs = 60_000;
/** Over all redirects: a chain of slow ones must not hold a client for longer. */
const chainTimeoutMs = 120_000;
/** What one download may buffer between the upstream and a slow client. */
const bufferBytes = 64 * 1024;

/** How undici's error about a proxy's 407 begins. */
const undiciOfProxy = 'Proxy Authentication Required';

const passedHeaders = [
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'content-range',
  'accept-ranges',
  'content-encoding',
  'cache-control',
  'retry-after',
] as const;

export type UpstreamClient = {
  /** Any HTTP status is an answer, not an error. @throws UpstreamError; whatever the request's signal was aborted with */
  readonly open: OpenUpstream;
  /** From the next request on; connections of before are closed when they are done. */
  readonly configure: (network: NetworkConfig) => void;
  readonly close: () => void;
};

/** Loads undici with the first request: an app with local folders only never pays for it. */
export function createUpstreamClient(options: AgentsOptions): UpstreamClient {
  let { network } = options;
  let loading: Promise<UpstreamAgents> | undefined;

  const agents = (): Promise<UpstreamAgents> => {
    if (network.problem !== undefined) {
      throw new UpstreamError(502, words.networkSettings, {
        hint: network.problem,
      });
    }
    const settings = { ...options, network };
    return (loading ??= import('undici').then((undici) => new UpstreamAgents(undici, settings)));
  };
  const close = (): void => {
    loading?.then((made) => made.close()).catch(() => undefined);
    loading = undefined;
  };

  return {
    open: async (request) => follow(await agents(), request, network.proxy?.url),
    configure: (next) => {
      close();
      network = next;
    },
    close,
  };
}

/** Follows up to 5 redirects. */
async function follow(
  agents: UpstreamAgents,
  request: UpstreamRequest,
  proxyUrl: string | undefined,
): Promise<UpstreamResponse> {
  const startedAtMs = performance.now();
  const product = clientProduct(request.clientAgent);
  const headers = {
    ...request.headers,
    'user-agent': `latchkey/${productVersion}${product === '' ? '' : ` (${product})`}`,
  };
  let { method } = request;
  let url = parseUrl(request.url);
  for (let redirects = 0; ; redirects += 1) {
    const leftMs = chainTimeoutMs - (performance.now() - startedAtMs);
    if (leftMs <= 0) throw new UpstreamError(504, words.redirectsTimedOut);
    const timeoutMs = Math.min(headersTimeoutMs, leftMs);
    const answer = await send(agents, request, { url, method, headers, timeoutMs, proxyUrl });
    if (method === 'HEAD' && [403, 405, 501].includes(answer.statusCode)) {
      // Signed for GET alone, or a server that knows no HEAD: asked as it wants, from the start, and only looked at.
      await answer.body.dump({ limit: bufferBytes });
      method = 'GET';
      url = parseUrl(request.url);
      redirects = -1;
      continue;
    }
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || typeof location !== 'string') {
      const isBody = method === request.method;
      if (!isBody) answer.body.destroy();
      return {
        status: answer.statusCode,
        headers: pick(answer.headers),
        body: isBody ? answer.body : Readable.from([]),
        finalUrl: withoutSecret(url, request.credentials),
        endsWithConnection:
          answer.headers['content-length'] === undefined && answer.headers['transfer-encoding'] === undefined,
      };
    }
    // Reads a short rest so that the connection can be used again, drops a long one.
    await answer.body.dump({ limit: bufferBytes });
    if (redirects >= maxRedirects) throw new UpstreamError(502, words.redirectsTooOften);
    url = nextUrl(url, location);
  }
}

type Hop = {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly proxyUrl: string | undefined;
};

async function send(
  agents: UpstreamAgents,
  request: UpstreamRequest,
  hop: Hop,
): Promise<Dispatcher.ResponseData> {
  const { proxyUrl } = hop;
  const { credentials, credentialsOrigin, privateHosts = [], signal } = request;
  const { request: ask } = await import('undici');
  const { url, headers } = signedIn(hop.url, hop.headers, credentials, credentialsOrigin);
  const stop = new HeadWatch(signal, hop.timeoutMs);
  const tryOnce = (isRetry: boolean): Promise<Dispatcher.ResponseData> =>
    ask(url, {
      method: hop.method,
      headers,
      headersTimeout: hop.timeoutMs,
      dispatcher: agents.for(url, privateHosts, isRetry),
      signal: stop.signal,
      onInfo: () => stop.countInterim(),
      highWaterMark: bufferBytes,
    });
  try {
    const answer = await tryOnce(false).catch((error: unknown) => {
      // GET and HEAD may be sent again (RFC 9110, 9.2.2): a kept connection that was closed says nothing of the upstream.
      if (stop.signal.aborted || !isDeadConnection(error)) throw error;
      return tryOnce(true);
    });
    // Destroying an unread body emits an error, also when we are the ones who destroy it; who reads it listens too.
    answer.body.on('error', () => undefined).once('close', () => stop.end());
    stop.headCame();
    requireKnownTransfer(answer);
    return answer;
  } catch (error) {
    stop.end();
    if (signal.aborted) throw signal.reason;
    if (stop.signal.aborted) throw stop.signal.reason;
    // undici's proxy agent says it without a code of its own.
    const isByProxy = error instanceof Error && error.message.startsWith(undiciOfProxy);
    throw isByProxy && proxyUrl !== undefined
      ? unconnected(proxyRefusal(new URL(proxyUrl).host, 407))
      : unreachableError(error);
  }
}

function isDeadConnection(error: unknown): boolean {
  return (
    connectErrorIn(error) === undefined && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error))
  );
}

function parseUrl(text: string, base?: URL): URL {
  try {
    const url = new URL(text, base);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new UpstreamError(502, words.notHttp);
    // Credentials in a redirect would be sent on by fetch-like clients; the upstream has no say in whom we sign in as.
    url.username = '';
    url.password = '';
    url.hash = '';
    return url;
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, words.urlInvalid, { cause: error });
  }
}

function nextUrl(from: URL, location: string): URL {
  const next = parseUrl(location, from);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new UpstreamError(502, words.toHttp);
  }
  return next;
}

function pick(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
    // One coding upon another: unknown as a whole, and never taken for none.
    else if (name === 'content-encoding' && value !== undefined) picked[name] = value.join(', ');
  }
  return picked;
}

function unreachableError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const known = connectErrorIn(error);
  if (known !== undefined) return unconnected(known);
  const code = codeOf(error);
  return /TIMEOUT|TIMEDOUT/.test(code)
    ? new UpstreamError(504, words.timedOut(code), { cause: error })
    : new UpstreamError(502, words.unreachable(code), { cause: error });
}

const unconnected = (error: NonNullable<ReturnType<typeof connectErrorIn>>): UpstreamError =>
  new UpstreamError(error.code === 'CONNECT_TIMEOUT' ? 504 : 502, error.reason, {
    cause: error,
    hint: error.hint,
    // What the channel may no longer reach is not served from memory either.
    isAway: error.code !== 'CONNECT_REFUSED',
  });

/** The first system or undici code in an error, its causes, or the several tries of one connection. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code)) return code;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error.cause === undefined ? 'unknown' : codeOf(error.cause);
}
