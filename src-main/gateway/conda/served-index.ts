import type { StoredDocument } from '../documents/stored-document.ts';
import type { ListedRecords } from './shards/listed-records.ts';

/** A subdir's index as a request may see it. */
export type ServedIndex = {
  readonly document: StoredDocument;
  /** Of what the upstream has. */
  readonly version: string;
  readonly scopeKey: string;
  /** When time alone makes something else of it. */
  readonly changesAtMs: number | undefined;
  readonly isStale: boolean;
  /** Its records. */
  readonly listed: () => Promise<ListedRecords>;
  /** The ETag of something that is made of it alone. @param document its path below the subdir */
  readonly tagOf: (document: string) => string;
};
