/**
 * Sharded repodata (CEP 16) of a channel: always our own, made of what the same request gets as `repodata.json`, so that
 * both say the same whatever policies leave. Invariant: nothing of an upstream's shards is passed on; a shard is given only
 * to who may see all that is in it.
 */
import { staleHeader } from '../../documents/document-response.ts';
import type { Documents } from '../../documents/documents.ts';
import { hasZstd } from '../../documents/codings.ts';
import { DocumentError } from '../../documents/read-document.ts';
import { FairSlots } from '../../fair-slots.ts';
import type { ChannelRequest, ChannelResponse } from '../../types.ts';
import type { CondaIndexes } from '../index-documents.ts';
import type { ServedIndex } from '../served-index.ts';
import { notFound } from '../not-found.ts';
import { makeShards, NotShardedError } from './make-shards.ts';
import type { ShardSet } from './shard-set.ts';
import { texts } from '../../../../shared/texts/texts.ts';

/** Sets that are made at once: each holds all of its index. */
const turns = { total: 2, perOwner: 1, waiting: 128 };
/**
 * Of one channel: each takes seconds for a large index, and clients give up in a minute. Who comes when more teams ask at once
 * gets the whole index, which is there in no time.
 */
const maxWaitingSets = 4;
const contentType = 'application/zstd';
/** The index is not the one any more that this shard was of: whoever asks for it reads the new one. */
const gone: ChannelResponse = { ...notFound, reason: texts.refusals.channels.shardGone };

export class ShardDocuments {
  readonly #documents: Documents;
  readonly #indexes: CondaIndexes;
  readonly #turns = new FairSlots(turns);

  constructor(documents: Documents, indexes: CondaIndexes) {
    this.#documents = documents;
    this.#indexes = indexes;
  }

  /** The index over the shards; none while too many sets are to be made before it. @throws UpstreamError */
  async index(request: ChannelRequest): Promise<ChannelResponse> {
    const answer = await this.#of(request, maxWaitingSets, (set, served) => ({
      status: 200,
      headers: { 'content-type': contentType, ...(served.isStale ? staleHeader : {}) },
      body: { type: 'bytes', bytes: set.index, etag: served.tagOf('repodata_shards.msgpack.zst') },
    }));
    return answer ?? notFound;
  }

  /** One of them. @param digest of its bytes @throws UpstreamError */
  async shard(request: ChannelRequest, digest: string): Promise<ChannelResponse> {
    const owner = ownerOf(request);
    // Who has the index counts on its shards.
    const answer = await this.#of(request, Infinity, (set, { scopeKey }): ChannelResponse => {
      const bytes = this.#documents.shards.shard(owner, scopeKey, set, digest);
      if (bytes === undefined) return gone;
      return {
        status: 200,
        headers: { 'content-type': contentType },
        // A view: what the core remembers of an answer's bytes goes with it.
        body: { type: 'bytes', bytes: bytes.subarray(), etag: `"${digest}"` },
      };
    });
    return answer ?? notFound;
  }

  async #of(
    request: ChannelRequest,
    maxWaiting: number,
    answer: (set: ShardSet, served: ServedIndex) => ChannelResponse,
  ): Promise<ChannelResponse | undefined> {
    if (!hasZstd) return notFound;
    try {
      return await this.#indexes.ofServed(request, async (served) =>
        answer(await this.#set(request, maxWaiting, served), served),
      );
    } catch (error) {
      // The client asks for the whole index then.
      if (error instanceof NotShardedError) return notFound;
      if (error instanceof DocumentError && error.problem === 'too-large') return notFound;
      throw error;
    }
  }

  #set(
    request: ChannelRequest,
    maxWaiting: number,
    { document, version, scopeKey, changesAtMs, listed }: ServedIndex,
  ): Promise<ShardSet> {
    const { shards, threads } = this.#documents;
    const channelId = request.channel.id;
    const [subdir = ''] = request.segments;
    const source = { digest: document.digest, version, changesAtMs };
    return shards.get(ownerOf(request), scopeKey, source, async (known, maxBytes) => {
      if (this.#turns.waitingOf(channelId) >= maxWaiting) throw new NotShardedError();
      const giveBack = await this.#turns.take(channelId);
      const lane = threads.lane();
      lane.load += 1;
      try {
        return await makeShards(lane, await listed(), subdir, known, maxBytes);
      } finally {
        lane.load -= 1;
        giveBack();
      }
    });
  }
}

const ownerOf = ({ channel, segments }: ChannelRequest): string => `${channel.id}\0${segments[0] ?? ''}`;
