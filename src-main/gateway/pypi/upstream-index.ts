/** Fetches an upstream's index pages and has them read. */
import { Readable } from 'node:stream';
import type { Drops } from '../../../shared/model/channel-health.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { Coding } from '../documents/codings.ts';
import { acceptedCodings } from '../documents/codings.ts';
import type { Fetched, Validators } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { KeptDocument } from '../documents/kept-documents.ts';
import { UpstreamDeadline } from '../documents/upstream-deadline.ts';
import type { ChannelRequest, UpstreamResponse } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { refusedBy } from '../upstream-refusal.ts';
import { IndexPage } from './index-page.ts';
import type { PageClock } from './file-times.ts';
import type { ListJob } from './read-list.ts';
import type { PageJob } from './read-page.ts';
import type { UrlUpstream } from './source.ts';

const words = texts.refusals.upstream;

/** The largest public list has about 40 MB, the largest page 11 MB; a page of 100,000 files, 70 MB. Beyond, somebody fills our memory. */
const maxIndexBytes = 128 * 1024 * 1024;
/** An upstream that drips a page must not hold it, and all who wait for it, for ever. Waiting for a turn does not count. */
const maxIndexMs = 120_000;
const accept =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

export type IndexFetch = {
  readonly owner: ChannelRequest['channel']['id'];
  readonly documents: Documents;
  readonly url: URL;
  readonly validators: Validators;
  readonly coding: Coding;
  /** Undefined for the list of projects. */
  readonly project: string | undefined;
  readonly open: (
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ) => Promise<UpstreamResponse>;
  readonly closed: AbortSignal;
  readonly onGrow: () => void;
  readonly onDropped: (counts: Drops) => void;
  readonly upstream: UrlUpstream;
  readonly kept: KeptDocument;
};

/** The channel has another upstream now, or is gone: nothing that its upstream did. */
export class ClosingError extends UpstreamError {
  constructor(options: { cause: unknown }) {
    super(502, words.channelClosing, options);
  }
}

/** Not with a client's signal: others wait for the same page. @throws UpstreamError */
export async function fetchIndex(fetch: IndexFetch): Promise<Fetched<IndexPage>> {
  const stop = new AbortController();
  const onClose = () => stop.abort();
  fetch.closed.addEventListener('abort', onClose);
  if (fetch.closed.aborted) stop.abort();
  const deadline = new UpstreamDeadline(maxIndexMs, stop);
  let giveBack: (() => void) | undefined;
  try {
    giveBack = await fetch.documents.fetches.take(fetch.owner, stop.signal);
    deadline.start();
    stop.signal.throwIfAborted();
    const headers = { accept, 'accept-encoding': acceptedCodings, ...fetch.validators };
    const response = await fetch.open(fetch.url.href, headers, stop.signal);
    const fetched = await readIndex(fetch, response, stop.signal, deadline);
    // What another upstream said is not kept for the one that came after it.
    stop.signal.throwIfAborted();
    return fetched;
  } catch (error) {
    if (deadline.isLate) throw new UpstreamError(504, words.indexTooSlow, { cause: error });
    if (fetch.closed.aborted) throw new ClosingError({ cause: error });
    throw error;
  } finally {
    giveBack?.();
    deadline.stop();
    fetch.closed.removeEventListener('abort', onClose);
  }
}

async function readIndex(
  fetch: IndexFetch,
  response: UpstreamResponse,
  signal: AbortSignal,
  deadline: UpstreamDeadline,
): Promise<Fetched<IndexPage>> {
  if (response.status !== 200) {
    response.body.destroy();
    if (response.status === 304 && Object.keys(fetch.validators).length > 0) {
      fetch.kept.confirmed();
      return { type: 'unchanged' };
    }
    if (response.status === 404 || response.status === 410) {
      await fetch.kept.gone();
      return { type: 'missing' };
    }
    throw refusalOf(response, fetch.upstream.credentials);
  }
  return await fetch.kept.keeping(response, validatorsOf(response.headers), (given) =>
    readGood(fetch, given, signal, deadline),
  );
}

/** The page as the upstream gave it before. @throws UpstreamError */
export async function readKept(
  fetch: Omit<IndexFetch, 'open' | 'validators' | 'url'>,
  response: UpstreamResponse,
): Promise<Fetched<IndexPage>> {
  const giveBack = await fetch.documents.fetches.take(fetch.owner, fetch.closed);
  try {
    const fetched = await readGood(fetch, response, fetch.closed);
    fetch.closed.throwIfAborted();
    return fetched;
  } catch (error) {
    if (fetch.closed.aborted) throw new ClosingError({ cause: error });
    throw error;
  } finally {
    giveBack();
  }
}

async function readGood(
  fetch: Omit<IndexFetch, 'open' | 'validators' | 'url'>,
  response: UpstreamResponse,
  signal: AbortSignal,
  deadline?: UpstreamDeadline,
): Promise<Fetched<IndexPage>> {
  const isJson = isJsonType(response);
  const job: PageJob | ListJob =
    fetch.project === undefined
      ? { type: 'pypi-list', isJson }
      : {
          type: 'pypi-page',
          isJson,
          project: fetch.project,
          pageUrl: response.finalUrl,
          privateHosts: fetch.upstream.privateHosts ?? [],
          clock: clockOf(fetch, fetch.project, response),
        };
  const { document, result } = await fetch.documents.read(
    {
      owner: fetch.owner,
      job,
      body: isJson || !response.endsWithConnection ? response.body : closedPage(response),
      coding: response.headers['content-encoding'],
      maxBytes: maxIndexBytes,
      signal,
      ...(deadline === undefined ? {} : { deadline }),
    },
    fetch.coding,
    fetch.onGrow,
  );
  const { table, status, newest } =
    'table' in result ? result : { table: undefined, status: undefined, newest: undefined };
  if ('dropped' in result) {
    if (result.isAllDropped) throw allDropped(result.dropped);
    fetch.onDropped(result.dropped);
    // Before anybody is told of a time: it is the same for good.
    if (result.sights !== undefined && fetch.project !== undefined)
      await fetch.documents.sights.keep(
        { id: fetch.owner, upstream: fetch.upstream },
        sightsFolder,
        fetch.project,
        result.sights,
        fetch.documents.now(),
      );
  }
  const facts = { owner: fetch.owner, project: fetch.project, status, table, newest };
  const page = new IndexPage(document, facts, fetch.documents, fetch.onGrow);
  return { type: 'value', value: page, validators: validatorsOf(response.headers) };
}

/** All projects of a channel have one table: most have few files. */
const sightsFolder = 'pypi';

function clockOf(
  { documents, owner, upstream }: Pick<IndexFetch, 'documents' | 'owner' | 'upstream'>,
  project: string,
  response: UpstreamResponse,
): PageClock {
  const nowMs = documents.now();
  const { sights, isFirstSight } = documents.sights.of({ id: owner, upstream }, sightsFolder, project);
  // What stands on a page was there when it was made, says the upstream.
  const modifiedMs = Date.parse(response.headers['last-modified'] ?? '');
  const firstMs = isFirstSight && modifiedMs < nowMs ? modifiedMs : nowMs;
  return { sights, atMs: firstMs };
}

/** Half a page of links looks like a whole one: where nothing else says that it is whole, its last tag has to. */
function closedPage({ headers, body }: UpstreamResponse): Readable {
  // A content coding has an end of its own.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return body;
  const page = Readable.from(untilLastTag(body), { objectMode: false });
  page.once('close', () => body.destroy());
  return page;
}

const tailChars = 1024;

async function* untilLastTag(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let tail = '';
  for await (const chunk of body) {
    tail = (tail + chunk.subarray(-tailChars).toString('latin1')).slice(-tailChars);
    yield chunk;
  }
  if (!/<\/(?:html|body)\s{0,20}>/i.test(tail)) throw new Error('the page has no end');
}

/** Whether it is JSON; plain `application/json` and a missing type are what static hosts send. */
function isJsonType(response: UpstreamResponse): boolean {
  const type = (response.headers['content-type'] ?? 'text/html').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/vnd.pypi.simple.v1+json' || type === 'application/json') return true;
  if (type === 'application/vnd.pypi.simple.v1+html' || type === 'text/html') return false;
  response.body.destroy();
  throw new UpstreamError(502, words.noIndex, { isOfPath: true });
}

function allDropped(drops: Drops): UpstreamError {
  const reason = words.noLink(texts.upstreams.byCause(drops));
  const isReach = drops.host !== undefined || drops['this-computer'] !== undefined;
  return new UpstreamError(502, reason, {
    isOfPath: true,
    ...(isReach ? { hint: words.noLinkHint } : {}),
  });
}

/** After an answer about the gateway's credentials nothing that was known before may be served in its place. */
export function refusalOf(
  response: UpstreamResponse,
  credentials: UrlUpstream['credentials'],
): UpstreamError {
  const { status } = response;
  if (status !== 401 && status !== 403) return refusedBy(response);
  const reason =
    credentials === undefined ? words.refusedWithoutCredentials(status) : words.refusedCredentials;
  return new UpstreamError(502, reason, { isAway: false });
}

function validatorsOf(headers: Readonly<Record<string, string>>): Validators {
  const { etag, 'last-modified': lastModified } = headers;
  if (etag !== undefined) return { 'if-none-match': etag };
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified };
}
