/**
 * Facts about packages, compiled from all feeds: what the gateway and the app read. Invariant: one entry per advisory
 * with all its aliases, so that the highest severity of any counts; withdrawn ones are not in it.
 */
import { z } from 'zod';
import { ecosystem } from '../../shared/model/packages.ts';

/** A run of versions in the ecosystem's order: from `introduced` ('0': from the first) up to, not with, `fixed`. */
const range = z.strictObject({
  introduced: z.string(),
  fixed: z.string().optional(),
  /** The last that is affected, where no fixed one is named. */
  lastAffected: z.string().optional(),
});
export const affectedPackage = z.strictObject({
  ecosystem,
  /** Normalised. */
  name: z.string(),
  ranges: z.array(range),
  /** Named one by one; counts beside the ranges. */
  versions: z.array(z.string()),
});
export type AffectedPackage = z.infer<typeof affectedPackage>;

export const compiledAdvisory = z.strictObject({
  /** The id that most know it by: CVE, else GHSA, else PYSEC, else the database's own. */
  id: z.string(),
  /** All of them, sorted. */
  ids: z.array(z.string()),
  isMalware: z.boolean(),
  /** Highest CVSS base score of any alias. */
  score: z.number().optional(),
  /** On a list of vulnerabilities that are known to be exploited. */
  isExploited: z.boolean(),
  /** 0 to 1. */
  epss: z.number().optional(),
  publishedAtMs: z.number().optional(),
  modifiedAtMs: z.number().optional(),
  summary: z.string(),
  /** Feeds that it comes from. */
  feeds: z.array(z.string()),
  affected: z.array(affectedPackage),
});
export type CompiledAdvisory = z.infer<typeof compiledAdvisory>;

/** The first line of a compiled file. */
export const compiledHead = z.strictObject({
  format: z.literal(1),
  /** Of ecosystems about which there are advisories at all. */
  ecosystems: z.array(ecosystem),
  advisories: z.number().int(),
});
export type CompiledHead = z.infer<typeof compiledHead>;
