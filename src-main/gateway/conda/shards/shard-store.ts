/**
 * Shards that were made, for all channels and policies together. Invariant: a set is made once however many wait for it;
 * memory is bounded, a shard that several sets have counts once, and the set that was least used goes first; who asks for a
 * shard by its digest gets it only from a set of what may be seen under the same policies.
 */
import type { KnownShards, MadeShards } from './make-shards.ts';
import type { ShardSource } from './listed-records.ts';
import type { Shard, ShardSet } from './shard-set.ts';

/** What an entry of a set takes beside the bytes of its shard. */
const entryBytes = 200;
/**
 * How long shards of the index that an upstream had before are given: a client reads the index and then, for seconds,
 * shards. The files are judged by what holds then.
 */
const keptMs = 600_000;

/** A set of somebody, with the one before it. */
type Kept = { readonly set: ShardSet; readonly before: ShardSet | undefined; readonly sinceMs: number };

export class ShardStore {
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** By owner and policies; the least used first. */
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Map<string, Promise<ShardSet>>();
  /** How many sets have it. */
  readonly #uses = new Map<Shard, number>();
  #bytes = 0;

  constructor(now: () => number, maxBytes: number) {
    this.#now = now;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The shards of a source; `make` is asked where they are not there.
   * @param owner channel and subdir: shards of other sets of its are not made again
   * @param scopeKey names the policies
   * @throws what `make` throws
   */
  async get(
    owner: string,
    scopeKey: string,
    source: ShardSource,
    make: (known: KnownShards, maxBytes: number) => Promise<MadeShards>,
  ): Promise<ShardSet> {
    const key = `${owner}\0${scopeKey}`;
    const kept = this.#kept.get(key);
    if (kept?.set.digest === source.digest) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.set;
    }
    const makingKey = `${key}\0${source.digest}`;
    let making = this.#making.get(makingKey);
    if (making === undefined) {
      making = this.#make(owner, key, source, make).finally(() => this.#making.delete(makingKey));
      this.#making.set(makingKey, making);
    }
    return await making;
  }

  /** One of the set's shards, or of the set that the same upstream had just before, under the same policies. */
  shard(owner: string, scopeKey: string, set: ShardSet, digest: string): Uint8Array | undefined {
    const now = set.shards.get(digest);
    if (now !== undefined) return now.bytes;
    const kept = this.#kept.get(`${owner}\0${scopeKey}`);
    if (kept?.before === undefined || kept.set !== set) return undefined;
    const nowMs = this.#now();
    const isOver = nowMs - kept.sinceMs > keptMs || nowMs >= (kept.before.changesAtMs ?? Infinity);
    return isOver ? undefined : kept.before.shards.get(digest)?.bytes;
  }

  async #make(
    owner: string,
    key: string,
    { digest, version, changesAtMs }: ShardSource,
    make: (known: KnownShards, maxBytes: number) => Promise<MadeShards>,
  ): Promise<ShardSet> {
    const { shards, index } = await make(this.#knownOf(owner), this.#maxBytes / 2);
    const set: ShardSet = { shards, index, digest, version, changesAtMs };
    const last = this.#kept.get(key);
    // Of the same upstream's document it was time that made another: what it took away is not given any more.
    const before = last === undefined || last.set.version === version ? undefined : last.set;
    this.#add(set);
    if (last !== undefined) {
      if (before === undefined) this.#remove(last.set);
      if (last.before !== undefined) this.#remove(last.before);
    }
    this.#kept.delete(key);
    this.#kept.set(key, { set, before, sinceMs: this.#now() });
    this.#thin();
    return set;
  }

  #knownOf(owner: string): KnownShards {
    const known = new Map<string, Shard>();
    for (const [key, { set }] of this.#kept)
      if (key.startsWith(`${owner}\0`))
        for (const shard of set.shards.values()) known.set(shard.fingerprint, shard);
    return known;
  }

  /** The newest set stays, however large: it was asked for. */
  #thin(): void {
    for (const [key, { set, before }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes || this.#kept.size === 1) return;
      this.#kept.delete(key);
      this.#remove(set);
      if (before !== undefined) this.#remove(before);
    }
  }

  #add({ shards, index }: ShardSet): void {
    this.#bytes += index.length + shards.size * entryBytes;
    for (const shard of shards.values()) {
      const uses = this.#uses.get(shard) ?? 0;
      if (uses === 0) this.#bytes += shard.bytes.length;
      this.#uses.set(shard, uses + 1);
    }
  }

  #remove({ shards, index }: ShardSet): void {
    this.#bytes -= index.length + shards.size * entryBytes;
    for (const shard of shards.values()) {
      const uses = (this.#uses.get(shard) ?? 0) - 1;
      if (uses > 0) this.#uses.set(shard, uses);
      else {
        this.#uses.delete(shard);
        this.#bytes -= shard.bytes.length;
      }
    }
  }
}
