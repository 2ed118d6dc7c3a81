/**
 * Shards of one index as somebody may see it, and the index over them (CEP 16). Invariant: the index names exactly the
 * shards of the set, by the SHA-256 of their bytes.
 */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { knownRevision } from '../index-shape.ts';
import { MessagePackWriter } from './message-pack.ts';

export type Shard = {
  /** Of what it was made from, one character a byte. */
  readonly fingerprint: string;
  /** SHA-256 of its bytes. */
  readonly digest: Uint8Array;
  /** MessagePack in one zstd frame. */
  readonly bytes: Uint8Array;
};

export type ShardSet = {
  /** By the hexadecimal digest of their bytes. */
  readonly shards: ReadonlyMap<string, Shard>;
  /** MessagePack in one zstd frame. */
  readonly index: Uint8Array;
  /** Of the source. */
  readonly digest: string;
  readonly version: string;
  readonly changesAtMs: number | undefined;
};

export const hexOf = (digest: Uint8Array): string =>
  Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex');

/** Collects the shards of an index, name by name. */
export class ShardIndexBuilder {
  readonly shards = new Map<string, Shard>();
  readonly #entries = new MessagePackWriter();
  #names = 0;

  add(name: string, shard: Shard): void {
    this.shards.set(hexOf(shard.digest), shard);
    this.#entries.text(name);
    this.#entries.binary(shard.digest);
    this.#names += 1;
  }

  /** @param revisionRecords how many stand in the known revision; undefined where there is none */
  async build(subdir: string, revisionRecords: number | undefined): Promise<Uint8Array> {
    const out = new MessagePackWriter(1024);
    out.map(3);
    out.text('version');
    out.integer(1);
    out.text('info');
    out.map(revisionRecords === undefined ? 3 : 4);
    out.text('subdir');
    out.text(subdir);
    // Below the index: the gateway's own address, with whatever token the client put into it.
    out.text('base_url');
    out.text('./');
    out.text('shards_base_url');
    out.text('./shards/');
    if (revisionRecords !== undefined) {
      out.text('repodata_revisions');
      out.map(1);
      out.text(knownRevision);
      out.map(1);
      out.text('n_packages');
      out.integer(revisionRecords);
    }
    out.text('shards');
    out.map(this.#names);
    const whole = Buffer.concat([out.view(), this.#entries.view()]);
    return await promisify(zlib.zstdCompress)(whole);
  }
}
