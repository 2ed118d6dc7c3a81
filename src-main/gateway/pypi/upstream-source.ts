/**
 * A channel whose upstream is another index. Invariant: nothing is fetched but the index's own pages (below the
 * channel's upstream URL) and files that such a page named. A client's words choose a project and a file name, never a
 * URL; so this is not an open proxy, and it needs no secret in its links to stay stateless across gateways.
 */
import type { Drops } from '../../../shared/model/channel-health.ts';
import type { Coding } from '../documents/codings.ts';
import type { Cached } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { IndexPage } from './index-page.ts';
import type { KeptFile } from './kept-file.ts';
import { expectedOfKept } from './kept-file.ts';
import { parseFileNameOf } from './file-names.ts';
import type { Found, PypiSource, UrlUpstream } from './source.ts';
import { licenseOfFile } from './licenses/upstream-license.ts';
import { fileContentType } from './source.ts';
import { fileThroughCache } from '../cached-file.ts';
import { accessOf } from '../upstream-access.ts';
import { fileFromUpstream } from '../upstream-file.ts';
import { ClosingError, fetchIndex, readKept, refusalOf } from './upstream-index.ts';
import { UpstreamMetadata } from './upstream-metadata.ts';

type Dependencies = { readonly openUpstream: OpenUpstream; readonly documents: Documents };

/** At most so often a page is asked for again because a file is not on it. */
const secondLookAfterMs = 2000;
/** A page that is fetched for a file's sake is kept small. */
const keptCoding: Coding = 'gzip';

/** Pages of an upstream that a channel had before are not those of the one that it has now. */
let sources = 0;

const fileHeaders = { accept: '*/*', 'accept-encoding': 'identity' } as const;

/**
 * Pages are kept for a short time and then asked for conditionally; files are streamed through.
 * @param owner the channel
 */
export function createUpstreamSource(
  owner: ChannelRequest['channel']['id'],
  upstream: UrlUpstream,
  { openUpstream, documents }: Dependencies,
): PypiSource {
  const base = new URL(upstream.url);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const closed = new AbortController();
  const { cache, health } = documents;
  sources += 1;
  const serial = sources;

  const open = (
    url: string,
    method: 'GET' | 'HEAD',
    headers: Readonly<Record<string, string>>,
    agent: string | undefined,
    signal: AbortSignal,
  ) =>
    openUpstream({
      url,
      method,
      headers,
      ...accessOf(upstream),
      clientAgent: agent,
      signal,
    });

  /** @param project undefined for the list */
  async function index(
    project: string | undefined,
    request: Pick<ChannelRequest, 'headers'>,
    coding: Coding,
    maxAgeMs = 0,
  ): Promise<Found | undefined> {
    const agent = request.headers['user-agent'];
    const name = `${serial}\0${project ?? ''}`;
    const path = project === undefined ? 'simple/' : `simple/${project}/`;
    const url = new URL(base);
    if (project !== undefined) url.pathname += `${project}/`;
    const common = {
      owner,
      documents,
      coding,
      project,
      closed: closed.signal,
      upstream,
      kept: documents.kept.of({ id: owner, upstream }, path),
      onGrow: cache.growerOf(owner, name),
      onDropped: (counts: Drops) => health.dropped(owner, name, counts),
    };
    let cached: Cached<IndexPage>;
    try {
      cached = await cache.get<IndexPage>(
        owner,
        name,
        maxAgeMs,
        async (validators) => {
          const fetched = await fetchIndex({
            ...common,
            url,
            validators,
            open: (href, headers, signal) => open(href, 'GET', headers, agent, signal),
          });
          health.good(owner, path);
          return fetched;
        },
        (error) => health.bad(owner, path, error, true),
        common.kept.beside((response) => readKept(common, response)),
      );
    } catch (error) {
      if (error instanceof UpstreamError && !(error instanceof ClosingError)) health.bad(owner, path, error);
      throw error;
    }
    return cached.value === undefined ? undefined : { page: cached.value, isStale: cached.isStale };
  }

  const metadata = new UpstreamMetadata({ id: owner, upstream }, documents);
  const source: PypiSource = {
    list: (request, coding) => index(undefined, request, coding),
    lastList: () => cache.peek<IndexPage>(owner, `${serial}\0`),
    page: (name, request, coding) => index(name, request, coding),
    async find(name, filename, request) {
      const found = await index(name, request, keptCoding);
      const file = found?.page.file(filename);
      if (file !== undefined) return file;
      // Another gateway, asked for the page, may have seen a newer one; a second look is cheap and not free.
      return (await index(name, request, keptCoding, secondLookAfterMs))?.page.file(filename);
    },
    send: (filename, file, part, request) =>
      part === 'file' ? sendFile(filename, file, request) : sendMetadata(file, request),
    async license(project, filename, file) {
      const path = `files/${project}/${filename}`;
      try {
        const text = await license(project, filename, file);
        health.good(owner, path);
        return text;
      } catch (error) {
        if (error instanceof UpstreamError && !(error instanceof ClosingError))
          health.bad(owner, path, error);
        throw error;
      }
    },
    close: () => {
      closed.abort();
      cache.forget(owner);
      health.forget(owner);
    },
  };
  return source;

  /** Nobody's client asks for it, so no agent of a client is named. */
  async function license(project: string, filename: string, file: KeptFile): Promise<string | undefined> {
    const metadataOf = new URL(file.location);
    metadataOf.pathname += '.metadata';
    const get = (url: string) => (headers: Readonly<Record<string, string>>, signal: AbortSignal) =>
      open(url, 'GET', { accept: '*/*', ...headers }, undefined, signal);
    if (file.coreMetadata !== false && filename.endsWith('.whl')) {
      try {
        const found = await metadata.read(file, metadataOf.href, (signal) =>
          get(metadataOf.href)({ 'accept-encoding': 'identity' }, signal),
        );
        if (found !== undefined)
          return await documents.threads.lane().run<string>('metadataLicense', [found.bytes]);
      } catch (error) {
        // What an index says of itself may be wrong: the wheel has it too.
        if (!(error instanceof UpstreamError)) throw error;
      }
    }
    const refusal = (response: UpstreamResponse) => refusalOf(response, upstream.credentials);
    const reading = { owner, documents, closed: closed.signal, open: get(file.location), refusal };
    return await licenseOfFile(reading, project, filename);
  }

  async function sendMetadata(file: KeptFile, request: ChannelRequest): Promise<ChannelResponse | undefined> {
    const url = new URL(file.location);
    url.pathname += '.metadata';
    const agent = request.headers['user-agent'];
    const path = request.segments.join('/');
    // What is at hand says nothing of the upstream.
    let isAnswered = false;
    const ask = async (signal: AbortSignal): Promise<UpstreamResponse> => {
      const response = await open(url.href, 'GET', fileHeaders, agent, signal);
      isAnswered = true;
      return response;
    };
    try {
      const onStale = (error: UpstreamError): void => health.bad(owner, path, error, true);
      const answer = await metadata.answer(file, url.href, ask, onStale);
      if (isAnswered) health.good(owner, path);
      return answer;
    } catch (error) {
      if (error instanceof UpstreamError) health.bad(owner, path, error);
      throw error;
    }
  }

  async function sendFile(
    filename: string,
    file: KeptFile,
    request: ChannelRequest,
  ): Promise<ChannelResponse | undefined> {
    const { href } = new URL(file.location);
    const agent = request.headers['user-agent'];
    const contentType = fileContentType(filename, 'file');
    const [, name = ''] = request.segments;
    const version = parseFileNameOf(name, filename)?.version;
    const path = request.segments.join('/');
    return await fileThroughCache({
      cache: documents.packages,
      health,
      request,
      expected: expectedOfKept(file),
      source: {
        channelId: owner,
        path,
        ecosystem: 'pypi',
        name,
        ...(version === undefined ? {} : { version }),
        filename,
      },
      contentType,
      open: (asked, conditions, signal) => {
        const headers = { ...fileHeaders, ...conditions };
        return fileFromUpstream({
          filename,
          method: asked,
          headers,
          open: (method) => open(href, method, headers, agent, signal),
          contentType,
          sizeBytes: file.sizeBytes,
          refusal: (refused) => refusalOf(refused, upstream.credentials),
        });
      },
      onWrong: () => void index(name, request, keptCoding, secondLookAfterMs).catch(() => undefined),
    });
  }
}
