/**
 * Facts about packages, compiled from all feeds: what the gateway and the app read. Invariant: one entry per matter, with
 * all its ids, so that the highest score of any counts; withdrawn records are not in it.
 */
import { z } from 'zod';
import { ecosystem } from '../../shared/model/packages.ts';
import type { AffectedPackage } from './advisory.ts';

export type CompiledAdvisory = {
  /** The id that most know it by: CVE, else GHSA, else PYSEC, else the database's own. */
  readonly id: string;
  /** All of them, sorted. */
  readonly ids: readonly string[];
  readonly isMalware: boolean;
  /** Highest CVSS base score of any of its records. */
  readonly score?: number | undefined;
  /** On a list of vulnerabilities that are known to be exploited. */
  readonly isExploited: boolean;
  /** 0 to 1. */
  readonly epss?: number | undefined;
  readonly publishedAtMs?: number | undefined;
  readonly summary: string;
  /** Names of the feeds that it comes from. */
  readonly feeds: readonly string[];
  readonly affected: readonly AffectedPackage[];
};

/** Another one is made anew from what is kept of the feeds. */
export const compiledFormat = 2;

/** The first line of a compiled file; each other line is a `CompiledAdvisory`. */
export const compiledHead = z.strictObject({
  format: z.literal(compiledFormat),
  /** Ecosystems about which there are advisories at all. */
  ecosystems: z.array(ecosystem),
  advisories: z.number().int(),
  /** Which lists of exploited vulnerabilities went into it. */
  lists: z.array(z.enum(['kev', 'epss'])),
  /** Advisories of some feed are missing, because what was kept of it is damaged. */
  isPartial: z.literal(true).optional(),
});

/** How many there are of an ecosystem, and how many say nothing about how bad they are. */
export const factsCount = z.object({
  ecosystem,
  advisories: z.number().int(),
  withoutScore: z.number().int(),
  malware: z.number().int(),
});
export type FactsCount = Readonly<z.infer<typeof factsCount>>;
export type CompiledHead = z.infer<typeof compiledHead>;

/** CVE before GHSA before PYSEC before the rest, then by the alphabet. */
export function bestKnownId(ids: readonly string[]): string {
  const rank = (id: string): number => {
    const at = ['MAL-', 'CVE-', 'GHSA-', 'PYSEC-'].findIndex((prefix) => id.startsWith(prefix));
    return at === -1 ? 4 : at;
  };
  return ids.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0] ?? '';
}
