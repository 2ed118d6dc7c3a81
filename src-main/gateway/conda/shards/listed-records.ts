/** The records of a conda index that are served to somebody, by name. */
export interface ListedRecords {
  /** Names that have a record; lower case. */
  readonly names: readonly string[];
  /** `packages`, `packages.conda`, `v3/<extension>`. */
  readonly containers: readonly string[];
  /** Files that were taken out of the index. */
  readonly removed: readonly string[];
  /** Those of a name, in the order of the index. */
  rowsOf(name: number): readonly number[];
  /** In which of the containers it stands. */
  placeOf(row: number): number;
  /** As it stands there. */
  keyOf(row: number): Uint8Array;
  /** JSON. */
  recordOf(row: number): Uint8Array;
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
