/** Containers of records in a shard, as paths in an index: the same numbers for all, as fingerprints are made of them. */
export const shardContainers = ['packages', 'packages.conda', 'v3/tar.bz2', 'v3/conda'] as const;

/** The records of a conda index that are served to somebody, by name. */
export interface ListedRecords {
  /** Names that have a record; lower case. */
  readonly names: readonly string[];
  /** Whether the index has the known revision. */
  readonly hasRevision: boolean;
  /** Files that were taken out of the index. */
  readonly removed: readonly string[];
  /** Those of a name, in the order of the index. */
  rowsOf(name: number): readonly number[];
  /** In which of `shardContainers` it stands. */
  placeOf(row: number): number;
  /** Of key and record, about. */
  sizeOf(row: number): number;
  /** Its key as it stands there, and its JSON. */
  partsOf(row: number): readonly [key: Uint8Array, record: Uint8Array];
}

/** What shards are made from. */
export type ShardSource = {
  /** Of all that is listed: the same digest, the same shards. */
  readonly digest: string;
  /** Of the upstream's document. */
  readonly version: string;
  /** When time alone makes something else of it. */
  readonly changesAtMs: number | undefined;
};
