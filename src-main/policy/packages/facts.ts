/**
 * What is known when a package is judged. Invariant: facts are what an index or a file says, knowledge is what curation
 * knows; both are handed in, and nothing here reads a clock, a disk or a network.
 */
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { CuratedStatus, Ecosystem } from '../../../shared/model/packages.ts';

/** What an index says about one file. */
export type PackageFacts = {
  readonly ecosystem: Ecosystem;
  readonly channelId: ChannelId;
  /** Normalised (PEP 503; CEP 26). */
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  /** `unlisted`: it stands in no index, so that there is nothing but the name. */
  readonly kind: 'conda' | 'wheel' | 'sdist' | 'unlisted';
  /** conda's build string. */
  readonly build?: string | undefined;
  readonly buildNumber?: number | undefined;
  /** conda's subdir, or the platform tags of a wheel, of which one is enough. */
  readonly platforms: readonly string[];
  /** As the package says it. */
  readonly license?: string | undefined;
  /** Nobody looked yet what it says about its licence: not the same as one that says nothing. */
  readonly isLicenseUnread?: true | undefined;
  /** By a clock that its author does not own. */
  readonly publishedAtMs?: number | undefined;
  /** A string is the reason (PEP 592). */
  readonly yanked?: boolean | string | undefined;
  readonly isRemoved?: boolean | undefined;
  /** The index has a record of it that cannot be relied on: it contradicts the file's name, or is none. */
  readonly isUnusable?: true | undefined;
  /** Of the project (PEP 792). */
  readonly projectStatus?: 'active' | 'archived' | 'quarantined' | 'deprecated' | undefined;
  /** The newest release of the project in the same index that is no pre-release, and when it came. */
  readonly newest?: { readonly version: string; readonly atMs?: number | undefined } | undefined;
};

/** An advisory that affects the version that was asked about, with all its aliases in one. */
export type AdvisoryFact = {
  /** The id that most know it by: CVE, GHSA, PYSEC, the database's own. */
  readonly id: string;
  /** All ids, itself included. */
  readonly ids: readonly string[];
  readonly isMalware: boolean;
  /** The highest CVSS base score of any alias. */
  readonly score?: number | undefined;
  readonly isExploited: boolean;
  /** 0 to 1. */
  readonly epss?: number | undefined;
  readonly publishedAtMs?: number | undefined;
  /** The lowest version after this one that is not affected. */
  readonly fixedIn?: string | undefined;
  readonly status?: CuratedStatus | undefined;
};

export type ExploitList = 'kev' | 'epss';

export type Affected = Pick<PackageFacts, 'ecosystem' | 'name' | 'version'>;

/** What curation knows. */
export interface Knowledge {
  /** Whether advisories for this ecosystem are there, and all of them; those that there are count in any case. */
  hasAdvisories(ecosystem: Ecosystem): boolean;
  /** Whether there is a list of what is exploited (CISA KEV), or of how likely that is (EPSS). */
  hasList(list: ExploitList): boolean;
  /** Those that affect this version; withdrawn ones are not among them. */
  advisories(what: Affected): readonly AdvisoryFact[];
  /** Of the package and of this version. */
  labels(what: Affected): readonly string[];
  /** Whether there are advisories or labels for anything of this name. */
  isAbout(ecosystem: Ecosystem, name: string): boolean;
  /** An SPDX expression for a name, of which a package may say several; undefined where the organization has none. */
  licenseExpression(text: string): string | undefined;
}
