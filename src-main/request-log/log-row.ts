/** What the request log says of one request. Plain data; no secret, and nothing personal but in `who`. */
import type { RequestCause } from '../../shared/model/gateway.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';

/** What became of it: a file that was sent whole, one that broke off, or a refusal. */
export type LogRowKind = 'download' | 'cut' | 'refusal';

/** From whom it came: kept sealed to the admins, and shorter than the rest. */
export type LogWho = {
  readonly address: string;
  /** Who runs the CI job, where the client says so. */
  readonly ciUser?: string;
};

/** What of it can still be opened. */
export type OpenedWho = Partial<LogWho>;

export type LogRow = {
  /** Milliseconds since the epoch, when it began. */
  readonly atMs: number;
  readonly kind: LogRowKind;
  /** Absent: no token of ours. */
  readonly tokenId?: string;
  readonly teamId?: string;
  readonly environmentId?: string;
  readonly channelId?: string;
  /** Of a file. */
  readonly ecosystem?: Ecosystem;
  /** Normalised. */
  readonly name?: string;
  readonly version?: string;
  readonly filename?: string;
  /** Lower-case hex, where the index or the cache knows it. */
  readonly sha256?: string;
  readonly bytes: number;
  readonly status: number;
  readonly cache?: 'hit' | 'miss' | 'fill';
  /** Why it was refused. */
  readonly cause?: RequestCause;
  readonly policyName?: string;
  readonly decisionId?: string;
  /** First product of the User-Agent, e.g. `pip/26.3`. */
  readonly client: string;
  readonly ciProject?: string;
  readonly ciJob?: string;
  readonly who: LogWho;
};

/** Requests that are counted and not told one by one: indexes, metadata and HEADs, per hour. */
export type LogCount = {
  /** Start of the hour, milliseconds since the epoch. */
  readonly hourMs: number;
  readonly tokenId?: string;
  readonly channelId?: string;
  readonly allowed: number;
  readonly denied: number;
  readonly failed: number;
};
