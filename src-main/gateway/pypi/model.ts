/**
 * The one form in which this room knows an index page. What an upstream or a folder says is turned into it, and both
 * HTML and JSON are rendered from it: so they cannot say different things, and what is not in the model (provenance,
 * signatures, unknown fields, foreign links) cannot reach a client.
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

/** PEP 792. Absent means active. */
export type ProjectStatus = {
  readonly status: 'active' | 'archived' | 'quarantined' | 'deprecated';
  readonly reason?: string | undefined;
};

/** One instance per content: the renderer caches by identity. */
export type ProjectPage = {
  /** Normalised per PEP 503. */
  readonly name: string;
  readonly files: readonly ProjectFile[];
  readonly byFilename: ReadonlyMap<string, ProjectFile>;
  readonly status?: ProjectStatus | undefined;
};

/** Normalised names, sorted, without duplicates. One instance per content. */
export type ProjectList = { readonly names: readonly string[] };

/**
 * Makes a page. The first of two files with the same name stays (two would let two readers pick different ones);
 * a quarantined project offers no files (PEP 792).
 */
export function makeProjectPage(
  name: string,
  candidates: Iterable<ProjectFile>,
  status?: ProjectStatus,
): ProjectPage {
  const byFilename = new Map<string, ProjectFile>();
  if (status?.status !== 'quarantined') {
    for (const file of candidates) {
      if (!byFilename.has(file.filename)) byFilename.set(file.filename, file);
    }
  }
  return { name, files: [...byFilename.values()], byFilename, status };
}
