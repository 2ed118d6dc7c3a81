/**
 * Index documents of conda channels, of folders and of upstreams. Invariant: only bytes that went through the link filter
 * are served. Every compressed form is our own; a `.zst` of a folder is never read, because it might say something else
 * than the JSON beside it, and one of an upstream is unpacked and filtered like the JSON.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { Coding } from '../documents/codings.ts';
import { chooseCoding, hasZstd } from '../documents/codings.ts';
import type { Fetched, Validators } from '../documents/document-cache.ts';
import { documentResponse } from '../documents/document-response.ts';
import type { Documents } from '../documents/documents.ts';
import type { TagKey } from '../documents/entity-tags.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { HiddenAnswer, HiddenQuestion } from '../hidden-packages.ts';
import type { IndexForm } from '../index-store/index-form.ts';
import type { JudgedFile } from '../judged-file.ts';
import { isDenied } from '../judged-file.ts';
import { underCurrent } from '../policy-scope.ts';
import { ReadyAnswers } from '../ready-answers.ts';
import type { ChannelRequest, ChannelResponse, OpenUpstream, PolicyScope, ServedChannel } from '../types.ts';
import { UpstreamError } from '../types.ts';
import type { CondaIndex, IndexRequest } from './conda-index.ts';
import { hasRecords } from './conda-index.ts';
import { deniedRows, isAllowedRow, newerHiddenRow, spokenVersions } from './denied-rows.ts';
import { fetchFolderIndex } from './folder-index.ts';
import { notFound } from './not-found.ts';
import type { Asked } from './policy-index.ts';
import { formOf, judgeFile, nameFacts, readRows } from './policy-index.ts';
import { factsOfFilename } from './record-facts.ts';
import { Subdirs } from './subdirs.ts';
import type { ServedIndex } from './served-index.ts';
import { listedRows } from './shards/listed-rows.ts';
import { SideDocuments } from './side-documents/side-documents.ts';
import { fetchUpstreamIndex } from './upstream-index.ts';

/** Larger ones come from the disk, with ranges. */
const minFileBytes = 4 * 1024 * 1024;
/** People who ask about packages need not wait for an upstream each time. */
const lookMaxAgeMs = 60_000;

export class CondaIndexes {
  readonly #documents: Documents;
  readonly #openUpstream: OpenUpstream;
  readonly #now: () => number;
  readonly #keys = new WeakMap<BundleUpstream, string>();
  readonly #subdirs = new WeakMap<BundleUpstream, Subdirs>();
  readonly #side: SideDocuments;
  readonly #ready = new ReadyAnswers(() => performance.now());

  constructor(documents: Documents, openUpstream: OpenUpstream, now: () => number) {
    this.#now = now;
    this.#documents = documents;
    this.#side = new SideDocuments(documents);
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
      this.#ready.keep(upstream, key, request, this.#make(request, isZst, coding))
    );
  }

  async #make(request: ChannelRequest, isZst: boolean, coding: Coding): Promise<ChannelResponse> {
    const segments = isZst ? withoutZst(request.segments) : request.segments;
    // With its coding, which may take long: what came of policies that changed meanwhile is given to nobody.
    return await underCurrent(request, async (scope) => {
      const hasPolicies = scope.policies.length > 0;
      const found = await this.#find(request, segments);
      if (found === undefined) return notFound;
      const { index, isStale } = found;
      const key: TagKey = {
        channelId: request.channel.id,
        upstream: request.channel.upstream,
        document: segments.join('/'),
        representation: isZst ? 'zst' : 'json',
        version: index.document.digest,
      };
      const how = { isStale, isZst, coding };
      const { tags } = this.#documents;
      if (!hasPolicies) return await answerOf(request, index, how, (sent) => tags.of(key, sent));
      if (!hasRecords(segments)) {
        const side = await this.#side.of({
          channelId: request.channel.id,
          segments,
          scopeKey: scope.key,
          raw: index.document,
          servedOf: (subdir) => this.#served(request, subdir, scope),
        });
        if (side === undefined) return notFound;
        const form = { digest: side.document.digest, scope: scope.tag, changesAtMs: side.changesAtMs };
        const left = { document: side.document, lastModified: undefined, file: undefined };
        return await answerOf(request, left, how, (sent) => tags.of({ ...key, form }, sent));
      }
      const { document, changesAtMs } = await this.#form(request, segments, scope, index);
      const form = { digest: document.digest, scope: scope.tag, changesAtMs };
      // Without a date: a change of policies leaves the upstream's as it is, and would be taken for no change.
      const left = { document, lastModified: undefined, file: undefined };
      return await answerOf(request, left, how, (sent) => tags.of({ ...key, form }, sent));
    });
  }

  /**
   * Makes something of a subdir's index as this request may see it; again, where policies change meanwhile.
   * @returns undefined where there is none @throws UpstreamError, and what `make` throws
   */
  async ofServed<T>(
    request: ChannelRequest,
    make: (served: ServedIndex) => Promise<T>,
  ): Promise<T | undefined> {
    const [subdir = ''] = request.segments;
    return await underCurrent(request, async (scope) => {
      const served = await this.#served(request, subdir, scope);
      return served === undefined ? undefined : await make(served);
    });
  }

  async #served(
    request: ChannelRequest,
    subdir: string,
    scope: PolicyScope,
  ): Promise<ServedIndex | undefined> {
    const segments = [subdir, 'repodata.json'];
    const found = await this.#find(request, segments);
    if (found === undefined) return undefined;
    const { index, isStale } = found;
    const version = index.document.digest;
    const { id: channelId, upstream } = request.channel;
    const tagOf =
      (form?: TagKey['form']): ServedIndex['tagOf'] =>
      (name) => {
        const key = {
          channelId,
          upstream,
          document: `${subdir}/${name}`,
          representation: 'made',
          version,
          form,
        };
        return this.#documents.tags.of(key, 'identity');
      };
    const raw = { version, isStale, document: index.document };
    if (scope.policies.length === 0) {
      // Not kept: where no policy speaks nobody else needs the rows.
      const listed = async () => {
        const { rows } = await readRows(this.#asked(request), segments, index);
        return listedRows({ rows, isListed: () => true });
      };
      return { ...raw, scopeKey: '', changesAtMs: undefined, tagOf: tagOf(), listed };
    }
    const left = await this.#form(request, segments, scope, index);
    const { document, changesAtMs } = left;
    const form = { digest: document.digest, scope: scope.tag, changesAtMs };
    const listed = () => Promise.resolve(listedRows(left));
    return { ...raw, document, scopeKey: scope.key, changesAtMs, tagOf: tagOf(form), listed };
  }

  /** What policies say to a package's file. */
  async judge(request: ChannelRequest): Promise<JudgedFile> {
    const [subdir = '', filename = ''] = request.segments;
    const segments = [subdir, 'repodata.json'];
    const index = (await this.#find(request, segments))?.index;
    const asked = this.#asked(request);
    return await underCurrent(request, async (scope) => {
      const spoken = await judgeFile(asked, request.segments, scope, index);
      const facts = factsOfFilename(filename, { channelId: request.channel.id, subdir });
      if (facts === undefined) return { about: undefined, spoken };
      const about = { ecosystem: 'conda', name: facts.name, version: facts.version } as const;
      const isTaken = request.method === 'GET' && request.headers.range === undefined;
      if (index === undefined || !isTaken || isDenied(spoken)) return { about, spoken };
      const form = await this.#form(request, segments, scope, index);
      return { about, spoken, insteadOf: await newerHiddenRow(asked, subdir, form, about) };
    });
  }

  /** All files of a name in the subdir of a request. */
  async namesakes(request: ChannelRequest, name: string): Promise<readonly PackageFacts[]> {
    const [subdir = ''] = request.segments;
    const index = (await this.#find(request, [subdir, 'repodata.json']))?.index;
    return (await nameFacts(this.#asked(request), subdir, index, name)).facts;
  }

  /**
   * What all subdirs of a channel say about a package, by indexes that are not older than a minute.
   * @throws UpstreamError
   */
  async look(
    channel: ServedChannel,
    name: string,
    headers: IncomingHttpHeaders,
  ): Promise<readonly PackageFacts[]> {
    const asked = this.#asked({ channel });
    const found = await this.#everywhere({ channel, headers }, async (index, subdir) => {
      const { facts } = await nameFacts(asked, subdir, index, name);
      return facts;
    });
    return found.flat();
  }

  /** What policies deny in all subdirs of a channel. @throws UpstreamError */
  async denied(
    channel: ServedChannel,
    request: { readonly scope: PolicyScope },
    wanted: Pick<HiddenQuestion, 'name' | 'limit'>,
  ): Promise<readonly HiddenAnswer[]> {
    if (request.scope.policies.length === 0) return [];
    const asked = this.#asked({ channel });
    return await this.#everywhere({ channel, headers: {} }, (index, subdir) =>
      underCurrent(request, async (scope) => {
        const form = await this.#form({ channel }, [subdir, 'repodata.json'], scope, index);
        return await deniedRows(asked, subdir, form, wanted);
      }),
    );
  }

  async #everywhere<T>(
    request: Pick<ChannelRequest, 'channel' | 'headers'>,
    look: (index: CondaIndex, subdir: string) => Promise<T>,
  ): Promise<readonly T[]> {
    const subdirs = this.#subdirsOf(request.channel.upstream).all();
    const found = await Promise.all(
      subdirs.map(async (subdir) => {
        const index = (await this.#find(request, [subdir, 'repodata.json'], lookMaxAgeMs))?.index;
        return index === undefined ? [] : [await look(index, subdir)];
      }),
    );
    return found.flat();
  }

  #subdirsOf(upstream: BundleUpstream): Subdirs {
    let subdirs = this.#subdirs.get(upstream);
    if (subdirs === undefined) {
      subdirs = new Subdirs();
      this.#subdirs.set(upstream, subdirs);
    }
    return subdirs;
  }

  async #form(
    { channel }: Pick<ChannelRequest, 'channel'>,
    segments: readonly string[],
    scope: PolicyScope,
    index: CondaIndex,
  ): Promise<IndexForm> {
    const asked = this.#asked({ channel });
    const form = await formOf(asked, segments, scope, index);
    const [subdir = ''] = segments;
    this.#documents.book.made(channel.id, segments.join('/'), scope, form, {
      isAllowed: (filename) => isAllowedRow(form, filename),
      denied: async (limit) => await spokenVersions(asked, subdir, form, limit),
    });
    return form;
  }

  #asked({ channel }: Pick<ChannelRequest, 'channel'>): Asked {
    return { documents: this.#documents, channel, nowMs: this.#now() };
  }

  async #find(
    request: Pick<ChannelRequest, 'channel' | 'headers'>,
    segments: readonly string[],
    maxAgeMs = 0,
  ): Promise<{ readonly index: CondaIndex; readonly isStale: boolean } | undefined> {
    const { channel } = request;
    const { cache, health } = this.#documents;
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
        nowMs: this.#now(),
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
        isFolder ? -1 : maxAgeMs,
        fetch,
        (error) => health.bad(channel.id, path, error, true),
      );
      if (value === undefined) return undefined;
      const [subdir = ''] = segments;
      if (segments.length === 2) this.#subdirsOf(channel.upstream).learn(subdir);
      return { index: value, isStale };
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
  {
    document,
    lastModified,
    file,
  }: Pick<CondaIndex, 'document' | 'lastModified'> & {
    readonly file?: CondaIndex['file'] | undefined;
  },
  { isStale, isZst, coding }: { readonly isStale: boolean; readonly isZst: boolean; readonly coding: Coding },
  tagOf: (coding: string) => string,
): Promise<ChannelResponse> {
  const dated = lastModified === undefined ? {} : { 'last-modified': lastModified };
  if (isZst) {
    const response = await documentResponse(
      request,
      document,
      'zstd',
      tagOf,
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
      body: { type: 'file', ...file, etag: tagOf(`identity ${file.stamp}`) },
    };
  }
  return await documentResponse(request, document, coding, tagOf, isStale, {
    ...dated,
    'content-type': 'application/json',
    vary: 'Accept-Encoding',
  });
}
