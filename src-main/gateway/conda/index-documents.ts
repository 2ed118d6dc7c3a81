/**
 * Index documents of conda channels, of folders and of upstreams. Invariant: only bytes that went through the link filter
 * are served. Every compressed form is our own; a `.zst` of a folder is never read, because it might say something else
 * than the JSON beside it, and one of an upstream is unpacked and filtered like the JSON.
 */
import { createHash } from 'node:crypto';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { Coding } from '../documents/codings.ts';
import { chooseCoding, hasZstd } from '../documents/codings.ts';
import type { Fetched, Validators } from '../documents/document-cache.ts';
import { documentResponse } from '../documents/document-response.ts';
import type { Documents } from '../documents/documents.ts';
import { ReadyAnswers } from '../ready-answers.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex, IndexRequest } from './conda-index.ts';
import { fetchFolderIndex } from './folder-index.ts';
import { notFound } from './not-found.ts';
import { fetchUpstreamIndex } from './upstream-index.ts';

/** Larger ones come from the disk, with ranges. */
const minFileBytes = 4 * 1024 * 1024;

export class CondaIndexes {
  readonly #documents: Documents;
  readonly #openUpstream: OpenUpstream;
  readonly #keys = new WeakMap<BundleUpstream, string>();
  readonly #ready = new ReadyAnswers(() => performance.now());

  constructor(documents: Documents, openUpstream: OpenUpstream) {
    this.#documents = documents;
    this.#openUpstream = openUpstream;
  }

  /**
   * @param isZst whether the name ends with `.zst`; `segments` have it too
   * @returns at once, the same object as before, when it was looked at within the last 250 ms
   */
  answer(request: ChannelRequest, isZst: boolean): ChannelResponse | Promise<ChannelResponse> {
    if (isZst && !hasZstd) return notFound;
    const { upstream } = request.channel;
    const same = this.#ready.last(upstream, request);
    if (same !== undefined) return same;
    const accept = request.headers['accept-encoding'];
    const coding = isZst ? 'zstd' : chooseCoding(Array.isArray(accept) ? accept.join() : accept);
    const key = `${request.segments.join('/')}\0${coding}`;
    return (
      this.#ready.get(upstream, key, request) ??
      this.#ready.keep(upstream, key, this.#make(request, isZst, coding))
    );
  }

  async #make(request: ChannelRequest, isZst: boolean, coding: Coding): Promise<ChannelResponse> {
    const found = await this.#find(request, isZst);
    return found === undefined
      ? notFound
      : await answerOf(request, found.index, found.isStale, isZst, coding);
  }

  async #find(
    request: ChannelRequest,
    isZst: boolean,
  ): Promise<{ readonly index: CondaIndex; readonly isStale: boolean } | undefined> {
    const { channel } = request;
    const { cache, health } = this.#documents;
    const segments = isZst ? withoutZst(request.segments) : request.segments;
    const name = this.#nameOf(channel.upstream, segments);
    const path = segments.join('/');
    const isFolder = channel.upstream.type === 'folder';
    const fetch = async (validators: Validators): Promise<Fetched<CondaIndex>> => {
      const asked: IndexRequest = {
        documents: this.#documents,
        channel,
        segments,
        validators,
        onGrow: cache.growerOf(channel.id, name),
      };
      const fetched = isFolder
        ? await fetchFolderIndex(asked)
        : await fetchUpstreamIndex(asked, this.#openUpstream, request.headers['user-agent']);
      health.good(channel.id, path);
      if (fetched.type === 'value') health.dropped(channel.id, name, fetched.value.dropped);
      return fetched;
    };
    try {
      const { value, isStale } = await cache.get(
        channel.id,
        name,
        // Of a folder each look is a new one: `#ready` keeps what was just made.
        isFolder ? -1 : 0,
        fetch,
        (error) => health.bad(channel.id, path, error, true),
      );
      return value === undefined ? undefined : { index: value, isStale };
    } catch (error) {
      if (error instanceof UpstreamError) health.bad(channel.id, path, error);
      throw error;
    }
  }

  /** With the upstream in it, credentials and all, so that another one's documents are never taken for its. */
  #nameOf(upstream: BundleUpstream, segments: readonly string[]): string {
    let key = this.#keys.get(upstream);
    if (key === undefined) {
      key = createHash('sha256').update(JSON.stringify(upstream)).digest('base64url');
      this.#keys.set(upstream, key);
    }
    return `${key}\0${segments.join('/')}`;
  }
}

function withoutZst(segments: readonly string[]): string[] {
  return [...segments.slice(0, -1), (segments.at(-1) ?? '').slice(0, -'.zst'.length)];
}

async function answerOf(
  request: ChannelRequest,
  { document, lastModified, file }: CondaIndex,
  isStale: boolean,
  isZst: boolean,
  coding: Coding,
): Promise<ChannelResponse> {
  const dated = lastModified === undefined ? {} : { 'last-modified': lastModified };
  if (isZst) {
    const response = await documentResponse(
      request,
      document,
      'zstd',
      'index',
      isStale,
      {
        ...dated,
        'content-type': 'application/zstd',
      },
      true,
    );
    return response;
  }
  if (coding === 'identity' && file !== undefined && file.size > minFileBytes) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', vary: 'Accept-Encoding' },
      body: { type: 'file', ...file },
    };
  }
  return await documentResponse(request, document, coding, 'index', isStale, {
    ...dated,
    'content-type': 'application/json',
    vary: 'Accept-Encoding',
  });
}
