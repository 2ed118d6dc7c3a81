/**
 * A channel whose upstream is another index. Invariant: nothing is fetched but the index's own pages (below the
 * channel's upstream URL) and files that such a page named. A client's words choose a project and a file name, never a
 * URL; so this is not an open proxy, and it needs no secret in its links to stay stateless across gateways.
 */
import type { Readable } from 'node:stream';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { normalizeProjectName } from './file-names.ts';
import type { ProjectList, ProjectPage } from './model.ts';
import { createPageCache } from './page-cache.ts';
import type { Fetched } from './page-cache.ts';
import { fileContentType } from './source.ts';
import type { PypiSource } from './source.ts';
import { UnreadableIndexError } from './unreadable.ts';
import { readHtmlList, readHtmlPage } from './upstream-html.ts';
import { readJsonList, readJsonPage } from './upstream-json.ts';

type UrlUpstream = Extract<BundleUpstream, { type: 'url' }>;
type Dependencies = { readonly openUpstream: OpenUpstream; readonly now: () => number };
type Fields = Readonly<Record<string, string>>;

/** The largest public project list has about 40 MB; beyond this somebody fills our memory. */
const maxIndexBytes = 64 * 1024 * 1024;
/** An upstream that drips a page must not hold it, and all who wait for it, for ever. */
const maxIndexMs = 120_000;
/** At most so often a page is asked for again because a file is not on it. */
const secondLookAfterMs = 2000;
const accept =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/** Of the client's request for a file. */
const passedOn = ['range', 'if-range', 'if-none-match', 'if-modified-since'] as const;
/** Of the upstream's answer with a file. */
const passedBack = [
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
] as const;

/** Pages are kept for a short time and then asked for conditionally; files are streamed through. */
export function createUpstreamSource(upstream: UrlUpstream, { openUpstream, now }: Dependencies): PypiSource {
  const base = new URL(upstream.url);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const closed = new AbortController();
  const lists = createPageCache<ProjectList>(now);
  const pages = createPageCache<ProjectPage>(now);

  function open(
    url: string,
    method: 'GET' | 'HEAD',
    headers: Fields,
    agent: string | undefined,
    signal: AbortSignal,
  ) {
    return openUpstream({
      url,
      method,
      headers,
      ...(upstream.credentials === undefined ? {} : { credentials: upstream.credentials }),
      credentialsOrigin: base.origin,
      clientAgent: agent,
      signal,
    });
  }

  function refusal(status: number): UpstreamError | undefined {
    if (status !== 401 && status !== 403) return undefined;
    const reason =
      upstream.credentials === undefined
        ? `Upstream refused the gateway, which has no credentials for it (${status})`
        : "Upstream refused the gateway's credentials";
    return new UpstreamError(502, reason);
  }

  /** Not with the client's signal: others wait for the same page. */
  async function fetchIndex<T>(
    url: URL,
    validators: Fields,
    agent: string | undefined,
    read: (text: string, isJson: boolean, finalUrl: URL) => Promise<T>,
  ): Promise<Fetched<T>> {
    const stop = new AbortController();
    const onClose = () => stop.abort();
    closed.signal.addEventListener('abort', onClose);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop.abort();
    }, maxIndexMs);
    try {
      const response = await open(url.href, 'GET', { accept, ...validators }, agent, stop.signal);
      return await readIndex(response, validators, read);
    } catch (error) {
      if (isLate) throw new UpstreamError(504, 'Upstream took too long to send its index', { cause: error });
      if (closed.signal.aborted)
        throw new UpstreamError(502, 'The channel is being closed', { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
      closed.signal.removeEventListener('abort', onClose);
    }
  }

  async function readIndex<T>(
    response: UpstreamResponse,
    validators: Fields,
    read: (text: string, isJson: boolean, finalUrl: URL) => Promise<T>,
  ): Promise<Fetched<T>> {
    if (response.status !== 200) {
      response.body.destroy();
      if (response.status === 304 && Object.keys(validators).length > 0) return { type: 'unchanged' };
      if (response.status === 404 || response.status === 410) return { type: 'missing' };
      throw (
        refusal(response.status) ??
        new UpstreamError(502, `Upstream answered ${response.status} for its index`)
      );
    }
    const isJson = readContentType(response);
    const bytes = await readBounded(response.body);
    const value = await read(decode(bytes, isJson), isJson, new URL(response.finalUrl));
    return { type: 'value', value, weightBytes: bytes.length, validators: validatorsOf(response.headers) };
  }

  const source: PypiSource = {
    list(request) {
      return lists.get('', 0, (validators) =>
        fetchIndex(base, validators, request.headers['user-agent'], async (text, isJson) => {
          const names = isJson ? readJsonList(text) : await readHtmlList(text);
          const normalized = names.flatMap((name) => normalizeProjectName(name) ?? []);
          return { names: [...new Set(normalized)].sort() };
        }),
      );
    },
    page: (name, request) => pages.get(name, 0, fetchPage(name, request)),
    async find(name, filename, request) {
      const page = await source.page(name, request);
      const file = page?.byFilename.get(filename);
      if (file !== undefined) return file;
      // Another gateway, asked for the page, may have seen a newer one; a second look is cheap and not free.
      return (await pages.get(name, secondLookAfterMs, fetchPage(name, request)))?.byFilename.get(filename);
    },
    async send(file, part, request) {
      const url = new URL(file.location);
      if (part === 'metadata') url.pathname += '.metadata';
      const headers: Record<string, string> = { accept: '*/*', 'accept-encoding': 'identity' };
      for (const name of passedOn) {
        const value = request.headers[name];
        if (typeof value === 'string') headers[name] = value;
      }
      const response = await open(
        url.href,
        request.method,
        headers,
        request.headers['user-agent'],
        request.signal,
      );
      return answerWithFile(response, fileContentType(file.filename, part), refusal);
    },
    close: () => closed.abort(),
  };

  function fetchPage(name: string, request: ChannelRequest) {
    return (validators: Fields) => {
      const url = new URL(base);
      url.pathname += `${name}/`;
      return fetchIndex(url, validators, request.headers['user-agent'], async (text, isJson, finalUrl) =>
        isJson ? readJsonPage(text, name, finalUrl) : await readHtmlPage(text, name, finalUrl),
      );
    };
  }
  return source;
}

function answerWithFile(
  response: UpstreamResponse,
  contentType: string,
  refusal: (status: number) => UpstreamError | undefined,
): ChannelResponse | undefined {
  const { status } = response;
  const headers: Record<string, string> = {};
  for (const name of passedBack) {
    const value = response.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  if (status === 200 || status === 206) {
    const given = response.headers['content-type'] ?? '';
    headers['content-type'] = given.startsWith('multipart/byteranges') ? given : contentType;
    return { status, headers, body: { type: 'stream', stream: response.body, ownsChunks: true } };
  }
  response.body.destroy();
  if (status === 304) {
    delete headers['content-length'];
    return { status, headers, body: { type: 'none' } };
  }
  if (status === 416) {
    const range = headers['content-range'];
    return { status, headers: range === undefined ? {} : { 'content-range': range }, body: { type: 'none' } };
  }
  if (status === 404 || status === 410) return undefined;
  throw refusal(status) ?? new UpstreamError(502, `Upstream answered ${status} for this file`);
}

/** Whether it is JSON; plain `application/json` and a missing type are what static hosts send. */
function readContentType(response: UpstreamResponse): boolean {
  const type = (response.headers['content-type'] ?? 'text/html').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/vnd.pypi.simple.v1+json' || type === 'application/json') return true;
  if (type === 'application/vnd.pypi.simple.v1+html' || type === 'text/html') return false;
  response.body.destroy();
  throw new UnreadableIndexError();
}

async function readBounded(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Leaving the loop destroys the stream.
      if (bytes > maxIndexBytes) throw new UpstreamError(502, 'Upstream sent an index that is too large');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, 'Upstream broke off while it sent its index', { cause: error });
  }
  return Buffer.concat(chunks);
}

/** JSON is UTF-8 or broken. Of an HTML page in an older charset only ASCII parts matter, and those are the same. */
function decode(bytes: Uint8Array, isJson: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: isJson }).decode(bytes);
  } catch (error) {
    throw new UnreadableIndexError({ cause: error });
  }
}

function validatorsOf(headers: Fields): Fields {
  const { etag, 'last-modified': lastModified } = headers;
  if (etag !== undefined) return { 'if-none-match': etag };
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified };
}
