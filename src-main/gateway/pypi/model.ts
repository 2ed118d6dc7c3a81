/**
 * The one form in which this room knows a file of an index page. What an upstream or a folder says is turned into it,
 * and both HTML and JSON are rendered from it: so they cannot say different things, and what is not in the model
 * (provenance, signatures, unknown fields, foreign links) cannot reach a client.
 */

/** Algorithm (hashlib's name) → lower-case hex digest; only algorithms and lengths that hashes.ts knows. */
export type Hashes = Readonly<Record<string, string>>;

export type ProjectFile = {
  readonly filename: string;
  /** Normalised per PEP 440. */
  readonly version: string;
  /** Where the gateway gets it: a URL or a path. Never rendered. */
  readonly location: string;
  readonly hashes: Hashes;
  readonly requiresPython?: string | undefined;
  /** Whether `<file>.metadata` exists (PEP 658/714), with its hashes where they are known. */
  readonly coreMetadata: boolean | Hashes;
  readonly sizeBytes?: number | undefined;
  /** `yyyy-mm-ddThh:mm:ss[.ffffff]Z` (PEP 700). */
  readonly uploadTime?: string | undefined;
  /** A string is the reason (PEP 592). */
  readonly yanked: boolean | string;
};

export const projectStatuses = ['active', 'archived', 'quarantined', 'deprecated'] as const;

/** PEP 792. Absent means active. */
export type ProjectStatus = {
  readonly status: (typeof projectStatuses)[number];
  readonly reason?: string | undefined;
};
