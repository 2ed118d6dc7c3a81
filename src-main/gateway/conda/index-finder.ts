/** Where indexes of conda channels come from: what is kept, else a folder or an upstream. */
import { createHash } from 'node:crypto';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { Fetched, Validators } from '../documents/document-cache.ts';
import type { Documents } from '../documents/documents.ts';
import type { ChannelRequest, OpenUpstream } from '../types.ts';
import { UpstreamError } from '../types.ts';
import { BadFiles } from './bad-files.ts';
import type { CondaIndex, IndexRequest } from './conda-index.ts';
import { fetchFolderIndex } from './folder-index.ts';
import { Subdirs } from './subdirs.ts';
import { fetchUpstreamIndex, readKeptIndex } from './upstream-index.ts';

export class IndexFinder {
  readonly #documents: Documents;
  readonly #openUpstream: OpenUpstream;
  readonly #now: () => number;
  readonly #bad = new BadFiles();
  readonly #keys = new WeakMap<BundleUpstream, string>();
  readonly #subdirs = new WeakMap<BundleUpstream, Subdirs>();

  constructor(documents: Documents, openUpstream: OpenUpstream, now: () => number) {
    this.#documents = documents;
    this.#openUpstream = openUpstream;
    this.#now = now;
  }

  /** Those of which there was an index, and the usual ones. */
  subdirsOf(upstream: BundleUpstream): Subdirs {
    let subdirs = this.#subdirs.get(upstream);
    if (subdirs === undefined) {
      subdirs = new Subdirs();
      this.#subdirs.set(upstream, subdirs);
    }
    return subdirs;
  }

  /** @returns undefined where there is none @throws UpstreamError */
  async find(
    request: Pick<ChannelRequest, 'channel' | 'headers'>,
    segments: readonly string[],
    maxAgeMs = 0,
  ): Promise<{ readonly index: CondaIndex; readonly isStale: boolean } | undefined> {
    const { channel } = request;
    const { cache, health } = this.#documents;
    const name = this.#nameOf(channel.upstream, segments);
    const path = segments.join('/');
    const isFolder = channel.upstream.type === 'folder';
    const kept = this.#documents.kept.of(channel, path);
    const askedWith = (validators: Validators): IndexRequest => ({
      documents: this.#documents,
      channel,
      segments,
      validators,
      onGrow: cache.growerOf(channel.id, name),
      nowMs: this.#now(),
      kept,
    });
    const fetch = async (validators: Validators): Promise<Fetched<CondaIndex>> => {
      const asked = askedWith(validators);
      const fetched = isFolder
        ? await fetchFolderIndex(asked, this.#bad)
        : await fetchUpstreamIndex(asked, this.#openUpstream, request.headers['user-agent']);
      // What a channel for few platforms does not have, clients ask for all the same: also while it is away.
      // Of the usual ones: anybody can ask for any other, and each would be a file.
      const isAsked =
        segments.length === 1 ||
        this.subdirsOf(channel.upstream)
          .all()
          .includes(segments[0] ?? '');
      if (!isFolder && fetched.type === 'missing') await (isAsked ? kept.missing() : kept.gone());
      health.good(channel.id, path);
      if (fetched.type === 'value') health.dropped(channel.id, name, fetched.value.dropped);
      return fetched;
    };
    try {
      const { value, isStale } = await cache.get(
        channel.id,
        name,
        // Of a folder each look is a new one: answers that were just made are kept.
        isFolder ? -1 : maxAgeMs,
        fetch,
        (error) => health.bad(channel.id, path, error, true),
        isFolder
          ? undefined
          : kept.beside((response, validators) => readKeptIndex(askedWith({}), response, validators)),
      );
      if (value === undefined) return undefined;
      const [subdir = ''] = segments;
      if (segments.length === 2) this.subdirsOf(channel.upstream).learn(subdir);
      return { index: value, isStale };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      // A channel for few platforms: clients ask for all of theirs, and stop where one cannot be had.
      const isKnown = error.isAway && cache.wasMissing(channel.id, name);
      health.bad(channel.id, path, error, isKnown);
      if (isKnown) return undefined;
      throw error;
    }
  }

  /** It takes more memory than before. */
  grew({ id, upstream }: ChannelRequest['channel'], segments: readonly string[]): void {
    this.#documents.cache.growerOf(id, this.#nameOf(upstream, segments))();
  }

  /** What was read of it last, however old; undefined where nothing is kept. */
  lastGood({ id, upstream }: ChannelRequest['channel'], segments: readonly string[]): CondaIndex | undefined {
    return this.#documents.cache.peek<CondaIndex>(id, this.#nameOf(upstream, segments));
  }

  /** Whether there is one that needs no upstream: in memory, or kept over a restart. */
  async isAtHand(channel: ChannelRequest['channel'], segments: readonly string[]): Promise<boolean> {
    if (this.lastGood(channel, segments) !== undefined) return true;
    if (channel.upstream.type === 'folder') return false;
    return await this.#documents.kept.of(channel, segments.join('/')).isThere();
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
