/** Advisories as they are kept: what decides, and nothing that is only read. */
import type { Severity } from './severity.ts';
import type { Ecosystem } from './ecosystem.ts';

export type Advisory = {
  /** Of the database that wrote the record: `PYSEC-2021-335`, `GHSA-…`, `CVE-…`, `MAL-…`. */
  readonly id: string;
  /** Other ids of the same matter. */
  readonly aliases: readonly string[];
  /** A record that its author took back: it counts for nothing. */
  readonly withdrawnMs?: number;
  readonly modifiedMs?: number;
  readonly publishedMs?: number;
  /** The worst that the record says; missing for most (`unknown`). */
  readonly severity?: Severity;
  /** The highest CVSS base score that it says; where it has only a word, the lowest of that band. */
  readonly score?: number;
  /** One line. */
  readonly summary?: string;
  /** Malicious on purpose, not vulnerable by mistake. */
  readonly isMalware: boolean;
  readonly affected: readonly AffectedPackage[];
};

export type AffectedPackage = {
  readonly ecosystem: Ecosystem;
  /** Normalised as its ecosystem does. */
  readonly name: string;
  /** Each is affected, whatever the ranges say. */
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
};

/** In the order in which they are written; `0` is before every version. */
export type AffectedRange = readonly RangeEvent[];

export type RangeEvent =
  | { readonly type: 'introduced'; readonly version: string }
  | { readonly type: 'fixed'; readonly version: string }
  | { readonly type: 'lastAffected'; readonly version: string }
  | { readonly type: 'limit'; readonly version: string };
