/**
 * What the request log is asked, whoever keeps it: a database of closed segments, or the segments alone. Invariant: an
 * answer is the same from both, holds what stands in open segments too, and nothing personal: `place` says where the
 * sealed part of a row is. Where a question is answered by days, they are those of UTC, and a period counts whole ones.
 */
import type { RequestCause } from '../../../shared/model/gateway.ts';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import type { LogRow, LogRowKind } from '../log-row.ts';

/** Where a row stands, and so whose it was: that is sealed, and a number in a batch of a segment. */
export type RowPlace = {
  readonly segment: string;
  /** In the segment, from 0. */
  readonly row: number;
  readonly batch: number;
  readonly who: number;
};
export type PlainRow = Omit<LogRow, 'who'>;
export type StoredRow = PlainRow & { readonly place: RowPlace };

/** Milliseconds since the epoch; from the first on, up to before the second. */
export type Period = { readonly fromMs?: number; readonly toMs?: number };

export type PageOf = {
  /** 1 to 1000; 100 where it is left out. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
};
/** `next` is absent on the last one. */
export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/** A file by its hash, or those of a package or of one version, however it is spelled; all normalised. */
export type FileQuery =
  | { readonly sha256: string }
  | { readonly ecosystem: Ecosystem; readonly name: string; readonly version?: string };

export type RowFilter = Period & {
  readonly tokenId?: string;
  readonly teamId?: string;
  readonly environmentId?: string;
  readonly channelId?: string;
  readonly kind?: LogRowKind;
  readonly policyName?: string;
  readonly file?: FileQuery;
};

/** A file as rows name it; what a row did not say is ''. */
export type LoggedFile = {
  readonly ecosystem: Ecosystem | '';
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly sha256: string;
};
/** Who fetched; '' where there was none. */
export type Subject = {
  readonly tokenId: string;
  readonly environmentId: string;
  readonly teamId: string;
};
/** Whole downloads. */
export type Tally = {
  readonly count: number;
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
};

export type Holding = { readonly file: LoggedFile; readonly subject: Subject } & Tally;
export type InstalledFile = { readonly file: LoggedFile } & Tally;
export type InstalledWhere =
  { readonly environmentId: string } | { readonly teamId: string } | { readonly tokenId: string };

/** Refusals of one day by one rule; `policyName` is '' where no policy spoke. */
export type RefusalCount = {
  readonly dayMs: number;
  readonly policyName: string;
  readonly cause: RequestCause | '';
  readonly environmentId: string;
  readonly count: number;
  readonly lastMs: number;
};
export type RefusalFilter = Period & { readonly policyName?: string };

/** A program that used a token, and the project and job that it ran for; '' where it did not say. */
export type ClientUse = {
  readonly client: string;
  readonly ciProject: string;
  readonly ciJob: string;
  readonly requests: number;
  /** Of those. */
  readonly refused: number;
  readonly firstMs: number;
  readonly lastMs: number;
};
export type ClientFilter = Period & { readonly tokenId: string };

/** Requests that are counted only, in an hour or a day. */
export type IndexUse = {
  readonly fromMs: number;
  readonly allowed: number;
  readonly denied: number;
  readonly failed: number;
};
export type IndexUseFilter = Period & {
  readonly per: 'hour' | 'day';
  readonly tokenId?: string;
  readonly channelId?: string;
};

/** All that a token did. Counted requests are known by their hour, so `lastMs` may be up to an hour early. */
export type TokenUse = {
  readonly tokenId: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly downloads: number;
  readonly cut: number;
  readonly refusals: number;
  readonly indexRequests: number;
};

/** How much room the kept answers take. */
export type StoreSizes = {
  /** In the databases. */
  readonly rows: number;
  /** In segments that are in no database yet. */
  readonly besideRows: number;
  /** On the disk; segments are another's. */
  readonly rowsBytes: number;
  readonly rollupBytes: number;
  /** Days that something is known of, also where it is in no database yet. */
  readonly rowsDays: number;
  readonly rollupDays: number;
  /** About what days have added to the databases, or will, and which days those are, counted from the epoch. */
  readonly added: {
    readonly rowsBytes: number;
    readonly rowsOf: readonly number[];
    readonly rollupBytes: number;
    readonly rollupOf: readonly number[];
  };
};

export type Retention = {
  readonly rowsDays: number;
  readonly rollupDays: number;
  /** Rows before that go, too. */
  readonly rowsFromMs?: number;
};

export type IndexReport = {
  readonly segments: number;
  readonly rows: number;
  /** Databases that were damaged, and where they are now. */
  readonly setAside: readonly string[];
  /** All segments of which not all could be read so far, since this was opened; what could counts. */
  readonly damaged: readonly string[];
};

export type RowStore = {
  /**
   * Takes in closed segments that are not yet; those of other processes too. Safe to repeat, to kill, and side by side.
   * @param ended further segments to which nothing is added any more: their process is gone
   * @param unchecked of all closed ones, those that are looked at whether they are damaged, also where they are in already
   */
  index(ended?: readonly string[], unchecked?: readonly string[]): Promise<IndexReport>;
  /** Newest first. A token's activity is `{ tokenId }`. */
  rows(filter: RowFilter, page?: PageOf): Promise<Page<StoredRow>>;
  /** Who fetched it whole, the last one first; by days. */
  whoHas(file: FileQuery, period?: Period, page?: PageOf): Promise<Page<Holding>>;
  /** Files that were fetched whole, by ecosystem, name and version; by days. */
  installed(where: InstalledWhere, period?: Period, page?: PageOf): Promise<Page<InstalledFile>>;
  /** By day, the last one first, policy and rule. */
  refusals(filter?: RefusalFilter, page?: PageOf): Promise<Page<RefusalCount>>;
  /** Who sent a token's rows, the last one first. */
  clients(filter: ClientFilter, page?: PageOf): Promise<Page<ClientUse>>;
  /** The last ones first. Hours are kept as long as rows are. */
  indexUse(filter: IndexUseFilter, page?: PageOf): Promise<Page<IndexUse>>;
  /** By token; of some tokens where they are named. Goes on when rows are gone. */
  tokenUses(tokenIds?: readonly string[], page?: PageOf): Promise<Page<TokenUse>>;
  /** Rows that a gateway could not write, by days. */
  droppedRows(period?: Period): Promise<number>;
  sizes(): Promise<StoreSizes>;
  /** Forgets what is older. Segments are another's. */
  prune(retention: Retention, nowMs: number): Promise<void>;
  close(): void;
};
